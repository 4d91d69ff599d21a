import * as fc from 'fast-check';
import { tightened } from '../lease/lease-after';
import { NO_RATE_SHARES, type RateShares, type RateWorker, stepRateShares } from './rate-shares';
import { RATE_WINDOW_MS, SlidingRate } from './sliding-rate';

const everything = (workerId: string, acknowledgedSeq = 0, heard = true): RateWorker => ({
  workerId,
  acknowledgedSeq,
  heard,
  wanted: Infinity,
});

describe('one contract rate over several workers', () => {
  it('is all of the one worker there is, and is divided evenly when another comes, who waits until the first has let go', () => {
    let state: RateShares = NO_RATE_SHARES;
    const step = (nowMs: number, seq: number, workers: readonly RateWorker[]) => {
      const stepped = stepRateShares(state, { nowMs, seq, ratePerSecond: 10, workers });
      state = stepped.state;
      return stepped.shares;
    };
    expect(step(0, 1, [everything('a')])).toEqual({ a: 10 });
    expect(step(200, 2, [everything('a', 1), everything('b')])).toEqual({ a: 5, b: 0 });
    expect(step(400, 3, [everything('a', 2), everything('b', 2)])).toEqual({ a: 5, b: 0 });
    expect(step(400 + RATE_WINDOW_MS, 4, [everything('a', 3), everything('b', 3)])).toEqual({ a: 5, b: 5 });
    // `a` ends in good order: what it sent last must leave the window first.
    expect(step(3_000, 5, [everything('b', 4)])).toEqual({ b: 5 });
    expect(step(3_000 + RATE_WINDOW_MS, 6, [everything('b', 5)])).toEqual({ b: 10 });
    expect(Object.keys(state.given)).toEqual(['b']);
  });

  it('draws in the share of a worker that has fallen silent only as fast as that worker lets go of it by itself', () => {
    let state: RateShares = NO_RATE_SHARES;
    const rateOfB = (nowMs: number, heardA: boolean): number => {
      const workers = [everything('a', 1, heardA), everything('b', Infinity)];
      const stepped = stepRateShares(state, { nowMs, seq: Math.ceil(nowMs) + 1, ratePerSecond: 100, workers });
      state = stepped.state;
      return stepped.shares.b!;
    };
    expect(rateOfB(0, true)).toBe(50);
    expect(rateOfB(10_000, false)).toBe(50);
    expect(rateOfB(90_000, false)).toBe(100 - tightened(50, 80_000 - 1_000 - RATE_WINDOW_MS));
    expect(rateOfB(16 * 60_000, false)).toBe(100);
  });

  it('leaves all as it is while nobody at all is heard: Redis is away, not the workers', () => {
    const workers = (heard: boolean) => [everything('a', 1, heard), everything('b', 1, heard)];
    const first = stepRateShares(NO_RATE_SHARES, { nowMs: 0, seq: 1, ratePerSecond: 10, workers: workers(true) });
    const deaf = stepRateShares(first.state, { nowMs: 90_000, seq: 400, ratePerSecond: 10, workers: workers(false) });
    expect(deaf.shares).toEqual({ a: 5, b: 5 });
  });

  it('does not move a share for little, nor all the time: what moves is idle until it has moved', () => {
    const wanting = (a: number, b: number) => [
      { ...everything('a', Infinity), wanted: a },
      { ...everything('b', Infinity), wanted: b },
    ];
    const at = (state: RateShares, seq: number, workers: readonly RateWorker[]) =>
      stepRateShares(state, { nowMs: seq * 200, seq, ratePerSecond: 100, workers });
    const first = at(NO_RATE_SHARES, 1, wanting(50, 50));
    expect(at(first.state, 2, wanting(30, 70)).shares).toEqual({ a: 50, b: 50 });
    expect(at(first.state, 40, wanting(44, 56)).shares).toEqual({ a: 50, b: 50 });
    expect(at(first.state, 40, wanting(30, 70)).shares).toEqual({ a: 30, b: 50 });
  });

  it('lets no second exceed the contract, whatever messages are late or lost and whoever comes, goes deaf or ends', () => {
    const aTick = fc.record({
      afterMs: fc.integer({ min: 50, max: 700 }),
      /** By worker: does it hear this snapshot, is it heard, is it there at all, how long does its next burst of sends last? */
      hears: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      heard: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      wanted: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 3 }),
      comes: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.array(aTick, { minLength: 1, maxLength: 60 }), (rate, ticks) => {
        let state: RateShares = NO_RATE_SHARES;
        let nowMs = 0;
        const ids = ['a', 'b', 'c'];
        const here = new Set<number>();
        const acts = ids.map(() => ({ seq: 0, share: 0, heardAtMs: 0, pace: new SlidingRate(0, 30) }));
        const sent: number[] = [];
        ticks.forEach(({ afterMs, comes, heard, hears, wanted }, tick) => {
          const seq = tick + 1;
          nowMs += afterMs;
          here.add(comes);
          const workers = [...here].map((who) => ({
            workerId: ids[who]!,
            acknowledgedSeq: acts[who]!.seq,
            heard: heard[who]!,
            wanted: wanted[who]!,
          }));
          const stepped = stepRateShares(state, { nowMs, seq, ratePerSecond: rate, workers });
          state = stepped.state;
          for (const who of here) {
            const act = acts[who]!;
            if (hears[who]) Object.assign(act, { seq, share: stepped.shares[ids[who]!]!, heardAtMs: nowMs });
            act.pace.setRate(tightened(act.share, nowMs - act.heardAtMs), 30);
            while (act.pace.reserve(nowMs)) {
              act.pace.stamp(nowMs);
              sent.push(nowMs);
            }
          }
        });
        for (const end of sent) {
          const within = sent.filter((time) => time <= end && time > end - RATE_WINDOW_MS);
          expect(within.length).toBeLessThanOrEqual(rate);
        }
      }),
    );
  });

  it('shares a limit on calls under way the same way, with no window: calls that have not ended still count', () => {
    const aTick = fc.record({
      hears: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      heard: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      ends: fc.array(fc.nat(20), { minLength: 3, maxLength: 3 }),
      wanted: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.array(aTick, { minLength: 1, maxLength: 60 }), (limit, ticks) => {
        let state: RateShares = NO_RATE_SHARES;
        const acts = ['a', 'b', 'c'].map((workerId) => ({ workerId, seq: 0, share: 0, underWay: 0, said: [0, 0] }));
        ticks.forEach(({ ends, heard, hears, wanted }, tick) => {
          acts.forEach((act, who) => {
            act.underWay = Math.max(0, act.underWay - ends[who]!);
            if (heard[who]) act.said = [act.seq, act.underWay];
          });
          const workers = acts.map(({ said, workerId }, who) => ({
            workerId,
            acknowledgedSeq: said[0]!,
            inUse: said[1]!,
            heard: heard[who]!,
            wanted: wanted[who]!,
          }));
          const input = { nowMs: tick * 200, seq: tick + 1, ratePerSecond: limit, windowMs: 0, workers };
          const stepped = stepRateShares(state, input);
          state = stepped.state;
          acts.forEach((act, who) => {
            if (hears[who]) Object.assign(act, { seq: tick + 1, share: stepped.shares[act.workerId]! });
            act.underWay = Math.max(act.underWay, act.share);
          });
          expect(acts.reduce((sum, { underWay }) => sum + underWay, 0)).toBeLessThanOrEqual(limit);
        });
      }),
    );
  });
});
