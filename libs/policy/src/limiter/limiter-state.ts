/**
 * What does the limiter hear, and what does it remember? Plain data that survives JSON, so that a decision can be stored, sent and
 * replayed. All times are ms on the controller's monotonic clock.
 */
import type { Reason } from '#domain';
import type { CallClass } from '../flow/words';

/** A call that ended since the last step. */
export interface EndedCall {
  readonly startedMs: number;
  readonly endedMs: number;
  readonly class: CallClass;
  /** How long the bank asks us to stay away, where it does. */
  readonly retryAfterMs?: number;
}

export interface LimiterInput {
  readonly nowMs: number;
  /** The operator's ceiling on calls in flight: an integer ≥ 1. */
  readonly ceiling: number;
  /** Calls begun since the last step, as far as reports tell. */
  readonly started: number;
  readonly ended: readonly EndedCall[];
  /** When each call under way began, as of the last report of its worker. */
  readonly underWaySinceMs: readonly number[];
  /**
   * How old each of them was when last seen: reports are up to 400 ms old, and a call may have ended since. Without it, calls count
   * as seen right now, which makes quick banks look slower and noisier than they are.
   */
  readonly underWayAgeMs?: readonly number[];
}

/** The signals a decision rests on. All are on in the product; a trial switches one off to show what it is for. */
export interface LimiterSignals {
  /** The delay of calls above the floor. */
  readonly delay: boolean;
  /** Refusals. */
  readonly busy: boolean;
  /** The response test, which undoes a cut that delay did not follow. */
  readonly veto: boolean;
  /** The memory of the level at which the bank refused. */
  readonly ceiling: boolean;
  /** Looks down and up. */
  readonly probe: boolean;
}

export const ALL_SIGNALS: LimiterSignals = { delay: true, busy: true, veto: true, ceiling: true, probe: true };

/** Calls begun in one stretch under one limit: the only ones that tell what that limit does. */
export interface Cohort {
  /** Calls begun from here on … */
  readonly fromMs: number;
  /** … until here; `null` while it still takes calls in. */
  readonly untilMs: number | null;
  /** Round trips of those that worked, ms. */
  readonly workedMs: readonly number[];
  /** Round trips that only say "not sooner than": declines, which skip work, and calls that we gave up. */
  readonly censoredMs: readonly number[];
  readonly busy: number;
  /** Time that busy answers took, ms. */
  readonly busyMs: number;
  /** Sum over steps of the calls in flight, and the number of steps: their quotient is the load that these calls met. */
  readonly inFlightSum: number;
  readonly steps: number;
}

/** The delay of a bank without a queue, and how sure we are. */
export interface Floor {
  readonly ms: number;
  /** Variance relative to the mean service time squared. */
  readonly variance: number;
}

/** What one cohort showed, kept for comparison with the next one. */
export interface Reading {
  readonly delayMs: number;
  /** Standard error of the delay, in mean service times. */
  readonly error: number;
  readonly inFlight: number;
}

/**
 * What the limiter is doing: looking for the bank's size (`starting`), staying at the knee (`tracking`), waiting to see whether delay
 * followed a cut (`testing`), looking at the floor from below (`probing_down`), looking for room above (`probing_up`).
 */
export type Phase =
  | { readonly kind: 'starting' }
  | { readonly kind: 'tracking' }
  | {
      readonly kind: 'testing';
      readonly before: Reading;
      readonly limitBefore: number;
      /** Answers came more slowly than the delays said: the bank was just changing, and its delays were still rising. */
      readonly changing: boolean;
    }
  | { readonly kind: 'probing_down'; readonly before: Reading; readonly backTo: number; readonly deep: boolean }
  | { readonly kind: 'probing_up'; readonly before: Reading; readonly backTo: number };

/** Answers of one step: the raw material of Little's law. */
export interface FlowBucket {
  readonly ms: number;
  readonly worked: number;
  /** Slot time spent on answers that did no work (declined, busy), ms. */
  readonly idleMs: number;
}

export interface LimiterState {
  readonly atMs: number;
  /** The limit wanted, before rounding and the operator's ceiling; at least 1. */
  readonly limit: number;
  readonly phase: Phase;
  readonly cohort: Cohort;
  /** The cohort before a cut, on which a further cut may be based while calls drain. */
  readonly older: Cohort | null;
  readonly floor: Floor | null;
  /** Mean time a payment holds a slot at the bank, less queueing, ms; 0 while unknown. */
  readonly serviceMs: number;
  readonly serviceSamples: number;
  /** Sum and number of round trips that worked since the last decision. */
  readonly roundTripSumMs: number;
  readonly roundTrips: number;
  readonly flow: readonly FlowBucket[];
  readonly lastAnswerMs: number;
  /** Since when nothing comes back from a bank that had a queue. */
  readonly frozenSinceMs: number | null;
  /** Log-likelihood that there is no queue; growth speeds up with it. */
  readonly room: number;
  /** Ticks in a row that showed a large excess. */
  readonly alarms: number;
  readonly busyCeiling: BusyCeiling | null;
  /** A cut whose test said nothing: the next one is tested together with it. */
  readonly untested: Untested | null;
  /** A load that made a large queue lately. */
  readonly crowded: { readonly inFlight: number; readonly untilMs: number } | null;
  readonly probes: ProbePlan;
  readonly reason: Reason;
}

export interface Untested {
  /** What was before the cut; `null` where the bank was just changing, so that it does not compare. */
  readonly before: Reading | null;
  /** Where to go back to if it turns out to have been for nothing. */
  readonly limitBefore: number;
}

/** A level at which the bank said busy. */
export interface BusyCeiling {
  readonly limit: number;
  readonly atMs: number;
  /** The level before the last step past it: known to be taken. 0 while nothing is known. */
  readonly proven: number;
  /** Calls refused since the last step past it that was taken. */
  readonly refused: number;
  /** Until when the bank asked us to stay away (its Retry-After), ms. */
  readonly notBeforeMs: number;
  /** Steps past it that met no refusal. */
  readonly clean: number;
}

export interface ProbePlan {
  readonly nextDownMs: number;
  readonly nextUpMs: number;
  readonly epochs: number;
  readonly downs: number;
  /** Highest limits of the last minutes, newest first, one entry per 30 s. */
  readonly peaks: readonly number[];
  readonly peakSinceMs: number;
  readonly lowEpochs: number;
  /** Epochs below the peak before the next probe up; doubles with each one in vain. */
  readonly upGap: number;
}
