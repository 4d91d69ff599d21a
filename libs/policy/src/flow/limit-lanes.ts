/**
 * How many calls may be under way at a bank, for each kind of call, and why so many?
 *
 * Payments: the least of the operator's ceiling, what the limiter found and what the breaker lets through, less the slots that attempts
 * of unknown fate still hold. Inquiries and money that goes back have a few slots of their own, which no payment can take: a bank that is
 * full of payments must still be asked what became of them.
 */
import type { ChannelHold, Reason } from '#domain';
import type { BackFromOutage } from '../breaker/breaker';
import type { BreakerView, LaneLimit, Operation } from './words';

/** A tenth of the ceiling for inquiries, a twentieth for money that goes back; small banks need a few all the same. */
const RESERVED = { inquiry: { share: 0.1, least: 4 }, giving_back: { share: 0.05, least: 2 } } as const;

/**
 * Once a bank is back, what its outage left unknown holds at most half of the limit, though we may not know its fate for long (an attempt
 * holds its slot until its send-by and the bank's longest processing are over: some 17 s). Whether those calls still occupy the bank its
 * answers to new calls show by their delay, which the limiter follows. The half is the caution of the seconds before it has seen enough.
 */
const HELD_FROM_OUTAGE = 0.5;

export interface LaneFacts {
  readonly inFlightMax: number;
  /** What the limiter found, and why. */
  readonly adaptive: number;
  readonly limitReason: Reason;
  /** What the breaker lets through; null: no bound. */
  readonly permits: number | null;
  readonly breaker: BreakerView;
  /** Null: there was no outage of late, or it lasts. */
  readonly back: BackFromOutage | null;
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
  const { adaptive, breaker, hold, inFlightMax, limitReason, permits, sends } = facts;
  const lane = { configured: inFlightMax, adaptive };
  if (!sends) {
    const reason: Reason = hold ? { code: 'held_by_operator', hold } : { code: 'channel_disabled' };
    return { ...lane, effective: 0, reason };
  }
  if (permits !== null && permits <= 0) return { ...lane, effective: 0, reason: breaker.reason };
  const found = Math.min(inFlightMax, adaptive);
  const allowed = Math.min(found, permits ?? Infinity);
  // One slot stays: with all of them held by unknowns, only a payment that goes through can show that the bank is back.
  const held = slotsHeld(facts, allowed);
  const effective = Math.max(1, Math.floor(allowed) - held);
  if (permits !== null && permits < found) return { ...lane, effective, reason: breaker.reason };
  if (held > 0 && effective < allowed) {
    return { ...lane, effective, reason: { code: 'slots_held_by_unknown', held, limit: allowed } };
  }
  if (inFlightMax <= adaptive) return { ...lane, effective, reason: { code: 'operator_ceiling', limit: inFlightMax } };
  return { ...lane, effective, reason: limitReason };
}

/** Calls that got lost since the bank is back are of the present, and count in full: that may be an overload. */
function slotsHeld({ back, heldByUnknown }: LaneFacts, allowed: number): number {
  if (back === null) return heldByUnknown;
  const present = Math.min(heldByUnknown, back.dead);
  return present + Math.min(heldByUnknown - present, Math.floor(allowed * HELD_FROM_OUTAGE));
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
