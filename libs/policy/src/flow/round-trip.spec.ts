import type { EndedCall } from '../limiter/limiter-state';
import { createRoundTrips, roundTripQuantile, stepRoundTrips } from './round-trip';

const calls = (lengths: readonly number[], kind: EndedCall['class'] = 'worked'): EndedCall[] =>
  lengths.map((length) => ({ startedMs: 0, endedMs: length, class: kind }));
const evenly = Array.from({ length: 200 }, (_, place) => 100 + place);

describe('the bank’s round trip', () => {
  it('is the guess before the first call', () => {
    expect(roundTripQuantile(createRoundTrips(300), 0.5)).toBe(300);
  });

  it('is off by no more than a bucket, a twelfth, at any quantile', () => {
    const trips = stepRoundTrips(createRoundTrips(300), 200, calls(evenly));
    for (const share of [0.1, 0.5, 0.9]) {
      expect(Math.abs(roundTripQuantile(trips, share) / (100 + 200 * share) - 1)).toBeLessThan(0.09);
    }
    expect(trips.meanMs).toBeCloseTo(199.5, 6);
  });

  it('follows a bank that became slower within some seconds, and remembers a slow channel for a minute', () => {
    let trips = stepRoundTrips(createRoundTrips(300), 200, calls(evenly));
    for (let tick = 0; tick < 50; tick += 1) trips = stepRoundTrips(trips, 200, calls([800, 800, 800, 800, 800]));
    expect(roundTripQuantile(trips, 0.5)).toBeGreaterThan(700);
    let quiet = stepRoundTrips(createRoundTrips(300), 200, calls([150, 150, 150]));
    for (let tick = 0; tick < 150; tick += 1) quiet = stepRoundTrips(quiet, 200, []);
    expect(roundTripQuantile(quiet, 0.5)).toBeLessThan(170);
  });

  it('of what payers wait for counts answers; what a slot is held for counts silence too, and our own refusals nowhere', () => {
    const ended = [...calls([100, 100]), ...calls([5_000, 5_000], 'dropped'), ...calls([1], 'ignored')];
    const trips = stepRoundTrips(createRoundTrips(300), 200, ended);
    expect(roundTripQuantile(trips, 0.9)).toBeLessThan(110);
    expect(trips.meanMs).toBeCloseTo(2_550, 6);
  });
});
