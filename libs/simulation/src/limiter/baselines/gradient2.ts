// Netflix concurrency-limits' Gradient2Limit behind its WindowedLimit, with their constants: windows of a second and at least ten
// samples, long mean of 600 windows (plain for the first ten), tolerance 1.5, queue 4, smoothing .2. Drops are ignored, as there;
// the cap of 200 is raised to the ceiling of the trial.
import type { TrialLimiter } from '../trial-limiter';

const LEAST = 20;
const SMOOTHING = 0.2;
const QUEUE = 4;
const TOLERANCE = 1.5;
const LONG_WINDOWS = 600;
const PLAIN_WINDOWS = 10;
const WINDOW_MS = 1_000;
const WINDOW_SAMPLES = 10;

interface Gradient2State {
  readonly limit: number;
  readonly longMs: number;
  readonly windows: number;
  readonly sumMs: number;
  readonly samples: number;
  readonly inFlightMost: number;
  readonly windowEndsMs: number;
}

export const GRADIENT2_LIMIT: TrialLimiter<Gradient2State> = {
  name: 'Gradient2',
  create: ({ nowMs }) => ({
    limit: LEAST,
    longMs: 0,
    windows: 0,
    sumMs: 0,
    samples: 0,
    inFlightMost: 0,
    windowEndsMs: nowMs + WINDOW_MS,
  }),
  step: (before, input) => {
    let { sumMs, samples } = before;
    for (const call of input.ended) {
      if (call.class !== 'worked' && call.class !== 'declined') continue;
      sumMs += call.endedMs - call.startedMs;
      samples += 1;
    }
    const inFlightMost = Math.max(before.inFlightMost, input.underWaySinceMs.length);
    const gathered = { ...before, sumMs, samples, inFlightMost };
    const done = input.nowMs >= before.windowEndsMs && samples >= WINDOW_SAMPLES;
    const state = done ? update(gathered, input.nowMs, input.ceiling) : gathered;
    return { state, limit: Math.floor(state.limit) };
  },
};

function update(state: Gradient2State, nowMs: number, ceiling: number): Gradient2State {
  const shortMs = state.sumMs / state.samples;
  const windows = state.windows + 1;
  const plain = windows <= PLAIN_WINDOWS;
  let longMs = state.longMs + (shortMs - state.longMs) * (plain ? 1 / windows : 2 / (LONG_WINDOWS + 1));
  if (longMs / shortMs > 2) longMs *= 0.95;
  const fresh = { longMs, windows, sumMs: 0, samples: 0, inFlightMost: 0, windowEndsMs: nowMs + WINDOW_MS };
  if (state.inFlightMost < state.limit / 2) return { ...fresh, limit: state.limit };
  const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * longMs) / shortMs));
  const wanted = state.limit * gradient + QUEUE;
  const limit = (1 - SMOOTHING) * state.limit + SMOOTHING * wanted;
  return { ...fresh, limit: Math.min(ceiling, Math.max(LEAST, limit)) };
}
