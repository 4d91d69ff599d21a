/** The words of weighing: what evidence is compared with, and what may come of it. */
import type { NextLeg, Reason, ReversalState, Transition } from '#domain';

/** Where evidence came from. Only the call itself may say that nothing was sent; only an inquiry may say "not found". */
export type EvidenceOrigin = 'answer' | 'inquiry' | 'notification' | 'statement';

/** What the channel's contract says that matters here; see the connector's capabilities. */
export interface ChannelContract {
  readonly softDeclineIsFinal: boolean;
  readonly refusesLateRequests: boolean;
  readonly maxProcessingTimeMs: number;
  readonly maxClockSkewMs: number;
  readonly inquiryLagMs: number;
}

/** Where a payment may go that goes back to a queue. */
export interface NextWays {
  /** The same instrument once more. */
  readonly again: NextLeg;
  /** Another of the payment's own instruments, where the merchant lets us and one can take it; else null. */
  readonly reroute: Reroute | null;
}

export interface Reroute {
  readonly leg: NextLeg;
  /** Why this instrument, as data (chooseRoute). */
  readonly reason: Reason;
}

/** Somebody should look: an operator's alert, with the facts. */
export interface Alert {
  readonly code:
    | 'integrity_failure'
    | 'late_success'
    | 'contradiction'
    | 'reversal_unanswered'
    | 'refund_unanswered'
    | 'refund_declined';
  readonly message: string;
}

/** Where the undo of the attempt stands, for an attempt that can have one. */
export interface UndoStanding {
  /** null: there is no reversal. */
  readonly reversal: ReversalState | null;
  /** The evidence is the answer of an inquiry that began after the bank had acknowledged the reversal, its inquiry lag included. */
  readonly askedAfterUndo: boolean;
}

export const NEVER_UNDONE: UndoStanding = { reversal: null, askedAfterUndo: false };

export type Verdict =
  /**
   * `giveBack`: the success is stored but not kept, and goes back by itself in the same write. `overtakesReversal`: the bank charged
   * although it had acknowledged a reversal, which is over with that.
   */
  | {
      readonly kind: 'move';
      readonly transition: Transition;
      readonly giveBack: boolean;
      readonly overtakesReversal: boolean;
      readonly alert: Alert | null;
    }
  /**
   * Nothing to write. `inquireInMs`: when to ask the bank (again); null: no need. `notFoundAfterFence`: remember the first half of a
   * time fence. `doubtsReversal`: the bank must be asked once the reversal is acknowledged, for it says that it has charged.
   */
  | {
      readonly kind: 'stay';
      readonly inquireInMs: number | null;
      readonly notFoundAfterFence: boolean;
      readonly doubtsReversal: boolean;
      readonly alert: Alert | null;
    };
