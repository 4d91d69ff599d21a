/**
 * What this process, a door, knows of the controller's last word, and what it tells back: from memory, never waiting for anybody.
 * Fed by snapshots over Redis in the live service, and by hand in specs.
 *
 * Who decides what: `ask` decides by the snapshot alone (`decideAtDoor` of #policy). Where there is no snapshot it answers null, and the
 * use case falls back to the operator's static limits; nobody is ever let in because nobody could be asked.
 */
import type { ChannelId, ErrorCode, MerchantId, PaymentId, Reason, Tier } from '#domain';
import type { ChannelFlow, DoorPlan, FlowSnapshot } from '#policy';

/** Whoever stands at the door. */
export interface Entrant {
  readonly channelId: ChannelId;
  readonly merchantId: MerchantId;
  readonly tier: Tier;
  /** Stable through a checkout: 0 to PAYER_COHORTS − 1. */
  readonly cohort: number;
  /** How long the payment may wait in our queue, ms: the payer's patience, and never beyond its hard stop less the bank's time. */
  readonly patienceMs: number;
}

/** How long a payment that comes in now waits for its answer, corrected by how past predictions turned out. */
export interface ExpectedWait {
  /** Payments that wait before it. */
  readonly ahead: number;
  /** As predicted before correction: what `WaitOutcome.pointMs` wants back. */
  readonly pointMs: number;
  /** The bank's part of it. */
  readonly roundTripMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
}

export type DoorAnswer =
  | { readonly kind: 'admit'; readonly wait: ExpectedWait }
  | {
      readonly kind: 'refuse';
      readonly code: ErrorCode;
      /** With its facts: what it was decided from. */
      readonly reason: Reason;
      /** When asking again is worth it, ms; null: the code's own wait. */
      readonly retryAfterMs: number | null;
      /** What it would have waited; null where nobody knows. */
      readonly wait: ExpectedWait | null;
    };

export interface FlowView {
  /** The newest snapshot, whole; null: none has come. */
  newest(): FlowSnapshot | null;
  /** The channel in the newest snapshot; null: none has come, or the channel is not in it. */
  get(channelId: ChannelId): ChannelFlow | null;
  /** What this door may do there until its next snapshot, tightened by the snapshot's age. */
  planOf(channelId: ChannelId): DoorPlan | null;
  /** Age of the newest snapshot on this process's clock, ms; null: none has come. */
  ageMs(): number | null;
  /** May it come in? Counted as demand, and against the plan's budget if it may. Null: there is no snapshot to go by. */
  ask(entrant: Entrant): DoorAnswer | null;
  /** How long would it wait? Nothing is counted. */
  expect(channelId: ChannelId): ExpectedWait | null;
  /** Let in, or not, past `ask`: a suggestion that was taken, a payment moved within reserved headroom, or the static limits. */
  noteDemand(entrant: Pick<Entrant, 'channelId' | 'merchantId' | 'tier'>, admitted: boolean): void;
  /** A payment was accepted with this prediction; what became of it is reported later (`WaitOutcome`). */
  noteAccepted(paymentId: PaymentId, channelId: ChannelId, wait: ExpectedWait): void;
  /** Where the door's report finds what its offers may still bring (`ChannelDemand.reserved`). Called once, at start-up. */
  countReservations(reservedOn: (channelId: ChannelId) => number): void;
}

/** A view in which no snapshot ever comes: what there is before the first one. */
export const NO_FLOW: FlowView = {
  newest: () => null,
  get: () => null,
  planOf: () => null,
  ageMs: () => null,
  ask: () => null,
  expect: () => null,
  noteDemand: () => undefined,
  noteAccepted: () => undefined,
  countReservations: () => undefined,
};
