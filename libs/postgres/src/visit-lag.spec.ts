import fc from 'fast-check';
import { VisitLag } from './visit-lag';

/** Nothing was under way when it was looked at. */
const quiet = (seq: number) => ({ seq, xmin: seq, xmax: seq });

describe('how far fresh payments may be visited', () => {
  it('knows nothing before the lag has passed once', () => {
    const lag = new VisitLag(4_000);
    expect(lag.safeUpTo(quiet(10), 0)).toBeNull();
    expect(lag.safeUpTo(quiet(20), 3_999)).toBeNull();
    expect(lag.safeUpTo(quiet(30), 4_000)).toBe(10);
  });

  it('waits for a commit that a stalled disk holds back, longer than any statement takes', () => {
    const lag = new VisitLag(4_000);
    lag.safeUpTo({ seq: 10, xmin: 5, xmax: 8 }, 0);
    expect(lag.safeUpTo({ seq: 900, xmin: 5, xmax: 700 }, 20_000)).toBeNull();
    expect(lag.safeUpTo({ seq: 900, xmin: 8, xmax: 700 }, 21_000)).toBe(10);
  });

  it('does not let one forgotten transaction stop every follow-up', () => {
    const lag = new VisitLag(4_000);
    lag.safeUpTo({ seq: 10, xmin: 5, xmax: 8 }, 0);
    expect(lag.safeUpTo({ seq: 20, xmin: 5, xmax: 9 }, 60_000)).toBe(10);
  });

  it('never goes beyond a number that was visible a whole lag ago, and never back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(500), fc.nat(3_000), fc.nat(3)), { maxLength: 60 }), (steps) => {
        const lag = new VisitLag(1_000);
        const seen: { atMs: number; seq: number }[] = [];
        let [nowMs, seq, xmax, last] = [0, 0, 10, -1];
        for (const [accepted, passedMs, open] of steps) {
          nowMs += passedMs;
          seq += accepted;
          xmax += accepted;
          seen.push({ atMs: nowMs, seq });
          const safe = lag.safeUpTo({ seq, xmin: xmax - open, xmax }, nowMs);
          const oldEnough = seen.filter(({ atMs }) => nowMs - atMs >= 1_000).map((one) => one.seq);
          if (safe !== null) {
            expect(safe).toBeLessThanOrEqual(Math.max(...oldEnough, last));
            expect(safe).toBeGreaterThanOrEqual(last);
          }
          last = safe ?? last;
        }
      }),
    );
  });
});
