/**
 * How many calls may be under way at a bank, for each kind of call, and why so many?
 *
 * Payments: the least of the operator's ceiling, what the limiter found and what the breaker lets through, less the slots that attempts
 * of unknown fate still hold. Inquiries and money that goes back have a few slots of their own, which no payment can take: a bank that is
 * full of payments must still be asked what became of them.
 */
import type { ChannelHold, Reason } from '#domain';
import type { BreakerView, LaneLimit, Operation } from './words';

/** A tenth of the ceiling for inquiries, a twentieth for money that goes back; small banks need a few all the same. */
const RESERVED = { inquiry: { share: 0.1, least: 4 }, giving_back: { share: 0.05, least: 2 } } as const;

export interface LaneFacts {
  readonly inFlightMax: number;
  /** What the limiter found, and why. */
  readonly adaptive: number;
  readonly limitReason: Reason;
  /** What the breaker lets through; null: no bound. */
  readonly permits: number | null;
  readonly breaker: BreakerView;
  readonly heldByUnknown: number;
  readonly sends: boolean;
  readonly asks: boolean;
  readonly hold: ChannelHold | null;
}

export function limitLanes(facts: LaneFacts): Readonly<Record<Operation, LaneLimit>> {
  return {
    pay: payLane(facts),
    inquiry: reservedLane(facts, RESERVED.inquiry),
    giving_back: reservedLane(facts, RESERVED.giving_back),
  };
}

function payLane(facts: LaneFacts): LaneLimit {
  const { adaptive, breaker, heldByUnknown, hold, inFlightMax, limitReason, permits, sends } = facts;
  const lane = { configured: inFlightMax, adaptive };
  if (!sends) {
    const reason: Reason = hold ? { code: 'held_by_operator', hold } : { code: 'channel_disabled' };
    return { ...lane, effective: 0, reason };
  }
  if (permits !== null && permits <= 0) return { ...lane, effective: 0, reason: breaker.reason };
  const found = Math.min(inFlightMax, adaptive);
  const allowed = Math.min(found, permits ?? Infinity);
  // One slot stays: with all of them held by unknowns, only a payment that goes through can show that the bank is back.
  const effective = Math.max(1, Math.floor(allowed) - heldByUnknown);
  if (permits !== null && permits < found) return { ...lane, effective, reason: breaker.reason };
  if (heldByUnknown > 0 && effective < allowed) {
    return { ...lane, effective, reason: { code: 'slots_held_by_unknown', held: heldByUnknown, limit: allowed } };
  }
  if (inFlightMax <= adaptive) return { ...lane, effective, reason: { code: 'operator_ceiling', limit: inFlightMax } };
  return { ...lane, effective, reason: limitReason };
}

function reservedLane(
  { asks, hold, inFlightMax }: LaneFacts,
  { least, share }: { readonly share: number; readonly least: number },
): LaneLimit {
  const configured = Math.max(least, Math.floor(inFlightMax * share));
  const lane = { configured, adaptive: configured };
  if (!asks) return { ...lane, effective: 0, reason: { code: 'held_by_operator', hold } };
  return { ...lane, effective: configured, reason: { code: 'reserved_share', limit: configured } };
}
