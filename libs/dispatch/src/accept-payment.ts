/**
 * Accepting a payment: admission, then the commit, which *is* the acceptance, then the job as a hint. See money.md section 3.
 *
 * A refusal never answers a retry of something accepted: before any refusal the key is looked up.
 */
import type {
  BankReference,
  EpochMs,
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
import { LIFETIME_DEFAULT_MS, LIFETIME_MAX_MS } from '#policy';
import type { Entrance, Entry, Refusal, Wish } from './entrance';
import type { InstrumentBook } from './ports/channel-registry';
import { JournalUnavailable } from './ports/commit';
import type { FlowView } from './ports/flow-view';
import type { PayerInstruments } from './ports/payer-instruments';
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
  /** Add the payer's stored instruments after these; needs a payer. */
  readonly withStored: boolean;
  /** An offer that is taken, with the headroom that is held for it. */
  readonly suggestionId: string | null;
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

/** Not let in; what the caller hears is settled when the key has been looked up. */
interface TurnedAway {
  readonly kind: 'turned_away';
  readonly refusal: Refusal;
  readonly complete: () => Refusal;
}

export interface AcceptPaymentParts {
  readonly journal: Pick<PaymentJournal, 'accept' | 'findByKey'>;
  readonly queue: WorkQueue;
  readonly entrance: Entrance;
  readonly flow: Pick<FlowView, 'noteAccepted'>;
  readonly instruments: InstrumentBook;
  readonly payerInstruments: Pick<PayerInstruments, 'list'>;
  readonly clock: Clock;
  readonly names: Names;
  readonly log: Log;
  readonly reached: StepProbe;
}

/** An indeterminate commit is asked again for so long; then the caller is told that we do not know (money.md section 3.4). */
const UNDECIDED_MAX_MS = 2_000;

/** More than a cashier page shows: the choice and seven others. */
const INSTRUMENTS_MAX = 8;

export class AcceptPayment {
  /** Keys that this process is about to accept or refuse, and how many requests are at it; bounded by the requests it has in hand. */
  private readonly running = new Map<string, number>();

  constructor(private readonly parts: AcceptPaymentParts) {}

  /** Never throws for the caller's faults or for a missing database: both are answers. */
  accept(command: AcceptCommand): Promise<AcceptAnswer> {
    return this.answered(async () => {
      const decided = await this.whileRunning(command, () => this.decide(command));
      if (decided.kind !== 'turned_away') return decided;
      return this.refuseUnlessKnown(command, decided.refusal, decided.complete);
    });
  }

  /** Refuses without deciding, for a process that protects itself; a retry of something accepted has its first answer all the same. */
  turnAway(command: AcceptCommand, refusal: Refusal): Promise<AcceptAnswer> {
    return this.answered(() => this.refuseUnlessKnown(command, refusal));
  }

  private async answered(answer: () => Promise<AcceptAnswer>): Promise<AcceptAnswer> {
    try {
      return await answer();
    } catch (error) {
      // A look-up that failed before a refusal: the key may belong to something accepted.
      if (error instanceof JournalUnavailable) return { kind: 'refused', code: 'acceptance_unknown' };
      throw error;
    }
  }

  private async decide(command: AcceptCommand): Promise<AcceptAnswer | TurnedAway> {
    const found = await this.findInstruments(command);
    if ('kind' in found) return { kind: 'turned_away', refusal: found, complete: () => found };

    const nowMs = this.parts.clock.epochMs();
    const expiresAt = Math.min(command.expiresAt ?? nowMs + LIFETIME_DEFAULT_MS, nowMs + LIFETIME_MAX_MS);
    const wish = this.wishOf(command, expiresAt);
    const entry = this.parts.entrance.enter(wish, found);
    if (entry.kind === 'refused') {
      // Offers hold headroom: they are made only once it is certain that this is no retry of something accepted.
      const complete = () => this.parts.entrance.withOffers(entry, wish, found);
      return { kind: 'turned_away', refusal: entry, complete };
    }
    this.parts.reached('accept.admitted');
    return this.commitUntilKnown(command, this.draft(command, found, entry, wish), entry);
  }

  private wishOf(command: AcceptCommand, expiresAt: EpochMs): Wish {
    const { merchantId, merchantOrderNo, payerId } = command;
    // Without a payer the order stands in for one: stable through the checkout, which is what a cohort is for.
    const cohort = shardOf(merchantId, payerId ?? merchantOrderNo, PAYER_COHORTS, this.parts.names.sha256);
    return { ...command, cohort, expiresAt };
  }

  /** Every instrument must be known and the merchant's own: a list with a stranger in it is refused whole. */
  private async findInstruments(command: AcceptCommand): Promise<readonly Instrument[] | Refusal> {
    const found: Instrument[] = [];
    for (const [position, token] of (await this.tokensOf(command)).entries()) {
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

  /** Those sent with the payment, then the stored ones that were not. */
  private async tokensOf({
    merchantId,
    payerId,
    tokens,
    withStored,
  }: AcceptCommand): Promise<readonly InstrumentToken[]> {
    if (!withStored || payerId === null) return tokens;
    const stored = await this.parts.payerInstruments.list(merchantId, payerId);
    return [...new Set([...tokens, ...stored.map(({ token }) => token)])].slice(0, INSTRUMENTS_MAX);
  }

  private draft(
    command: AcceptCommand,
    instruments: readonly Instrument[],
    { acceptance, channel, instrument }: Entry<Instrument>,
    { cohort, expiresAt }: Wish,
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
      payerCohort: cohort,
      tier: command.tier,
      shard: shardOf(merchantId, merchantOrderNo, SHARDS, names.sha256),
      expiresAt,
      returnUrl: command.returnUrl,
      description: command.description,
      metadata: command.metadata,
      acceptance,
      channelId: channel.channel.id,
      instrumentToken: instrument.token,
      bankReference: reference,
      limitRevision: channel.limits.revision,
    };
  }

  /** Two requests with one key may run at once; the key is free again when the last one knows. */
  private async whileRunning<Result>(command: AcceptCommand, work: () => Promise<Result>): Promise<Result> {
    const key = runningKey(command);
    this.running.set(key, (this.running.get(key) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const others = this.running.get(key)! - 1;
      if (others > 0) this.running.set(key, others);
      else this.running.delete(key);
    }
  }

  private async commitUntilKnown(command: AcceptCommand, draft: PaymentDraft, entry: Entry): Promise<AcceptAnswer> {
    const { clock, journal, log, reached } = this.parts;
    const startedMs = clock.monotonicMs();
    for (let undecided = false; ;) {
      const commit = await journal.accept(draft);
      switch (commit.kind) {
        case 'committed':
          reached('accept.committed');
          return this.answer(command, draft, commit.value, entry);
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

  private answer(
    command: AcceptCommand,
    draft: PaymentDraft,
    { payment }: AcceptResult,
    { wait }: Entry,
  ): AcceptAnswer {
    if (payment.id !== draft.id) return existing(command, payment);
    if (wait) this.parts.flow.noteAccepted(draft.id, draft.channelId, wait);
    // It is durable, and the caller hears so at once: what comes of add() changes nothing, since the sweeper adds a job that is missing.
    const job = { paymentId: draft.id, version: payment.head.version };
    void this.parts.queue.add('pay', draft.channelId, job).then(() => this.parts.reached('accept.enqueued'));
    return { kind: 'accepted', payment, replayed: false };
  }

  /** A retry of something accepted, or of something whose acceptance is still being written, is never told that it was refused. */
  private async refuseUnlessKnown(
    command: AcceptCommand,
    refusal: Refusal,
    complete: () => Refusal = () => refusal,
  ): Promise<AcceptAnswer> {
    const { idempotencyKey, merchantId } = command;
    const known = this.running.has(runningKey(command))
      ? 'in_progress'
      : await this.parts.journal.findByKey(merchantId, idempotencyKey);
    // Asked again: another request with this key may have begun while the journal was looked through.
    if (known === 'in_progress' || (!known && this.running.has(runningKey(command))))
      return { kind: 'refused', code: 'idempotency_in_progress' };
    return known ? existing(command, known) : complete();
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
