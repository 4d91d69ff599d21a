/** Told of every call to a bank: what the limiter, the breaker and the wait forecast live on. */
import type { ChannelId } from '#domain';
import type { CallClass, Operation } from '#policy';

export interface CallMeter {
  /** A call begins. @returns what is to be told of its end, once */
  began(channelId: ChannelId, operation: Operation): CallEnded;
}

/** @param rttMs from the first byte to the last, or to our deadline. @param retryAfterMs how long the bank asks us to stay away */
export type CallEnded = (callClass: CallClass, rttMs: number, retryAfterMs?: number) => void;
