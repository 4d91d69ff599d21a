/** The command centre watches: channels with the controller's word beside the operator's, and the live stream over a real socket. */
import type { AdminChannelResponse, LiveEventResponse } from '#contracts';
import { TEST_CHANNEL, type TestDatabase, type TestRedis, createTestJournal, createTestRedis } from '#testing';
import { type SpecApi, ask, startApi } from '../spec-kit/api';
import { SLOW, SaidFlow } from '../spec-kit/flow';

const OPERATOR = 'op_sandbox_test';

let database: TestDatabase;
let redis: TestRedis;
let api: SpecApi;
let flow: SaidFlow;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestJournal(), createTestRedis()]);
  flow = new SaidFlow();
  api = await startApi(database.url, redis.url, { flow: flow.door });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

/** The controller says how `icbc.quickpay` is and that it has heard of two workers. @param versions of limits and orders that they act on */
function say(versions: readonly [number, number], said = SLOW): void {
  flow.say({ [TEST_CHANNEL]: said });
  const hands = versions.map((registryVersion, index) => ({
    id: `worker-${index + 1}`,
    kind: 'worker' as const,
    silentMs: 90,
    snapshotSeq: 7,
    registryVersion,
  }));
  const { seq, ...rest } = flow.door.newest()!;
  flow.door.hear({ ...rest, seq: seq + 0.5, hands }, 0);
}

const read = (path: string) => ask(`${api.url}${path}`, { key: OPERATOR });
const isolate = (hold: string) =>
  ask(`${api.url}/v1/admin/orders`, {
    method: 'POST',
    key: OPERATOR,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ target: TEST_CHANNEL, hold, reason: 'a test' }),
  });

interface LiveReader {
  /** The next event, in order; gives up after 10 s. */
  next(): Promise<{ id: string; event: string; data: LiveEventResponse }>;
  /** The first event in which something is so. */
  until(isSo: (data: LiveEventResponse) => boolean): Promise<LiveEventResponse>;
  close(): void;
}

async function follow(lastEventId: string | null = null): Promise<LiveReader> {
  const closing = new AbortController();
  const headers = {
    Authorization: `Bearer ${OPERATOR}`,
    ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }),
  };
  const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(10_000)]);
  const { body, status, headers: got } = await fetch(`${api.url}/v1/admin/live`, { headers, signal });
  expect([status, got.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const chunks = body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = '';
  const next: LiveReader['next'] = async () => {
    for (;;) {
      const [whole, id, event, data] = /^(?:retry: \d+\n\n)?id: (.*)\nevent: (.*)\ndata: (.*)\n\n/.exec(text) ?? [];
      if (whole !== undefined) {
        text = text.slice(whole.length);
        return { id: id!, event: event!, data: JSON.parse(data!) as LiveEventResponse };
      }
      const { done, value } = await chunks.next();
      if (done) throw new Error('The stream has ended.');
      text += value;
    }
  };
  return {
    next,
    async until(isSo) {
      for (;;) {
        const { data } = await next();
        if (isSo(data)) return data;
      }
    },
    close: () => closing.abort(),
  };
}
const icbcOf = ({ channels }: LiveEventResponse): AdminChannelResponse | undefined =>
  channels.find(({ id }) => id === TEST_CHANNEL);

it('shows beside each other what was set, what was found and what holds, and why', async () => {
  say([1_000, 1_000]);
  const channel = await read(`/v1/admin/channels/${TEST_CHANNEL}`);
  expect(channel).toMatchObject({
    status: 200,
    json: {
      object: 'admin_channel',
      contract: { in_flight_max: 10 },
      limits: { revision: 1, cause: 'set', by: 'seed', until: null, values: { in_flight_max: 10 } },
      order: null,
      announced: null,
      flow: {
        level: 'congested',
        limits: { pay: { configured: 50, adaptive: 50, effective: 50, reason: { code: 'limit_tracked' } } },
        backlog: 100,
        eta_ms: { p50: expect.any(Number) as number },
        breaker: { state: 'closed', reason: { code: 'breaker_closed' } },
      },
      controller: { id: 'spec', term: 1 },
      acknowledged: { workers: 2, workers_acting: 2 },
    },
  });
  const list = await read('/v1/admin/channels');
  expect((list.json['data'] as { id: string }[]).map(({ id }) => id)).toEqual(['ccb.quickpay', TEST_CHANNEL]);
  expect((await read('/v1/admin/channels/nobody.quickpay')).status).toBe(404);
  expect((await ask(`${api.url}/v1/admin/channels`)).status).toBe(403);
});

it('says how many workers act on a change, and which do not', async () => {
  const before = (await read('/v1/admin/channels')).json['acknowledged'] as { version: number };
  say([before.version, before.version]);
  const given = await isolate('drain');
  const { version } = given.json['acknowledged'] as { version: number };
  expect(version).toBeGreaterThan(before.version);
  expect(given.json).toMatchObject({ acknowledged: { workers: 2, workers_acting: 0 } });
  say([version, version - 1]);
  expect((await read('/v1/admin/channels')).json).toMatchObject({
    acknowledged: {
      workers: 2,
      workers_acting: 1,
      processes: [
        { id: 'worker-1', acts: true },
        { id: 'worker-2', acts: false },
      ],
    },
  });
});

it('waits with the answer to a change until the workers say that they act on it', async () => {
  const { version } = (await read('/v1/admin/channels')).json['acknowledged'] as { version: number };
  say([version, version]);
  const giving = isolate('pause');
  // As workers do, once they have read it.
  for (let seen = version; seen === version;) {
    seen = ((await read('/v1/admin/channels')).json['acknowledged'] as { version: number }).version;
  }
  say([version + 1, version + 1]);
  expect((await giving).json).toMatchObject({ acknowledged: { version: version + 1, workers: 2, workers_acting: 2 } });
});

it('tells a console everything at once, and then what changes, over one connection', async () => {
  const live = await follow();
  const first = await live.next();
  expect(first).toMatchObject({ event: 'snapshot', data: { object: 'live', gone: [], alerts: { open_worklist: {} } } });
  expect(first.data.channels.map(({ id }) => id)).toEqual(['ccb.quickpay', TEST_CHANNEL]);
  await isolate('isolate');
  const seen = await live.until((data) => icbcOf(data)?.order?.hold === 'isolate');
  expect(seen.channels.map(({ id }) => id)).toEqual([TEST_CHANNEL]);
  expect(seen.orders).toMatchObject([{ hold: 'isolate', by: 'Operator' }, { hold: 'pause' }, { hold: 'drain' }]);
  say([0, 0], { ...SLOW, backlog: 7 });
  const busier = await live.until((data) => icbcOf(data)?.flow?.backlog === 7);
  expect(busier.totals).toMatchObject({ backlog: 7, accepted_per_second: expect.any(Number) as number });
  live.close();
});

it('goes on where a console lost its line', async () => {
  const live = await follow();
  const { id } = await live.next();
  await live.next();
  const back = await follow(id);
  expect(await back.next()).toMatchObject({ event: 'delta' });
  live.close();
  back.close();
});

it('is for operators only', async () => {
  expect((await ask(`${api.url}/v1/admin/live`)).status).toBe(403);
  expect((await ask(`${api.url}/v1/admin/live`, { key: null })).status).toBe(401);
});
