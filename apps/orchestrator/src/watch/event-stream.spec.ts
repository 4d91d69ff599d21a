import { EXAMPLE_PAYMENT } from '../spec-kit/payment';
import type { PaymentEvent } from '#domain';
import { type EventSink, EventStream } from './event-stream';

function open(versions: number, unread = 0) {
  const events = Array.from({ length: versions }, (_, i) => eventOf(i + 1));
  const frames: string[] = [];
  const sink: EventSink = {
    write: (text) => (frames.push(text), unread),
    end: jest.fn(),
    destroy: jest.fn(),
  };
  const over = jest.fn();
  const now = { payment: at(versions, 'processing') };
  const journal = {
    events: (_: unknown, after: number, limit: number) => Promise.resolve(events.slice(after, after + limit)),
    read: () => Promise.resolve(now.payment),
  };
  const { payment } = now;
  const stream = new EventStream(payment, 0, journal, sink, { warn: jest.fn() }, over);
  const succeed = () => {
    events.push({ ...eventOf(events.length + 1), type: 'payment.succeeded', state: 'succeeded' });
    return (now.payment = at(events.length, 'succeeded'));
  };
  return { stream, frames, sink, over, payment, succeed };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};
const at = (version: number, state: 'processing' | 'succeeded') => ({
  ...EXAMPLE_PAYMENT,
  head: { ...EXAMPLE_PAYMENT.head, version, state },
});
const eventOf = (version: number): PaymentEvent => ({
  paymentId: EXAMPLE_PAYMENT.id,
  version,
  type: 'payment.processing',
  state: 'processing',
  leg: 1,
  channelId: EXAMPLE_PAYMENT.head.channelId,
  at: 0,
  data: null,
});

describe('an event stream', () => {
  it('sends each event once, in order, however often it is told of a change', async () => {
    const { stream, frames, sink, over, payment, succeed } = open(250);
    for (let i = 0; i < 5; i += 1) stream.changed(payment);
    await settled();
    stream.changed(succeed());
    await settled();
    const ids = frames.flatMap((frame) => /^id: (\d+)/.exec(frame)?.[1] ?? []).map(Number);
    expect(ids).toEqual(Array.from({ length: 251 }, (_, i) => i + 1));
    expect(frames.at(-1)).toBe('event: done\ndata: {}\n\n');
    expect(sink.end).toHaveBeenCalledTimes(1);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('never shows an event with a payment older than it', async () => {
    const { stream, frames, payment, succeed } = open(1);
    succeed(); // after the stream's payment was read, before its events are
    stream.changed(payment);
    await settled();
    expect(frames[1]).toMatch(/^id: 2\n.*\n.*"payment":\{[^]*"status":"succeeded"/);
    expect(frames.at(-1)).toBe('event: done\ndata: {}\n\n');
  });

  it('cuts off a reader that does not keep up, and writes to it no more', async () => {
    const { stream, frames, sink, over, payment } = open(3, 256 * 1_024 + 1);
    stream.changed(payment);
    await settled();
    stream.ping();
    expect(frames).toHaveLength(1);
    expect(sink.destroy).toHaveBeenCalledTimes(1);
    expect(over).toHaveBeenCalledTimes(1);
  });

  it('leaves with a hint when the process ends', () => {
    const { stream, frames, sink } = open(0);
    stream.leave(700);
    stream.leave(700);
    expect(frames).toEqual(['retry: 700\n\n']);
    expect(sink.end).toHaveBeenCalledTimes(1);
  });
});
