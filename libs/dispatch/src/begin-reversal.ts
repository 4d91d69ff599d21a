/**
 * Begins to undo an attempt at its bank: because its deadline passed while nobody knows its fate, because the payer's page has closed,
 * because the merchant cancels, or because another channel needs the fence. From then on the reversal is repeated until the bank
 * answers (carry-reversal.ts). See money.md section 6.
 */
import type { Attempt, Channel, Payment, PaymentId, ReversalPurpose, Transition } from '#domain';
import { undoReference } from '#domain';
import { FIRST_INQUIRY_MS, type ReversalStart, mayReverse, requestReversal } from '#policy';
import type { ChannelRegistry } from './ports/channel-registry';
import type { Connector } from './ports/connector';
import type { PaymentJournal } from './ports/payment-journal';
import type { ReversalJournal } from './ports/reversal-journal';
import type { Log, Names } from './ports/surroundings';

export type ReversalBegun =
  /** Committed: the attempt is `reversing`. */
  | { readonly kind: 'begun'; readonly payment: Payment }
  /** Not now, or not on this channel; `why` says which. */
  | { readonly kind: 'not_begun'; readonly why: Exclude<ReversalStart, { kind: 'reverse' }> }
  /** There is no such attempt any more, somebody else moved it, or the write's fate is not known: look again. */
  | { readonly kind: 'moved' };

export interface BeginReversalParts {
  readonly journal: PaymentJournal;
  readonly reversals: ReversalJournal;
  readonly channels: ChannelRegistry;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly names: Names;
  readonly log: Log;
}

export class BeginReversal {
  constructor(private readonly parts: BeginReversalParts) {}

  /**
   * Of the payment's current attempt.
   * @param leg the attempt that is meant, by a person who has read of it; left out: whichever is current
   * @throws JournalUnavailable
   */
  async begin(id: PaymentId, purpose: ReversalPurpose, leg?: number): Promise<ReversalBegun> {
    const { channels, connectorFor, journal, log, names, reversals } = this.parts;
    const payment = await journal.read(id);
    const attempt = payment?.attempt;
    const entry = attempt && channels.get(attempt.channelId);
    if (!payment || !attempt || !entry) return { kind: 'moved' };
    if (leg !== undefined && attempt.leg !== leg)
      return { kind: 'not_begun', why: { kind: 'not_now', why: 'not_open' } };
    const had = await reversals.find(id, attempt.leg);
    const contract = connectorFor(entry.channel).capabilities(attempt.channelId);
    const start = mayReverse(payment, attempt, purpose, had, contract, payment.readAt);
    if (start.kind !== 'reverse') {
      if (start.kind === 'impossible' && attempt.state === 'requires_action') await this.leaveUnknown(payment, attempt);
      return { kind: 'not_begun', why: start };
    }
    const reference = undoReference('reversal', attempt.bankReference, names.sha256);
    const commit = await journal.apply(requestReversal(payment, attempt, purpose, reference));
    if (commit.kind !== 'committed' || commit.value.outcome !== 'applied') return { kind: 'moved' };
    log.warn('An attempt is being undone at its bank', { payment: id, leg: attempt.leg, purpose });
    const { at, version } = commit.value;
    const head = { ...payment.head, state: 'unknown' as const, version, updatedAt: at };
    return { kind: 'begun', payment: { ...payment, head, attempt: { ...attempt, state: 'reversing' } } };
  }

  /** The page has closed and the order cannot be: whether the payer was in time, only the bank knows. */
  private async leaveUnknown(payment: Payment, attempt: Attempt): Promise<void> {
    const transition: Transition = {
      paymentId: payment.id,
      version: payment.head.version,
      to: 'unknown',
      attempt: { leg: attempt.leg, state: 'unknown' },
      eventType: 'payment.unknown',
      reason: { code: 'unknown', why: 'action_expired' },
      lookAgainInMs: FIRST_INQUIRY_MS,
    };
    await this.parts.journal.apply(transition);
  }
}
