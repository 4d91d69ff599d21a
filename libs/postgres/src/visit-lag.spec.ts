import fc from 'fast-check';
import { VisitLag } from './visit-lag';

describe('how far fresh payments may be visited', () => {
  it('knows nothing before the lag has passed once', () => {
    const lag = new VisitLag(4_000);
    expect(lag.safeUpTo(10, 0)).toBeNull();
    expect(lag.safeUpTo(20, 3_999)).toBeNull();
    expect(lag.safeUpTo(30, 4_000)).toBe(10);
  });

  it('never goes beyond a number that was visible a whole lag ago, and never back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(500), fc.nat(3_000)), { maxLength: 60 }), (steps) => {
        const lag = new VisitLag(1_000);
        const seen: { atMs: number; seq: number }[] = [];
        let nowMs = 0;
        let seq = 0;
        let last = -1;
        for (const [accepted, passedMs] of steps) {
          nowMs += passedMs;
          seq += accepted;
          seen.push({ atMs: nowMs, seq });
          const safe = lag.safeUpTo(seq, nowMs);
          const oldEnough = seen.filter(({ atMs }) => nowMs - atMs >= 1_000).map((one) => one.seq);
          if (safe === null) expect(oldEnough).toEqual([]);
          else expect(safe).toBeLessThanOrEqual(Math.max(...oldEnough));
          if (safe !== null) expect(safe).toBeGreaterThanOrEqual(last);
          last = safe ?? last;
        }
      }),
    );
  });
});
