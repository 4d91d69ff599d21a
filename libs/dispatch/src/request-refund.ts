/**
 * A merchant asks for money back, part of a payment or all that is left. The commit is the acceptance; a worker carries it to the bank.
 * The sum never exceeds what was captured: PostgreSQL holds it, under the payment's row lock. See money.md section 8.
 */
import type { Channel, MerchantId, Money, Payment, PaymentId, Refund } from '#domain';
import { refundReference } from '#domain';
import type { Refusal } from './entrance';
import type { ChannelRegistry } from './ports/channel-registry';
import { JournalUnavailable } from './ports/commit';
import type { Connector } from './ports/connector';
import type { PaymentJournal } from './ports/payment-journal';
import { REFUNDS_PER_PAYMENT_MAX, type RefundDraft, type RefundJournal } from './ports/refund-journal';
import type { Clock, Names } from './ports/surroundings';

export interface RefundCommand {
  readonly merchantId: MerchantId;
  readonly paymentId: PaymentId;
  readonly idempotencyKey: string;
  /** SHA-256 of the body's canonical form, hex. */
  readonly fingerprint: string;
  /** null: all that is left. */
  readonly amount: Money | null;
  readonly reason: string | null;
}

export type RefundAnswer =
  /** `replayed`: the key's refund, whatever became of it since. */
  { readonly kind: 'accepted'; readonly refund: Refund; readonly replayed: boolean } | Refusal;

export interface RequestRefundParts {
  readonly journal: PaymentJournal;
  readonly refunds: RefundJournal;
  readonly channels: ChannelRegistry;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly clock: Clock;
  readonly names: Names;
}

/** An indeterminate commit is asked again for so long; then the caller is told that we do not know (money.md section 3.4). */
const UNDECIDED_MAX_MS = 2_000;

export class RequestRefund {
  constructor(private readonly parts: RequestRefundParts) {}

  /** Never throws for the caller's faults or for a missing database: both are answers. */
  async request(command: RefundCommand): Promise<RefundAnswer> {
    try {
      return await this.decide(command);
    } catch (error) {
      // The key may belong to a refund that was accepted.
      if (error instanceof JournalUnavailable) return { kind: 'refused', code: 'acceptance_unknown' };
      throw error;
    }
  }

  private async decide(command: RefundCommand): Promise<RefundAnswer> {
    const { clock, journal, names, refunds } = this.parts;
    const { fingerprint, idempotencyKey, merchantId, paymentId, reason } = command;
    const draft: RefundDraft = {
      id: names.refundId(),
      paymentId,
      merchantId,
      idempotencyKey,
      fingerprint,
      amountMinor: command.amount?.value ?? null,
      bankReference: refundReference(merchantId, idempotencyKey, names.sha256),
      reason,
    };
    const startedMs = clock.monotonicMs();
    for (;;) {
      // The key before any refusal: a retry of something accepted is never refused.
      const known = await refunds.findByKey(merchantId, idempotencyKey);
      if (known) return existing(command, known, draft);
      const payment = await journal.read(paymentId);
      if (!payment || payment.merchantId !== merchantId) return { kind: 'refused', code: 'not_found' };
      const refusal = await this.refusalOf(payment, command.amount);
      if (refusal) return refusal;
      const commit = await refunds.request(draft);
      if (commit.kind === 'not_committed') {
        return { kind: 'refused', code: commit.reason === 'unavailable' ? 'storage_unavailable' : 'internal_error' };
      }
      if (commit.kind === 'committed' && commit.value.outcome === 'inserted') {
        return { kind: 'accepted', refund: commit.value.refund, replayed: false };
      }
      if (commit.kind === 'committed' && commit.value.outcome === 'exists') {
        return existing(command, commit.value.refund, draft);
      }
      // Undecided, or another refund was quicker: the key and the payment are read again, and one of them tells.
      if (clock.monotonicMs() - startedMs > UNDECIDED_MAX_MS) return { kind: 'refused', code: 'acceptance_unknown' };
    }
  }

  private async refusalOf(payment: Payment, amount: Money | null): Promise<Refusal | null> {
    const { capturedMinor, refundedMinor, state } = payment.head;
    if (state !== 'succeeded') return { kind: 'refused', code: 'payment_not_refundable', facts: { status: state } };
    if (amount && amount.currency !== payment.amount.currency) {
      const facts = { currency: payment.amount.currency };
      return { kind: 'refused', code: 'refund_currency_mismatch', pointer: '/amount/currency', facts };
    }
    const left = capturedMinor - refundedMinor;
    const wanted = amount?.value ?? left;
    if (left === 0 || wanted > left) {
      const facts = { refundable_minor: left };
      return { kind: 'refused', code: 'refund_exceeds_captured', ...(amount && { pointer: '/amount/value' }), facts };
    }
    // A channel that is gone from the registry is asked nothing; its refund waits for it to come back.
    const entry = this.parts.channels.get(payment.head.channelId);
    const contract = entry && this.parts.connectorFor(entry.channel).capabilities(entry.channel.id);
    if (wanted < capturedMinor && contract?.partialRefunds === false) {
      return {
        kind: 'refused',
        code: 'refund_not_supported',
        pointer: '/amount',
        facts: { channel: entry!.channel.id },
      };
    }
    const own = (await this.parts.refunds.ofPayment(payment)).filter(({ kind }) => kind === 'merchant');
    return own.length < REFUNDS_PER_PAYMENT_MAX ? null : { kind: 'refused', code: 'refund_limit_reached' };
  }
}

/** The key has a refund: a replay of it, or another request under a key that is taken. */
function existing(command: RefundCommand, refund: Refund, draft: RefundDraft): RefundAnswer {
  if (refund.paymentId !== command.paymentId || refund.fingerprint !== command.fingerprint) {
    return { kind: 'refused', code: 'idempotency_key_reused', facts: { refund_id: refund.id } };
  }
  return { kind: 'accepted', refund, replayed: refund.id !== draft.id };
}
