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
import type { Entrance, Entry, Refusal, Wish } from './entrance';
import type { InstrumentBook } from './ports/channel-registry';
import type { FlowView } from './ports/flow-view';
import type { PaymentJournal } from './ports/payment-journal';
import type { Names } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';

export interface SwitchCommand {
  readonly merchantId: MerchantId;
  readonly paymentId: PaymentId;
  /** The instrument to take instead. It need not have been listed with the payment: the payer may fetch another card. */
  readonly token: InstrumentToken;
  /** An offer that is taken, with the headroom that is held for it. */
  readonly suggestionId: string | null;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

export type SwitchAnswer =
  { readonly kind: 'switched'; readonly payment: Payment; readonly replayed: boolean } | Refusal;

export interface SwitchPaymentParts {
  readonly journal: PaymentJournal;
  readonly entrance: Entrance;
  readonly flow: Pick<FlowView, 'noteAccepted'>;
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
    let entry: Entry<Instrument> | null = null;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const replay = await this.replay(command, key);
      if (replay) return replay;
      const payment = await journal.read(command.paymentId);
      if (!payment || payment.merchantId !== merchantId) return { kind: 'refused', code: 'not_found' };
      const refusal = refusalOf(payment);
      if (refusal) return refusal;
      // Asked once, however often the payment moves under us: each question counts as a payment that wants to come in.
      if (!entry) {
        const instrument = await this.parts.instruments.find(merchantId, command.token);
        if (!instrument) return { kind: 'refused', code: 'instrument_unknown', pointer: POINTER };
        const asked = this.parts.entrance.admit(wishOf(payment, command), instrument);
        if (asked.kind === 'refused') return await this.withOffers(asked, payment, command, instrument);
        entry = asked;
      }
      const moved = await this.move(payment, entry, key);
      if (moved) return moved;
      // Stale, or undecided: the key and the payment are read again, and one of them tells.
    }
    return { kind: 'refused', code: 'already_submitted' };
  }

  /** The payment stays where it is; what else would work is said with the refusal. */
  private async withOffers(
    refusal: Refusal,
    payment: Payment,
    command: SwitchCommand,
    wanted: Instrument,
  ): Promise<Refusal> {
    const tried = payment.head.leg > 1 ? await this.parts.journal.triedInstruments(payment.id) : [];
    // What it waits for now is no other way.
    const known = new Set<string>([...tried, payment.head.instrumentToken]);
    const others = payment.instruments.filter(({ token }) => token !== wanted.token);
    return this.parts.entrance.withOffers(refusal, wishOf(payment, command), [wanted, ...others], known);
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

  private async move(payment: Payment, entry: Entry<Instrument>, key: OperationKey): Promise<SwitchAnswer | null> {
    const { flow, journal, queue } = this.parts;
    const nextLeg = this.nextLeg(payment, entry);
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
    if (entry.wait) flow.noteAccepted(payment.id, nextLeg.channelId, entry.wait);
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
  private nextLeg(
    payment: Payment,
    { channel: { limits }, instrument: { channelId, token } }: Entry<Instrument>,
  ): NextLeg {
    const { names } = this.parts;
    const leg = payment.head.state === 'queued' ? payment.head.leg : payment.head.leg + 1;
    const bankReference = paymentReference(payment.merchantId, payment.merchantOrderNo, leg, names.sha256);
    return { leg, channelId, instrumentToken: token, bankReference, limitRevision: limits.revision };
  }
}

function refusalOf({ head }: Payment): Refusal | null {
  const facts = { status: head.state };
  if (isFinal(head.state)) return { kind: 'refused', code: 'payment_final', facts };
  if (head.state === 'queued' || head.state === 'requires_payment_method') return null;
  return { kind: 'refused', code: 'already_submitted', facts };
}

/** The payment as one that wants to come in again, over another instrument. */
function wishOf(payment: Payment, { suggestionId }: Pick<SwitchCommand, 'suggestionId'>): Wish {
  return { ...payment, cohort: payment.payerCohort, suggestionId };
}
