// What moves through the world: a payer who wants to pay once, and the payments posted for it until one is done or the payer leaves.
import type { ScenarioChannel } from '../scenarios/scenario';
import type { Tier } from '#domain';
import type { Promise90, ToldPayer } from './control';

/** One wish to pay. All of its chances are drawn when it comes, so that two controls meet the same people. */
export interface Payer {
  readonly id: number;
  readonly cameMs: number;
  /** Index of the channel first chosen. */
  readonly home: number;
  readonly tier: Tier;
  readonly merchant: string;
  /** Indexes of the channels of the other instruments, in the payer's order. */
  readonly others: readonly number[];
  /** Follows a suggestion, if there is one. */
  readonly follows: boolean;
  readonly answerMs: number;
  /** How often this payer will try again, and after how long. */
  retriesLeft: number;
  readonly retryAfterMs: number;
  /** How often this payer took up an offer. */
  moves: number;
  /** One of these moves failed. */
  moveFailed: boolean;
}

/** How a payment ended. `late`: answered, but after the payer's patience. */
export const ENDS = ['on_time', 'late', 'refused', 'expired', 'busy', 'dropped'] as const;
export type End = (typeof ENDS)[number];

/** One posted payment. */
export interface Waiting {
  readonly payer: Payer;
  readonly channel: number;
  readonly door: number;
  readonly postedMs: number;
  /** The payer's patience ends. */
  readonly deadlineMs: number;
  /** It is dropped unsent if it still waits then. */
  readonly dropAtMs: number;
  /** Came through an offer. */
  readonly moved: boolean;
  readonly promise: Promise90 | null;
  /** What the payer heard last. */
  readonly told: ToldPayer;
  /** Still in the queue: may be switched away. */
  queued: boolean;
}

/** A channel of a world with its number. */
export interface NumberedChannel extends ScenarioChannel {
  readonly index: number;
}
