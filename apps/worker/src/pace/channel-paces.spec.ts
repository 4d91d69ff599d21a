import type { SendSlot } from '#dispatch';
import type { ChannelId } from '#domain';
import { RATE_WINDOW_MS } from '#policy';
import { ChannelPaces, type PaceShare, handsFor } from './channel-paces';

const ICBC = 'icbc.quickpay' as ChannelId;

describe('the gate before a bank', () => {
  let paces: ChannelPaces;
  let share: PaceShare;
  let permits: number;
  let woken: number;

  beforeEach(() => {
    jest.useFakeTimers();
    share = { ratePerSecond: 1_000, burst: 1_000 };
    permits = 3;
    woken = 0;
    paces = new ChannelPaces({
      shareOf: () => share,
      permitsOf: () => permits,
      roundTripMsOf: () => 1_000,
      monotonicMs: () => Date.now(),
      wake: () => void (woken += 1),
    });
  });
  afterEach(() => {
    paces.close();
    jest.useRealTimers();
  });

  /** Asks for slots; those that were given come back in the order of asking, `undefined`: it still waits. */
  function ask(count: number, withinMs = 1_800): (SendSlot | null | undefined)[] {
    const given: (SendSlot | null | undefined)[] = Array.from({ length: count });
    for (let n = 0; n < count; n += 1) void paces.slot(ICBC, withinMs).then((slot) => (given[n] = slot));
    return given;
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const counted = (given: readonly (SendSlot | null | undefined)[]) => given.filter((slot) => slot).length;

  it('lets as many to the bank as it has permits for, and each answer lets the next one go at once', async () => {
    const given = ask(5);
    await pass(0);
    expect(counted(given)).toBe(3);
    given[1]!.stamp();
    given[1]!.answered();
    await pass(0);
    expect(counted(given)).toBe(4);
    expect(woken).toBe(1);
    // Writing its outcome takes the journal's time, not the bank's.
    given[1]!.end();
    await pass(0);
    expect(counted(given)).toBe(4);
  });

  it('lets no more go in a second than the contract allows, in the order in which they came', async () => {
    [share, permits] = [{ ratePerSecond: 10, burst: 1 }, 100];
    const given = ask(30);
    for (let n = 0; n < 200; n += 1) {
      for (const slot of given) slot?.stamp();
      await pass(RATE_WINDOW_MS / 200 - 1e-9);
    }
    expect(counted(given)).toBeLessThanOrEqual(10);
    expect(counted(given)).toBeGreaterThanOrEqual(9);
    expect(given.findIndex((slot) => !slot)).toBe(counted(given));
  });

  it('does not count what was never written, and says no to whoever cannot be sent in time', async () => {
    [share, permits] = [{ ratePerSecond: 1, burst: 1 }, 100];
    const given = ask(2, 500);
    await pass(0);
    given[0]!.end();
    await pass(2);
    expect(given[1]).toBeTruthy();
    given[1]!.stamp();
    const late = ask(1, 500);
    await pass(600);
    expect(late[0]).toBeNull();
  });

  it('follows a cut and a closed channel at the very next payment', async () => {
    permits = 0;
    const given = ask(1);
    await pass(1_000);
    expect(given[0]).toBeUndefined();
    permits = 1;
    await pass(200);
    expect(given[0]).toBeTruthy();
    share = { ratePerSecond: 0, burst: 1 };
    const next = ask(1, 300);
    await pass(400);
    expect(next[0]).toBeNull();
  });

  it('takes jobs for what the bank can have now and soon, whatever is still being written', async () => {
    permits = 10;
    // A tenth of a round trip ahead: one of ten will have been answered.
    expect(paces.jobsFor(ICBC, 0)).toBe(11);
    const given = ask(10);
    await pass(0);
    // None was ready before its slot, so jobs are taken a little earlier from now on.
    expect(paces.jobsFor(ICBC, 10)).toBe(12);
    for (const slot of given) slot!.answered();
    expect(paces.jobsFor(ICBC, 10)).toBe(22);
    permits = 0;
    expect(paces.jobsFor(ICBC, 10)).toBe(0);
  });

  it('takes none that the contract has no room for soon, and asks again when it has', async () => {
    [share, permits] = [{ ratePerSecond: 5, burst: 2 }, 100];
    expect(paces.jobsFor(ICBC, 0)).toBe(2);
    const given = ask(2);
    await pass(0);
    for (const slot of given) slot!.stamp();
    expect(paces.jobsFor(ICBC, 2)).toBe(2);
    expect(woken).toBe(0);
    await pass(RATE_WINDOW_MS / 10);
    expect(woken).toBe(1);
    expect(paces.jobsFor(ICBC, 2)).toBe(3);
  });

  it('bounds what is in hand, also where the journal writes no outcome', async () => {
    permits = 2;
    let inHand = 0;
    const all: (SendSlot | null | undefined)[][] = [];
    for (let n = 0; n < 100; n += 1) {
      const more = paces.jobsFor(ICBC, inHand) - inHand;
      all.push(ask(more));
      inHand += more;
      await pass(0);
      for (const slot of all.flat()) slot?.answered();
    }
    expect(inHand).toBe(handsFor(2));
  });
});
