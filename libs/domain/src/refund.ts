/** Money going back: a refund returns money that was taken, a reversal undoes an attempt whose fate nobody here knows. */
import type { BankReference, ChannelId, MerchantId, PaymentId, RefundId } from './ids';
import type { Money } from './money';
import type { RefundState, ReversalState } from './refund-state';
import type { EpochMs } from './time';

/** `merchant`: asked for, of the kept success. `late_success`: by itself, of a success that could not be kept (money rule 6). */
export const REFUND_KINDS = ['merchant', 'late_success'] as const;
export type RefundKind = (typeof REFUND_KINDS)[number];

/** One refund of one attempt, over the same channel, always under the same bank reference. */
export interface Refund {
  readonly id: RefundId;
  readonly paymentId: PaymentId;
  /** The attempt whose money goes back. */
  readonly leg: number;
  readonly kind: RefundKind;
  readonly merchantId: MerchantId;
  /** Of a merchant's refund: never reusable. null: an automatic one. */
  readonly idempotencyKey: string | null;
  readonly fingerprint: string | null;
  readonly amount: Money;
  readonly channelId: ChannelId;
  readonly bankReference: BankReference;
  /** Reference of the attempt. */
  readonly originalReference: BankReference;
  readonly state: RefundState;
  /** Rises by one with every move. */
  readonly version: number;
  /** How often it was sent, always under the same reference. */
  readonly sendNo: number;
  /** Since when an earlier send may be at the bank; null: certainly none is. */
  readonly doubtSince: EpochMs | null;
  /** Shard of its payment: only its owner sends. */
  readonly shard: number;
  readonly sendBy: EpochMs | null;
  /** How often it was looked at since its last move. */
  readonly looks: number;
  /** In the merchant's words. */
  readonly reason: string | null;
  readonly bankTransactionId: string | null;
  readonly bankCode: string | null;
  readonly bankMessage: string | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  readonly settledAt: EpochMs | null;
}

/**
 * Why an attempt is undone: `reroute`: another channel needs the fence; `deadline`: it passed with the attempt unknown;
 * `action_expired`, `canceled`: the payer's page is closed, by time or by the merchant; `person`: an operator decided so.
 */
export const REVERSAL_PURPOSES = ['reroute', 'deadline', 'action_expired', 'canceled', 'person'] as const;
export type ReversalPurpose = (typeof REVERSAL_PURPOSES)[number];

/** The undo of one attempt. It is no attempt itself, so that "one open attempt" keeps its meaning. At most one per attempt, for ever. */
export interface Reversal {
  readonly paymentId: PaymentId;
  readonly leg: number;
  readonly channelId: ChannelId;
  readonly bankReference: BankReference;
  /** Reference of the attempt. */
  readonly originalReference: BankReference;
  readonly purpose: ReversalPurpose;
  readonly state: ReversalState;
  /** How often the bank was asked. */
  readonly tries: number;
  /** When the bank last said that it had charged although the undo stood: it must be asked again. null: no such doubt. */
  readonly doubtedAt: EpochMs | null;
  readonly requestedAt: EpochMs;
  readonly settledAt: EpochMs | null;
}
