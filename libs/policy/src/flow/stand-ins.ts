/** Until the breaker stands beside this folder: one that is always closed. */
import type { ChannelHold } from '#domain';
import type { EndedCall } from '../limiter/limiter-state';
import type { BreakerView } from './words';

export interface BreakerState {
  readonly sinceMs: number;
}

export function createBreaker(nowMs: number): BreakerState {
  return { sinceMs: nowMs };
}

export interface BreakerInput {
  readonly nowMs: number;
  readonly ended: readonly EndedCall[];
  readonly underWay: number;
  readonly hold: ChannelHold | null;
}

export function stepBreaker(
  state: BreakerState,
  input: BreakerInput,
  _random: () => number,
): { state: BreakerState; view: BreakerView; permits: number | null } {
  const reason = { code: 'breaker_closed' };
  return {
    state,
    view: { state: 'closed', forMs: input.nowMs - state.sinceMs, reopensInMs: null, reason },
    permits: null,
  };
}
