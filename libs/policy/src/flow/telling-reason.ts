/** Why is a channel as it is, in one reason? The strongest cause first: whoever looks at a row of the console wants to know what to do. */
import { type ChannelHold, type Reason, TIER } from '#domain';
import type { BreakerView, DoorPlan, LaneLimit } from './words';

export interface TellingFacts {
  readonly pay: LaneLimit;
  readonly breaker: BreakerView;
  readonly hold: ChannelHold | null;
  /** Any door's plan: shares are the same at all of them. */
  readonly plan: DoorPlan | undefined;
  readonly waiting: number;
  readonly queueMs: number;
  readonly drainPerSecond: number;
  readonly ratePerSecond: number;
}

export function tellingReason(facts: TellingFacts): Reason {
  const { breaker, drainPerSecond, hold, pay, plan, queueMs, ratePerSecond, waiting } = facts;
  if (hold) {
    const reason: Reason = { code: 'held_by_operator', hold };
    return reason;
  }
  if (pay.effective === 0 && breaker.state === 'closed') return pay.reason;
  if (breaker.state !== 'closed') return breaker.reason;
  const wait = { waiting, wait_ms: Math.round(queueMs), drain_per_second: Math.round(drainPerSecond * 10) / 10 };
  const payingShare = plan?.tiers[TIER.paying].share ?? 1;
  const bulkShare = plan?.tiers[TIER.bulk].share ?? 1;
  if (payingShare < 1) {
    const reason: Reason = { code: 'payers_turned_away', share: rounded(payingShare), ...wait };
    return reason;
  }
  if (bulkShare < 1) {
    const reason: Reason = { code: 'bulk_turned_away', share: rounded(bulkShare), ...wait };
    return reason;
  }
  if (waiting > 0 && drainPerSecond >= ratePerSecond) {
    const reason: Reason = { code: 'contract_rate_reached', rate_per_second: ratePerSecond, ...wait };
    return reason;
  }
  return pay.reason;
}

function rounded(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
