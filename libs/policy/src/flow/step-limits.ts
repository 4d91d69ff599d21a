/** What may be under way: breaker, limiter, unknowns and the operator's word, put together into one limit for each kind of call. */
import { type ChannelHold, HOLD_EFFECTS } from '#domain';
import { type BreakerState, stepBreaker } from '../breaker/breaker';
import { type LimiterState, stepLimiter } from '../limiter/limiter';
import type { LaneCalls } from './hear-reports';
import { limitLanes } from './limit-lanes';
import type { ChannelState, SiteChannel } from './site';
import type { BreakerView, LaneLimit, Operation } from './words';

export interface SteppedLimits {
  readonly limiter: LimiterState;
  readonly breaker: BreakerState;
  readonly view: BreakerView;
  readonly lanes: Readonly<Record<Operation, LaneLimit>>;
  /** Payments may leave the queue, by the operator. */
  readonly sends: boolean;
  /** Payments may come in, by operator and breaker. */
  readonly admits: boolean;
}

export function stepLimits(
  state: Pick<ChannelState, 'limiter' | 'breaker'>,
  { enabled, hold, limits }: Pick<SiteChannel, 'enabled' | 'hold' | 'limits'>,
  pay: LaneCalls,
  held: { readonly nowMs: number; readonly heldByUnknown: number },
  random: () => number,
): SteppedLimits {
  const { heldByUnknown, nowMs } = held;
  const effect = effectOf(hold);
  const { ageMs: underWayAgeMs, ended, sinceMs: underWaySinceMs, started } = pay;
  const breaker = stepBreaker(state.breaker, { nowMs, ended, underWaySinceMs, underWayAgeMs, hold }, random);
  const limiter = stepLimiter(
    state.limiter,
    { nowMs, ceiling: limits.inFlightMax, started, ended, underWaySinceMs, underWayAgeMs },
    random,
  );
  const sends = enabled && effect.sends;
  const lanes = limitLanes({
    inFlightMax: limits.inFlightMax,
    adaptive: limiter.limit,
    limitReason: limiter.reason,
    permits: breaker.permits,
    breaker: breaker.view,
    back: breaker.back,
    heldByUnknown,
    sends,
    asks: effect.asks,
    hold,
  });
  const admits = enabled && effect.admits && breaker.view.state !== 'isolated';
  return { limiter: limiter.state, breaker: breaker.state, view: breaker.view, lanes, sends, admits };
}

function effectOf(hold: ChannelHold | null): {
  readonly sends: boolean;
  readonly admits: boolean;
  readonly asks: boolean;
} {
  return hold ? HOLD_EFFECTS[hold] : { sends: true, admits: true, asks: true };
}
