// What can be tried on a bank? Anything that is stepped like the product's limiter: what it heard since the last
// step in, the calls that may be under way out. Its state is its own business, but it must be data.
import {
  ALL_SIGNALS,
  createLimiter,
  stepLimiter,
  type LimiterInput,
  type LimiterSignals,
  type LimiterState,
} from '#policy';
import type { Random } from '../prng';

export interface TrialLimiter<State = unknown> {
  readonly name: string;
  create(start: { initial: number; nowMs: number }): State;
  step(state: State, input: LimiterInput, random: Random): { readonly state: State; readonly limit: number };
}

/** The product's limiter, whole or without one of its signals. */
export function sluiceLimiter(signals: Partial<LimiterSignals> = {}): TrialLimiter<LimiterState> {
  const used = { ...ALL_SIGNALS, ...signals };
  const off = Object.entries(used).flatMap(([name, on]) => (on ? [] : [name]));
  return {
    name: off.length === 0 ? 'sluice' : `sluice without ${off.join(', ')}`,
    create: createLimiter,
    step: (state, input, random) => stepLimiter(state, input, random, used),
  };
}
