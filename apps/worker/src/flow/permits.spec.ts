import type { ChannelEntry, ChannelRegistry } from '#dispatch';
import type { ChannelHold } from '#domain';
import type { FlowSnapshot, WorkerLease } from '#policy';
import { ICBC, entryOf, snapshotOf } from '../spec-kit/flow';
import { Permits } from './permits';

const lease = (pay: number, inquiry = 2, giving_back = 1): WorkerLease => ({
  inFlight: { pay, inquiry, giving_back },
  ratePerSecond: 100,
});
const saying = (workers: Record<string, WorkerLease>): FlowSnapshot =>
  snapshotOf([entryOf(ICBC, 200)], ['me'], () => ({ workers }));

function permitsOf(
  snapshot: FlowSnapshot | null,
  { ageMs = 0, entry = entryOf(ICBC, 200), journal = true, upMs = 60_000 } = {},
) {
  const channels = { get: () => entry, all: (): readonly ChannelEntry[] => [entry] } as unknown as ChannelRegistry;
  const channel = () => snapshot?.channels[0] ?? null;
  const flow = { channel, ageMs: () => ageMs };
  let nowMs = 0;
  const monotonicMs = () => nowMs;
  const permits = new Permits({ workerId: 'me', channels, flow, monotonicMs, journalAvailable: () => journal });
  nowMs = upMs;
  return permits;
}

describe('a worker’s permits', () => {
  it('are its lease', () => {
    const permits = permitsOf(saying({ me: lease(17), other: lease(30) }));
    expect(permits.of('pay', ICBC)).toBe(17);
    expect(permits.of('inquiry', ICBC)).toBe(2);
    expect(permits.givingBack()).toEqual([{ channelId: ICBC, permits: 1, timeoutMs: 3_000 }]);
  });

  it('never exceed the operator’s ceiling, whatever an older lease says', () => {
    expect(permitsOf(saying({ me: lease(90) }), { entry: entryOf(ICBC, 40) }).of('pay', ICBC)).toBe(40);
  });

  it('shrink while nobody is heard, and keep what is asked and given back', () => {
    const permits = permitsOf(saying({ me: lease(100, 5, 3) }), { ageMs: 60_000 });
    expect(permits.of('pay', ICBC)).toBe(75);
    expect(permits.of('inquiry', ICBC)).toBe(5);
  });

  it('of a newcomer are none while a controller speaks: the others have leases for the whole', () => {
    const others = saying({ other: lease(200) });
    expect(permitsOf(others, { ageMs: 200 }).of('pay', ICBC)).toBe(0);
    expect(permitsOf(null, { ageMs: Infinity, upMs: 4_900 }).of('pay', ICBC)).toBe(0);
    expect(permitsOf(others, { ageMs: 200 }).of('inquiry', ICBC)).toBe(4);
  });

  it('of a newcomer whom nobody speaks to are a tenth of the limit, and none where the limit is nothing', () => {
    expect(permitsOf(null, { ageMs: Infinity }).of('pay', ICBC)).toBe(20);
    expect(permitsOf(null, { ageMs: Infinity, entry: entryOf(ICBC, 3) }).of('pay', ICBC)).toBe(1);
    const shut = snapshotOf([entryOf(ICBC, 200, 'pause')], ['other']);
    expect(permitsOf(shut, { ageMs: 60_000 }).of('pay', ICBC)).toBe(0);
  });

  it.each<[ChannelHold, number, number]>([
    ['drain', 17, 2],
    ['pause', 0, 2],
    ['maintenance', 0, 2],
    ['isolate', 0, 2],
    ['kill', 0, 0],
  ])('under %s: %i payments, %i inquiries, at once and without the controller', (hold, payments, inquiries) => {
    const permits = permitsOf(saying({ me: lease(17) }), { entry: entryOf(ICBC, 200, hold) });
    expect(permits.of('pay', ICBC)).toBe(payments);
    expect(permits.of('inquiry', ICBC)).toBe(inquiries);
  });

  it('are none while the journal takes no dispatch', () => {
    expect(permitsOf(saying({ me: lease(17) }), { journal: false }).of('pay', ICBC)).toBe(0);
  });

  it('always leave one inquiry, for money is never left unasked for', () => {
    expect(permitsOf(saying({ me: lease(0, 0, 0) })).of('inquiry', ICBC)).toBe(1);
    expect(permitsOf(saying({ me: lease(0, 0, 0) })).of('pay', ICBC)).toBe(0);
  });
});
