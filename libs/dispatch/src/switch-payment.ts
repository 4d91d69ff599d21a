/**
 * Switch: the payer takes another instrument for the same order. Only while nothing is at a bank: in the queue, or after a decline.
 * It compares and sets the same row as dispatch and cancel do, so the payment is never both switched and sent (money.md section 2).
 */
import type {
  Instrument,
  InstrumentToken,
  MerchantId,
  NextLeg,
  OperationKey,
  Payment,
  PaymentId,
  Reason,
} from '#domain';
import { isFinal, paymentReference } from '#domain';
import { decideAdmission } from '#policy';
import type { Refusal } from './accept-payment';
import type { ChannelRegistry, InstrumentBook } from './ports/channel-registry';
import type { PaymentJournal } from './ports/payment-journal';
import type { Names } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';

export interface SwitchCommand {
  readonly merchantId: MerchantId;
  readonly paymentId: PaymentId;
  /** The instrument to take instead. It need not have been listed with the payment: the payer may fetch another card. */
  readonly token: InstrumentToken;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

export type SwitchAnswer =
  { readonly kind: 'switched'; readonly payment: Payment; readonly replayed: boolean } | Refusal;

export interface SwitchPaymentParts {
  readonly journal: PaymentJournal;
  readonly channels: ChannelRegistry;
  readonly instruments: InstrumentBook;
  readonly queue: WorkQueue;
  readonly names: Names;
}

/** A payment that keeps moving under us is with a bank by then. */
const TRIES = 3;

/** The field that names the instrument. */
const POINTER = '/payment_method/token';

export class SwitchPayment {
  constructor(private readonly parts: SwitchPaymentParts) {}

  /** @throws JournalUnavailable */
  async switch(command: SwitchCommand): Promise<SwitchAnswer> {
    const { journal } = this.parts;
    const { merchantId, idempotencyKey, fingerprint } = command;
    const key: OperationKey = { operation: 'switch', merchantId, idempotencyKey, fingerprint };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const replay = await this.replay(command, key);
      if (replay) return replay;
      const payment = await journal.read(command.paymentId);
      if (!payment || payment.merchantId !== merchantId) return { kind: 'refused', code: 'not_found' };
      const refusal = refusalOf(payment);
      if (refusal) return refusal;
      const instrument = await this.parts.instruments.find(merchantId, command.token);
      if (!instrument) return { kind: 'refused', code: 'instrument_unknown', pointer: POINTER };
      const unfit = this.refusalOfChannel(instrument, payment);
      if (unfit) return unfit;
      const moved = await this.move(payment, instrument, key);
      if (moved) return moved;
      // Stale, or undecided: the key and the payment are read again, and one of them tells.
    }
    return { kind: 'refused', code: 'already_submitted' };
  }

  private async replay(command: SwitchCommand, key: OperationKey): Promise<SwitchAnswer | null> {
    const use = await this.parts.journal.findOperation(key);
    if (!use) return null;
    if (use.fingerprint !== command.fingerprint || use.paymentId !== command.paymentId) {
      return { kind: 'refused', code: 'idempotency_key_reused', facts: { payment_id: use.paymentId } };
    }
    const payment = await this.parts.journal.read(use.paymentId);
    return payment ? { kind: 'switched', payment, replayed: true } : null;
  }

  private refusalOfChannel(instrument: Instrument, payment: Payment): Refusal | null {
    const entry = this.parts.channels.get(instrument.channelId);
    if (!entry) return { kind: 'refused', code: 'channel_unknown', pointer: POINTER };
    const admission = decideAdmission(
      entry.channel,
      entry.limits,
      entry.order,
      payment.amount,
      payment.expiresAt,
      payment.readAt,
    );
    return admission.kind === 'admit' ? null : { kind: 'refused', code: admission.code, facts: admission.facts };
  }

  private async move(payment: Payment, instrument: Instrument, key: OperationKey): Promise<SwitchAnswer | null> {
    const { journal, queue } = this.parts;
    const nextLeg = this.nextLeg(payment, instrument);
    const reason: Reason = { code: 'switched_by_payer', from: payment.head.channelId, to: nextLeg.channelId };
    const commit = await journal.apply({
      paymentId: payment.id,
      version: payment.head.version,
      to: 'queued',
      nextLeg,
      key,
      eventType: 'payment.switched',
      reason,
      // The job is added below; the sweeper stands behind it.
      lookAgainInMs: 0,
    });
    if (commit.kind === 'not_committed' && commit.reason === 'unavailable') {
      return { kind: 'refused', code: 'storage_unavailable' };
    }
    if (commit.kind !== 'committed' || commit.value.outcome !== 'applied') return null;
    const { version, at } = commit.value;
    await queue.add('pay', nextLeg.channelId, { paymentId: payment.id, version });
    const head = {
      ...payment.head,
      ...nextLeg,
      state: 'queued' as const,
      version,
      updatedAt: at,
      queuedAt: at,
      reason,
    };
    return { kind: 'switched', payment: { ...payment, head, attempt: null }, replayed: false };
  }

  /** From the queue the leg stays, for nothing was sent under it; after a decline the next one begins. */
  private nextLeg(payment: Payment, { channelId, token }: Instrument): NextLeg {
    const { channels, names } = this.parts;
    const leg = payment.head.state === 'queued' ? payment.head.leg : payment.head.leg + 1;
    const bankReference = paymentReference(payment.merchantId, payment.merchantOrderNo, leg, names.sha256);
    const limitRevision = channels.get(channelId)!.limits.revision;
    return { leg, channelId, instrumentToken: token, bankReference, limitRevision };
  }
}

function refusalOf({ head }: Payment): Refusal | null {
  const facts = { status: head.state };
  if (isFinal(head.state)) return { kind: 'refused', code: 'payment_final', facts };
  if (head.state === 'queued' || head.state === 'requires_payment_method') return null;
  return { kind: 'refused', code: 'already_submitted', facts };
}
