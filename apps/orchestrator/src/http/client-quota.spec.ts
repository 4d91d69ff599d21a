import * as fc from 'fast-check';
import { ClientQuota } from './client-quota';

describe('a client’s quota', () => {
  it('is its own: one second’s worth at once, then its rate', () => {
    let nowMs = 0;
    const quota = new ClientQuota(10, () => nowMs);
    const taken = (key: string) =>
      Array.from({ length: 50 }, () => quota.take(key)).filter(({ admitted }) => admitted).length;
    expect(taken('a')).toBe(10);
    expect(taken('b')).toBe(10);
    expect(quota.take('a')).toEqual({ admitted: false, remaining: 0, retryAfterMs: 100 });
    nowMs = 500;
    expect(taken('a')).toBe(5);
  });

  it('says what is left, and when there is room again', () => {
    const quota = new ClientQuota(2_000, () => 0);
    expect(quota.headers(quota.take('a'))).toEqual({
      'RateLimit-Policy': '"client";q=2000;w=1',
      RateLimit: '"client";r=1999;t=1',
    });
  });

  it('never lets a key pass twice its quota in any second', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (gapsMs) => {
        let nowMs = 0;
        const quota = new ClientQuota(7, () => nowMs);
        const admitted: number[] = [];
        for (const gapMs of gapsMs) {
          nowMs += gapMs;
          if (quota.take('a').admitted) admitted.push(nowMs);
        }
        for (const from of admitted) {
          const inSecond = admitted.filter((atMs) => atMs >= from && atMs < from + 1_000).length;
          expect(inSecond).toBeLessThanOrEqual(14);
        }
      }),
    );
  });
});
