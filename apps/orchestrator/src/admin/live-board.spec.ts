import {
  type AdminChannelListResponse,
  type AdminChannelResponse,
  type LiveEventResponse,
  OPERATIONS,
} from '#contracts';
import type { EventSink } from '../watch/event-stream';
import { LiveBoard } from './live-board';

/** The documentation's own. */
const documented = OPERATIONS.find(({ id }) => id === 'listAdminChannels')!.answers[0]!.examples!['channels'];
const EXAMPLE_ADMIN_CHANNEL = (documented as AdminChannelListResponse).data[0]!;

interface Reader {
  readonly sink: EventSink;
  readonly events: { id: string; event: string; channels: readonly string[]; gone: readonly string[] }[];
  readonly text: () => string;
}

function reader(unread = 0): Reader {
  let text = '';
  const events: Reader['events'] = [];
  const sink: EventSink = {
    write(frame) {
      text += frame;
      const [, id, event, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)\n\n$/.exec(frame) ?? [];
      if (id !== undefined && event !== undefined && data !== undefined) {
        const { channels, gone } = JSON.parse(data) as LiveEventResponse;
        events.push({ id, event, channels: channels.map((channel) => channel.id), gone });
      }
      return unread;
    },
    end: jest.fn(),
    destroy: jest.fn(),
  };
  return { sink, events, text: () => text };
}

function world() {
  let channels: AdminChannelResponse[] = [channelOf('icbc.quickpay'), channelOf('ccb.quickpay')];
  const taken = jest.fn(() => Promise.resolve({ ...PICTURE, channels }));
  const board = new LiveBoard({ take: taken, boardId: 'b1', log: { error: jest.fn() } });
  return { board, taken, set: (next: AdminChannelResponse[]) => void (channels = next) };
}

const channelOf = (id: string, changes: Partial<AdminChannelResponse> = {}): AdminChannelResponse => ({
  ...EXAMPLE_ADMIN_CHANNEL,
  id,
  ...changes,
});
const BOTH = ['icbc.quickpay', 'ccb.quickpay'];

describe('the live board', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells whoever comes everything, and then only what changed, under rising ids', async () => {
    const { board, set } = world();
    const { events, sink } = reader();
    await board.open(sink, null);
    set([channelOf('icbc.quickpay', { enabled: false }), channelOf('ccb.quickpay')]);
    await board.tick();
    set([channelOf('icbc.quickpay', { enabled: false })]);
    await board.tick();
    await board.tick();
    expect(events).toEqual([
      { id: 'b1-1', event: 'snapshot', channels: BOTH, gone: [] },
      { id: 'b1-2', event: 'delta', channels: ['icbc.quickpay'], gone: [] },
      { id: 'b1-3', event: 'delta', channels: [], gone: ['ccb.quickpay'] },
      { id: 'b1-4', event: 'delta', channels: [], gone: [] },
    ]);
  });

  it('does not call it a change that time passes behind a closed breaker', async () => {
    const { board, set } = world();
    const { events, sink } = reader();
    await board.open(sink, null);
    const flow = EXAMPLE_ADMIN_CHANNEL.flow!;
    const later = { ...flow, breaker: { ...flow.breaker, for_ms: flow.breaker.for_ms + 1_000 } };
    set(BOTH.map((id) => channelOf(id, { flow: later })));
    await board.tick();
    expect(events.at(-1)).toMatchObject({ event: 'delta', channels: [] });
  });

  it('takes one picture for all who watch, and none while nobody does', async () => {
    const { board, taken } = world();
    const gone = [await board.open(reader().sink, null), await board.open(reader().sink, null)];
    expect(taken).toHaveBeenCalledTimes(1);
    await Promise.all([board.tick(), board.tick()]);
    expect(taken).toHaveBeenCalledTimes(2);
    gone.forEach((hangUp) => hangUp());
    expect(board.size).toBe(0);
  });

  it('gives whoever comes back what was missed, and everything where that is no longer kept', async () => {
    const { board, set } = world();
    await board.open(reader().sink, null);
    set([channelOf('icbc.quickpay', { enabled: false }), channelOf('ccb.quickpay')]);
    await board.tick();
    await board.tick();
    const back = reader();
    await board.open(back.sink, 'b1-1');
    expect(back.events.map(({ id, event }) => [id, event])).toEqual([
      ['b1-2', 'delta'],
      ['b1-3', 'delta'],
    ]);
    for (const lastEventId of ['b1-99', 'other-2', 'nonsense']) {
      const stranger = reader();
      await board.open(stranger.sink, lastEventId);
      expect(stranger.events.map(({ event }) => event)).toEqual(['snapshot']);
    }
    for (let n = 0; n < 70; n += 1) await board.tick();
    const late = reader();
    await board.open(late.sink, 'b1-3');
    expect(late.events).toMatchObject([{ id: 'b1-73', event: 'snapshot' }]);
  });

  it('cuts off a reader that is too slow, with a word, and writes to it no more', async () => {
    const { board } = world();
    const slow = reader(5 * 1_024 * 1_024);
    await board.open(slow.sink, null);
    expect(slow.text()).toMatch(/event: dropped\ndata: \{"code":"stream_too_slow"/);
    await board.tick();
    expect(slow.events).toHaveLength(1);
    expect(slow.sink.end).toHaveBeenCalledTimes(1);
    expect(slow.sink.destroy).not.toHaveBeenCalled();
    jest.advanceTimersByTime(2_000);
    expect(slow.sink.destroy).toHaveBeenCalledTimes(1);
  });

  it('sends its readers to another process when this one ends, and takes no new ones', async () => {
    const { board } = world();
    const { sink, text } = reader();
    await board.open(sink, null);
    board.leaveAll(() => 700);
    expect(text()).toMatch(/retry: 700\n\n$/);
    expect(sink.end).toHaveBeenCalledTimes(1);
    expect(board.hasRoom()).toBe(false);
  });
});

const PICTURE: LiveEventResponse = {
  object: 'live',
  at: '2026-11-10T16:00:37.000Z',
  channels: [],
  gone: [],
  controller: null,
  acknowledged: { version: 1, workers_acting: null, workers: null, processes: [] },
  orders: [],
  totals: {
    accepted_per_second: null,
    succeeded_per_second: null,
    failed_per_second: null,
    refused_per_second: null,
    backlog: null,
    in_flight: null,
  },
  alerts: { open_worklist: null },
};
