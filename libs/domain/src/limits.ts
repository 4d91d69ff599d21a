/** The numbers an operator owns, per channel. Each change is a new revision; nothing is overwritten. */
import type { ChannelId } from './ids';

export interface ChannelLimits {
  readonly channelId: ChannelId;
  /** Rises by one with every change; stored with each payment and attempt that was decided under it. */
  readonly revision: number;
  /** Payments a second by contract, as the bank counts them. */
  readonly ratePerSecond: number;
  /** Requests that may arrive at once above the rate. */
  readonly burst: number;
  /** Most requests at the bank at one time, over all workers. */
  readonly inFlightMax: number;
  /** Longest wait in our queue that is worth offering, ms. About 2 s where payers have alternatives (flow-control.md §6). */
  readonly longestWaitMs: number;
  /** Deadline of one call to the bank, ms. After it the outcome is unknown. */
  readonly timeoutMs: number;
  /** Amount caps of one payment, minor units. */
  readonly amountMin: number;
  readonly amountMax: number;
}
