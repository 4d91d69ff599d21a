// The breaker of a library: opossum's defaults. Half of the last ten seconds' calls failed, of ten at least, and it opens for 30 s; then one
// call is tried, and its outcome decides alone.
import type { EndedCall } from '#policy';
import type { TrialLimiter } from '../../limiter';

const WINDOW_MS = 10_000;
const CALLS_LEAST = 10;
const FAILED_SHARE = 0.5;
const OPEN_MS = 30_000;

interface State {
  readonly inner: unknown;
  readonly window: readonly { readonly atMs: number; readonly failed: boolean }[];
  /** Open until then; null: closed. */
  readonly openUntilMs: number | null;
}

/** A limiter behind such a breaker. */
export function withBreaker(limiter: TrialLimiter): TrialLimiter<State> {
  return {
    name: `${limiter.name} + breaker`,
    create: (start) => ({ inner: limiter.create(start), window: [], openUntilMs: null }),
    step: (state, input, random) => {
      const { state: inner, limit } = limiter.step(state.inner, input, random);
      const { nowMs, ended } = input;
      if (state.openUntilMs !== null) {
        if (nowMs < state.openUntilMs) return { state: { ...state, inner }, limit: 0 };
        const [probe] = ended;
        if (probe === undefined) return { state: { ...state, inner }, limit: 1 };
        const openUntilMs = failed(probe) ? nowMs + OPEN_MS : null;
        return { state: { inner, window: [], openUntilMs }, limit: openUntilMs === null ? limit : 0 };
      }
      const window = [...state.window, ...ended.map((call) => ({ atMs: call.endedMs, failed: failed(call) }))].filter(
        ({ atMs }) => atMs > nowMs - WINDOW_MS,
      );
      const failures = window.filter((call) => call.failed).length;
      const opens = window.length >= CALLS_LEAST && failures >= FAILED_SHARE * window.length;
      if (opens) return { state: { inner, window: [], openUntilMs: nowMs + OPEN_MS }, limit: 0 };
      return { state: { inner, window, openUntilMs: null }, limit };
    },
  };
}

function failed({ class: kind }: EndedCall): boolean {
  return kind === 'busy' || kind === 'dropped' || kind === 'unreachable';
}
