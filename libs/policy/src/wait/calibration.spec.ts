import type { WaitOutcome } from '../flow/words';
import { chance } from '../spec-kit/flow-world';
import { type Calibration, createCalibration, stepCalibration } from './calibration';
import { BIN_ENDS, PRIOR_CORRECTIONS, binOf, correctionOf, queueWaitMs } from './forecast';

const ROUND_TRIP_MS = 200;
const POINT_MS = 1_000;
const TICK_MS = 200;
/** The bin of 5 round trips. */
const BIN = binOf(POINT_MS, ROUND_TRIP_MS);

interface Turn {
  readonly actualMs: number;
  readonly censored?: boolean;
}

/** Ticks in which some payments turn out as the world says; they were told what held when they came. */
function learn(ticks: number, turns: (tick: number) => readonly Turn[], start = createCalibration(0)) {
  const random = chance(5);
  let state: Calibration = start;
  let covered = 0;
  let all = 0;
  for (let tick = 1; tick <= ticks; tick += 1) {
    const p90Ms = POINT_MS * correctionOf(POINT_MS, ROUND_TRIP_MS, state.corrections).p90;
    const outcomes = turns(tick).map(({ actualMs, censored = false }): WaitOutcome => {
      return { pointMs: POINT_MS, roundTripMs: ROUND_TRIP_MS, p90Ms, actualMs, censored };
    });
    if (tick > ticks / 4) {
      all += outcomes.length;
      covered += outcomes.filter((one) => !one.censored && one.actualMs <= one.p90Ms).length;
    }
    state = stepCalibration(state, outcomes, tick * TICK_MS, random);
  }
  return { state, coverage: covered / all, correction: state.corrections[BIN]! };
}

/** Lognormal about the point, by this factor. */
function spread(random: () => number, sigma: number, factor = 1): Turn {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return { actualMs: POINT_MS * factor * Math.exp(sigma * normal) };
}

describe('what forecasts were worth', () => {
  it('is a prior until enough is known, and after that what was seen: the median and the ninth decile', () => {
    expect(createCalibration(0).corrections).toEqual(PRIOR_CORRECTIONS);
    const random = chance(1);
    const { correction } = learn(600, () => [1, 2, 3].map(() => spread(random, 0.2, 1.5)));
    expect(correction.median).toBeCloseTo(1.5, 0);
    expect(correction.p90 / correction.median).toBeCloseTo(Math.exp(1.28 * 0.2), 1);
    expect(correction.upToRoundTrips).toBe(BIN_ENDS[BIN]);
  });

  it('covers nine of ten, also where all payments of one moment err alike and the world wanders', () => {
    const random = chance(2);
    let factor = 1;
    const { coverage } = learn(6_000, () => {
      factor *= Math.exp(0.05 * (random() - 0.5));
      factor = Math.min(2, Math.max(0.5, factor));
      return Array.from({ length: 40 }, () => spread(random, 0.05, factor));
    });
    expect(coverage).toBeGreaterThan(0.88);
    expect(coverage).toBeLessThan(0.92);
  });

  it('learns nothing false from payments that expired: they would have waited longer, not as long as they did', () => {
    const random = chance(3);
    const patienceMs = 1_200;
    const turns = () =>
      [1, 2, 3].map(() => {
        const { actualMs } = spread(random, 0.2, 1.15);
        return actualMs > patienceMs ? { actualMs: patienceMs, censored: true } : { actualMs };
      });
    expect(learn(600, turns).correction.median).toBeCloseTo(1.15, 1);
  });

  it('takes a payer who canceled early for neither kept nor broken', () => {
    const canceled = learn(300, () => [{ actualMs: 10, censored: true }]);
    expect(canceled.state.bins[BIN]!.level).toBe(0.9);
  });

  it('forgets within the minute, and keeps a bounded number of samples however many payments there are', () => {
    const random = chance(4);
    const slow = learn(300, () => Array.from({ length: 100 }, () => spread(random, 0.1, 3)));
    expect(slow.correction.median).toBeCloseTo(3, 0);
    expect(slow.state.bins[BIN]!.samples.length).toBeLessThanOrEqual(360);
    const later = learn(450, () => [spread(random, 0.1)], {
      ...slow.state,
      bins: slow.state.bins.map((bin) => ({
        ...bin,
        samples: bin.samples.map(([atMs, ...rest]) => [atMs - 60_000, ...rest] as const),
      })),
    });
    expect(later.correction.median).toBeCloseTo(1, 1);
    expect(later.state.bins[BIN]!.samples.length).toBeLessThanOrEqual(360);
  });

  it('is plain data: the same through JSON', () => {
    const random = chance(6);
    const { state } = learn(100, () => [spread(random, 0.3)]);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('a forecast’s point', () => {
  it('is who is ahead over what leaves, after the moment at which anything may leave', () => {
    expect(queueWaitMs({ ahead: 50, drainPerSecond: 100, opensInMs: 0 })).toBe(500);
    expect(queueWaitMs({ ahead: 50, drainPerSecond: 100, opensInMs: 4_000 })).toBe(4_500);
    expect(queueWaitMs({ ahead: -3, drainPerSecond: 100, opensInMs: 0 })).toBe(0);
    expect(queueWaitMs({ ahead: 1, drainPerSecond: 0, opensInMs: 0 })).toBe(Infinity);
  });

  it('belongs to the bin of its length in round trips', () => {
    expect([200, 251, 500, 900, 5_000].map((pointMs) => binOf(pointMs, 200))).toEqual([0, 1, 2, 3, 4]);
  });
});
