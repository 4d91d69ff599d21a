import * as fc from 'fast-check';
import { RATE_MARGIN_MS, RATE_WINDOW_MS, SlidingRate } from './sliding-rate';

/** The most sends in any stretch of `lengthMs`, wherever it begins. */
function mostWithin(times: readonly number[], lengthMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  let from = 0;
  sorted.forEach((time, place) => {
    while (sorted[from]! <= time - lengthMs) from += 1;
    most = Math.max(most, place - from + 1);
  });
  return most;
}

describe('the contract rate in any sliding second', () => {
  it('is never exceeded, whatever is asked when, however long a send takes to leave, and while the rate changes', () => {
    const aStep = fc.record({
      waitMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true }), fc.integer({ min: 0, max: 1_500 })),
      asks: fc.integer({ min: 0, max: 12 }),
      stamps: fc.integer({ min: 0, max: 12 }),
      releases: fc.integer({ min: 0, max: 2 }),
      rate: fc.option(fc.integer({ min: 0, max: 10 }), { freq: 20 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(aStep, { maxLength: 120 }),
        (first, burst, steps) => {
          const pace = new SlidingRate(first, burst);
          let highest = first;
          let nowMs = 0;
          let reserved = 0;
          const sent: number[] = [];
          for (const { asks, rate, releases, stamps, waitMs } of steps) {
            nowMs += waitMs;
            if (rate !== null) {
              pace.setRate(rate, burst);
              highest = Math.max(highest, rate);
            }
            for (let n = 0; n < asks; n += 1) if (pace.reserve(nowMs)) reserved += 1;
            for (let n = 0; n < releases && reserved > 0; n += 1, reserved -= 1) pace.release();
            for (let n = 0; n < stamps && reserved > 0; n += 1, reserved -= 1) {
              pace.stamp(nowMs);
              sent.push(nowMs);
            }
          }
          expect(mostWithin(sent, RATE_WINDOW_MS)).toBeLessThanOrEqual(highest);
        },
      ),
    );
  });

  it('holds as the bank sees it, when each request is up to the margin later than another', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.double({ min: 0, max: RATE_MARGIN_MS - 1e-6, noNaN: true }), { minLength: 200, maxLength: 200 }),
        (rate, lateness) => {
          const pace = new SlidingRate(rate, rate);
          const received = lateness.map((lateMs, place) => {
            const sentMs = sendNext(pace, place === 0 ? 0 : null);
            return sentMs + lateMs;
          });
          expect(mostWithin(received, 1_000)).toBeLessThanOrEqual(rate);
        },
      ),
    );
  });

  /** Sends as early as it may; each pace has its own clock. */
  const clocks = new WeakMap<SlidingRate, number>();
  function sendNext(pace: SlidingRate, startMs: number | null): number {
    let nowMs = startMs ?? clocks.get(pace) ?? 0;
    for (let tries = 0; tries < 4 && !pace.reserve(nowMs); tries += 1) nowMs += pace.nextInMs(nowMs) + 1e-6;
    pace.stamp(nowMs);
    clocks.set(pace, nowMs);
    return nowMs;
  }

  it('uses at least 95 % of the contract while three times as much is asked, also where timers ring a few milliseconds late', () => {
    for (const [rate, burst] of [
      [5, 1],
      [40, 1],
      [100, 10],
      [700, 70],
      [3_000, 1],
    ] as const) {
      const pace = new SlidingRate(rate, burst);
      let sent = 0;
      let nowMs = 0;
      let turn = 0;
      while (nowMs < 60_000) {
        while (pace.reserve(nowMs)) {
          pace.stamp(nowMs);
          sent += 1;
        }
        turn += 1;
        nowMs += Math.max(1, pace.nextInMs(nowMs)) + (turn % 4);
      }
      expect(sent / (rate * 60)).toBeGreaterThanOrEqual(0.95);
      expect(sent / (rate * 60)).toBeLessThanOrEqual(1.01);
    }
  });

  it('lets the burst come at once and no more, then keeps an even pace', () => {
    const pace = new SlidingRate(20, 5);
    const atOnce = Array.from({ length: 20 }, () => pace.reserve(0)).filter(Boolean);
    expect(atOnce).toHaveLength(5);
    expect(pace.nextInMs(0)).toBeCloseTo(RATE_WINDOW_MS / 20);
  });

  it('counts a slot that was reserved and not yet used as sent, and gives it back when it is released', () => {
    const pace = new SlidingRate(1, 1);
    expect(pace.reserve(0)).toBe(true);
    expect([pace.reserve(5_000), pace.nextInMs(5_000)]).toEqual([false, Infinity]);
    pace.release();
    expect(pace.reserve(5_000)).toBe(true);
  });

  it('says how many will have room a moment ahead, so that jobs can be taken in time', () => {
    const pace = new SlidingRate(2, 2);
    for (const atMs of [0, 500]) if (pace.reserve(atMs)) pace.stamp(atMs);
    expect([1_029, 1_030, 1_530].map((atMs) => pace.roomBy(atMs, 600))).toEqual([0, 1, 2]);
  });

  it('sends nothing at a rate of nothing', () => {
    const pace = new SlidingRate(0, 5);
    expect([pace.reserve(0), pace.nextInMs(0), pace.roomBy(9_999, 0)]).toEqual([false, Infinity, 0]);
  });
});
