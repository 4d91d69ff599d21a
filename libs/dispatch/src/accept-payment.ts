/**
 * Accepting a payment: admission, then the commit, which *is* the acceptance, then the job as a hint. See money.md section 3.
 *
 * A refusal never answers a retry of something accepted: before any refusal the key is looked up.
 */
import type {
  BankReference,
  EpochMs,
  ErrorCode,
  Instrument,
  InstrumentToken,
  MerchantId,
  Money,
  OnDecline,
  Payment,
  PaymentInstrument,
  RoutingMode,
  Tier,
} from '#domain';
import { PAYER_COHORTS, SHARDS, paymentReference, shardOf } from '#domain';
import { LIFETIME_DEFAULT_MS, LIFETIME_MAX_MS, decideAdmission } from '#policy';
import type { ChannelEntry, ChannelRegistry, InstrumentBook } from './ports/channel-registry';
import { JournalUnavailable } from './ports/commit';
import type { AcceptResult, PaymentDraft, PaymentJournal } from './ports/payment-journal';
import type { Clock, Log, Names } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';
import type { StepProbe } from './steps';

/** A payment as the edge has read it: shapes are checked, nothing is looked up yet. */
export interface AcceptCommand {
  readonly merchantId: MerchantId;
  readonly idempotencyKey: string;
  /** SHA-256 of the body's canonical form, hex. */
  readonly fingerprint: string;
  readonly merchantOrderNo: string;
  readonly amount: Money;
  /** The payer's instruments, the preferred one first, without repeats. */
  readonly tokens: readonly InstrumentToken[];
  readonly routingMode: RoutingMode;
  readonly maxWaitMs: number | null;
  readonly onDecline: OnDecline;
  readonly payerId: string | null;
  readonly tier: Tier;
  readonly expiresAt: EpochMs | null;
  readonly returnUrl: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export type AcceptAnswer =
  /** `replayed`: the key's first answer, whatever became of the payment since. */
  { readonly kind: 'accepted'; readonly payment: Payment; readonly replayed: boolean } | Refusal;

export interface Refusal {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  /** JSON Pointer of the field at fault, if one is. */
  readonly pointer?: string;
  /** What the reader needs to act on the code. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

export interface AcceptPaymentParts {
  readonly journal: Pick<PaymentJournal, 'accept' | 'findByKey'>;
  readonly queue: WorkQueue;
  readonly channels: ChannelRegistry;
  readonly instruments: InstrumentBook;
  readonly clock: Clock;
  readonly names: Names;
  readonly log: Log;
  readonly reached: StepProbe;
}

/** An indeterminate commit is asked again for so long; then the caller is told that we do not know (money.md section 3.4). */
const UNDECIDED_MAX_MS = 2_000;

/** The instrument a payment begins with, and its channel. */
interface Way {
  readonly instrument: Instrument;
  readonly entry: ChannelEntry;
}

export class AcceptPayment {
  /** Keys whose commit this process is waiting for, and how many requests wait; bounded by the journal's own bound on waiting rows. */
  private readonly running = new Map<string, number>();

  constructor(private readonly parts: AcceptPaymentParts) {}

  /** Never throws for the caller's faults or for a missing database: both are answers. */
  async accept(command: AcceptCommand): Promise<AcceptAnswer> {
    try {
      return await this.decide(command);
    } catch (error) {
      // A look-up that failed before a refusal: the key may belong to something accepted.
      if (error instanceof JournalUnavailable) return { kind: 'refused', code: 'acceptance_unknown' };
      throw error;
    }
  }

  private async decide(command: AcceptCommand): Promise<AcceptAnswer> {
    const found = await this.findInstruments(command);
    if ('kind' in found) return this.refuseUnlessKnown(command, found);

    const nowMs = this.parts.clock.epochMs();
    const expiresAt = Math.min(command.expiresAt ?? nowMs + LIFETIME_DEFAULT_MS, nowMs + LIFETIME_MAX_MS);
    const way = this.firstAdmitted(command, found, expiresAt, nowMs);
    if ('code' in way) return this.refuseUnlessKnown(command, way);
    this.parts.reached('accept.admitted');
    return this.commit(command, this.draft(command, found, way, expiresAt));
  }

  /**
   * The payer's first choice, if its channel can take the payment. Only a merchant that lets us reroute is served over the next one
   * instead; everybody else is told why, and chooses.
   */
  private firstAdmitted(
    { amount, routingMode }: AcceptCommand,
    instruments: readonly Instrument[],
    expiresAt: EpochMs,
    nowMs: EpochMs,
  ): Way | Refusal {
    let refusal: Refusal | null = null;
    for (const [position, instrument] of instruments.entries()) {
      const entry = this.parts.channels.get(instrument.channelId);
      const pointer = pointerTo(position);
      if (!entry) refusal ??= { kind: 'refused', code: 'channel_unknown', pointer };
      else {
        const admission = decideAdmission(entry.channel, entry.limits, entry.order, amount, expiresAt, nowMs);
        if (admission.kind === 'admit') return { instrument, entry };
        refusal ??= { kind: 'refused', code: admission.code, facts: admission.facts };
      }
      if (routingMode !== 'reroute' && position === 0) break;
    }
    return refusal!;
  }

  /** Every instrument must be known and the merchant's own: a list with a stranger in it is refused whole. */
  private async findInstruments(command: AcceptCommand): Promise<readonly Instrument[] | Refusal> {
    const found: Instrument[] = [];
    for (const [position, token] of command.tokens.entries()) {
      const instrument = await this.parts.instruments.find(command.merchantId, token);
      if (!instrument)
        return {
          kind: 'refused',
          code: 'instrument_unknown',
          pointer: pointerTo(position),
        };
      found.push(instrument);
    }
    return found;
  }

  private draft(
    command: AcceptCommand,
    instruments: readonly Instrument[],
    { entry, instrument }: Way,
    expiresAt: EpochMs,
  ): PaymentDraft {
    const { names } = this.parts;
    const { merchantId, merchantOrderNo } = command;
    const list: PaymentInstrument[] = instruments.map(({ token, channelId, bankToken }) => ({
      token,
      channelId,
      bankToken,
    }));
    const reference: BankReference = paymentReference(merchantId, merchantOrderNo, 1, names.sha256);
    return {
      id: names.paymentId(),
      merchantId,
      merchantOrderNo,
      idempotencyKey: command.idempotencyKey,
      fingerprint: command.fingerprint,
      amount: command.amount,
      instruments: list,
      routingMode: command.routingMode,
      maxWaitMs: command.maxWaitMs,
      onDecline: command.onDecline,
      payerId: command.payerId,
      // Without a payer the order stands in for one: stable through the checkout, which is what a cohort is for.
      payerCohort: shardOf(merchantId, command.payerId ?? merchantOrderNo, PAYER_COHORTS, names.sha256),
      tier: command.tier,
      shard: shardOf(merchantId, merchantOrderNo, SHARDS, names.sha256),
      expiresAt,
      returnUrl: command.returnUrl,
      description: command.description,
      metadata: command.metadata,
      channelId: entry.channel.id,
      instrumentToken: instrument.token,
      bankReference: reference,
      limitRevision: entry.limits.revision,
    };
  }

  private async commit(command: AcceptCommand, draft: PaymentDraft): Promise<AcceptAnswer> {
    const key = runningKey(command);
    // Two requests with one key may run at once; the key is free again when the last one knows.
    this.running.set(key, (this.running.get(key) ?? 0) + 1);
    try {
      return await this.commitUntilKnown(command, draft);
    } finally {
      const others = this.running.get(key)! - 1;
      if (others > 0) this.running.set(key, others);
      else this.running.delete(key);
    }
  }

  private async commitUntilKnown(command: AcceptCommand, draft: PaymentDraft): Promise<AcceptAnswer> {
    const { clock, journal, log, reached } = this.parts;
    const startedMs = clock.monotonicMs();
    for (let undecided = false; ;) {
      const commit = await journal.accept(draft);
      switch (commit.kind) {
        case 'committed':
          reached('accept.committed');
          return this.answer(command, draft, commit.value);
        case 'not_committed':
          log.warn('A payment was not accepted: the journal did not take it', {
            reason: commit.reason,
            detail: commit.detail,
          });
          // An earlier try may have landed all the same.
          if (undecided) return { kind: 'refused', code: 'acceptance_unknown' };
          return { kind: 'refused', code: commit.reason === 'unavailable' ? 'storage_unavailable' : 'internal_error' };
        case 'indeterminate':
          // The same insert with the same ids, on another connection: if the first one landed, this one finds it.
          undecided = true;
          if (clock.monotonicMs() - startedMs > UNDECIDED_MAX_MS)
            return { kind: 'refused', code: 'acceptance_unknown' };
      }
    }
  }

  private async answer(command: AcceptCommand, draft: PaymentDraft, result: AcceptResult): Promise<AcceptAnswer> {
    const { payment } = result;
    if (payment.id !== draft.id) return existing(command, payment);
    // The answer to add() changes nothing: a job that is missing is added by the sweeper.
    await this.parts.queue.add('pay', draft.channelId, { paymentId: draft.id, version: payment.head.version });
    this.parts.reached('accept.enqueued');
    return { kind: 'accepted', payment, replayed: false };
  }

  /** A retry of something accepted, or of something whose acceptance is still being written, is never told that it was refused. */
  private async refuseUnlessKnown(command: AcceptCommand, refusal: Refusal): Promise<AcceptAnswer> {
    const { idempotencyKey, merchantId } = command;
    if (this.running.has(runningKey(command))) return { kind: 'refused', code: 'idempotency_in_progress' };
    const known = await this.parts.journal.findByKey(merchantId, idempotencyKey);
    if (known === 'in_progress') return { kind: 'refused', code: 'idempotency_in_progress' };
    return known ? existing(command, known) : refusal;
  }
}

/** Keys have no spaces. */
function runningKey({ idempotencyKey, merchantId }: AcceptCommand): string {
  return `${merchantId} ${idempotencyKey}`;
}

/** Where the n-th of a payment's instruments stands in the body. */
function pointerTo(position: number): string {
  return position === 0 ? '/payment_method/token' : `/alternatives/${position - 1}`;
}

/** A payment is already there under this key or this order number: a replay, or one of two conflicts. */
function existing(command: AcceptCommand, payment: Payment): AcceptAnswer {
  if (payment.idempotencyKey !== command.idempotencyKey) {
    const facts = { payment_id: payment.id };
    return { kind: 'refused', code: 'order_no_conflict', pointer: '/merchant_order_no', facts };
  }
  if (payment.fingerprint !== command.fingerprint) {
    return { kind: 'refused', code: 'idempotency_key_reused', facts: { payment_id: payment.id } };
  }
  return { kind: 'accepted', payment, replayed: true };
}
