/**
 * Carries one payment to its bank: the attempt is committed as `dispatched`, then and only then the bytes leave, then the answer is
 * written. See money.md section 4. A job that comes twice, late, or for a payment that moved on, does nothing.
 */
import { type Attempt, type Channel, type Evidence, type Line, type Payment, effectOf } from '#domain';
import { type ChannelScores, type RetryBudget, channelWorked } from '#policy';
import type { Connector } from './ports/connector';
import type { ChannelEntry, ChannelRegistry, InstrumentBook } from './ports/channel-registry';
import type { DispatchClaim, DispatchResult, PaymentJournal } from './ports/payment-journal';
import type { SendPace, SendSlot } from './ports/send-pace';
import type { Clock, Log, Meters, Names } from './ports/surroundings';
import type { SettleAttempt } from './settle-attempt';
import type { StepProbe } from './steps';

/** Which shards this process owns, and in which epoch. */
export interface ShardOwnership {
  /** Epoch by shard id; 0 where another site owns the shard. */
  epochs(): readonly number[];
}

export interface DispatchPaymentParts {
  readonly journal: PaymentJournal;
  readonly channels: ChannelRegistry;
  readonly instruments: InstrumentBook;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly shards: ShardOwnership;
  readonly settle: SettleAttempt;
  /** Holds the contract's rate. */
  readonly pace: SendPace;
  /** Told how each call went; what rerouting goes by. */
  readonly scores: ChannelScores;
  /** Told of each payment's first try: a tenth of them is what may be tried again. */
  readonly budget: RetryBudget;
  readonly clock: Clock;
  readonly names: Names;
  readonly log: Log;
  readonly meters: Meters;
  readonly reached: StepProbe;
  /** Base of the address at which banks reach us, for notifications; `null`: banks cannot. */
  readonly notifyBaseUrl: string | null;
}

type Dispatch = Extract<DispatchResult, { outcome: 'dispatched' }>;

/** What one call to the bank needs beside the payment. */
interface Call {
  readonly connector: Connector;
  readonly line: Line;
  readonly bankToken: string;
  readonly slot: SendSlot;
  readonly startedMs: number;
}

type Claim = Pick<DispatchClaim, 'paymentId' | 'version' | 'channelId'>;

/**
 * What became of the job; every one of them ends it, for what is left to do is written in the journal. `held`: the channel is closed or
 * an operator has stopped it; nothing was sent, and the sweeper brings the payment back.
 */
export type Dispatched = 'answered' | 'skipped' | 'undecided' | 'unavailable' | 'held';

/** No byte leaves later than this after the statement began (money.md section 4): a process that slept must not send. */
export const SEND_WITHIN_MS = 2_000;

/** A slot that comes later than this leaves no time to open a connection before SEND_WITHIN_MS. */
const SLOT_WITHIN_MS = 1_800;

export class DispatchPayment {
  constructor(private readonly parts: DispatchPaymentParts) {}

  /**
   * @param version of the payment for which the job was made
   * @returns only after the outcome is written, or is left to the sweeper
   */
  async dispatch(claim: Claim): Promise<Dispatched> {
    const { channels, clock, journal, names, reached, shards, log } = this.parts;
    reached('dispatch.taken');
    const entry = channels.get(claim.channelId);
    // Looked at once more before the write ahead: a stop that was ordered while the job was on its way holds.
    if (!mayBeSent(entry)) return 'held';
    const dispatchToken = names.dispatchToken();
    const startedMs = clock.monotonicMs();
    const commit = await journal.dispatch({
      ...claim,
      attemptId: names.attemptId(),
      dispatchToken,
      timeoutMs: entry.limits.timeoutMs,
      epochs: shards.epochs(),
    });
    if (commit.kind !== 'committed') {
      // Undecided: nothing is sent. If the row is there, it is `dispatched`, and an inquiry finds out that the bank has nothing.
      log.warn('A dispatch was not committed; nothing was sent', {
        payment: claim.paymentId,
        fate: commit.kind,
        detail: commit.detail,
      });
      return commit.kind === 'indeterminate' ? 'undecided' : 'unavailable';
    }
    if (commit.value.outcome === 'skipped') {
      if (commit.value.reason === 'deadline') await this.expire(claim);
      return 'skipped';
    }
    reached('dispatch.committed');
    await this.send(commit.value, entry, startedMs, dispatchToken);
    reached('dispatch.settled');
    return 'answered';
  }

  private async send(
    { payment, attempt }: Omit<Dispatch, 'outcome'>,
    entry: ChannelEntry,
    startedMs: number,
    dispatchToken: string,
  ): Promise<void> {
    const { clock, connectorFor, meters, pace, settle } = this.parts;
    const { channelId } = attempt;
    const connector = connectorFor(entry.channel);
    const contract = connector.capabilities(channelId);
    const bankToken = await this.bankTokenOf(payment, attempt);
    const line = entry.lines[0];
    if (bankToken === null || !line) {
      const evidence: Evidence = { class: 'not_sent', reason: line ? 'instrument_not_found' : 'no_line' };
      await settle.settle(payment, attempt, evidence, 'answer', contract, { dispatchToken });
      return;
    }
    const slot = await pace.slot(channelId, SLOT_WITHIN_MS - (clock.monotonicMs() - startedMs));
    try {
      const evidence: Evidence = slot
        ? await this.call({ payment, attempt }, entry, { connector, line, bankToken, slot, startedMs })
        : { class: 'not_sent', reason: 'no_slot_in_time' };
      meters.count('sluice_bank_answers_total', { channel: channelId, operation: 'pay', class: evidence.class });
      await settle.settle(payment, attempt, evidence, 'answer', contract, { dispatchToken });
    } finally {
      slot?.end();
    }
  }

  private async call(
    { payment, attempt }: Omit<Dispatch, 'outcome'>,
    { limits }: ChannelEntry,
    { bankToken, connector, line, slot, startedMs }: Call,
  ): Promise<Evidence> {
    const { budget, channels, clock, meters, notifyBaseUrl, reached, scores } = this.parts;
    const { channelId } = attempt;
    const maySend = (): boolean => {
      if (clock.monotonicMs() - startedMs >= SEND_WITHIN_MS) return false;
      // An operator's stop may have come while the payment waited for its slot or its connection: not a byte leaves after it.
      if (!mayBeSent(channels.get(channelId))) return false;
      slot.stamp();
      return true;
    };
    if (attempt.leg === 1) budget.tried(channelId, clock.monotonicMs());
    reached('dispatch.sending');
    const exchange = await connector.pay(
      { channelId, line },
      {
        reference: attempt.bankReference,
        amount: payment.amount,
        bankToken,
        sendBy: attempt.sendBy,
        description: payment.description,
        returnUrl: payment.returnUrl,
        actionExpiresAt: payment.expiresAt,
        notifyUrl: notifyBaseUrl === null ? null : `${notifyBaseUrl}/${channelId}`,
      },
      { timeoutMs: limits.timeoutMs, maySend },
    );
    slot.answered();
    reached('dispatch.answered');
    meters.observeMs('sluice_bank_call_ms', exchange.elapsedMs, { channel: channelId, operation: 'pay' });
    const evidence = connector.classify('pay', exchange);
    scores.record(channelId, channelWorked(evidence), clock.monotonicMs());
    return evidence;
  }

  /** The instrument as listed with the payment, or as the payer switched to it since. */
  private async bankTokenOf(payment: Payment, { instrumentToken }: Attempt): Promise<string | null> {
    const listed = payment.instruments.find(({ token }) => token === instrumentToken);
    if (listed) return listed.bankToken;
    try {
      const instrument = await this.parts.instruments.find(payment.merchantId, instrumentToken);
      return instrument?.bankToken ?? null;
    } catch (error) {
      this.parts.log.warn('An instrument could not be looked up; nothing was sent', { error: String(error) });
      return null;
    }
  }

  /** A queued payment whose deadline has passed is never sent: it expires here, or at the sweeper's next look. */
  private async expire({ channelId, paymentId, version }: Claim): Promise<void> {
    const payment = await this.parts.journal.read(paymentId);
    // Switched meanwhile, it may have time on its new channel.
    if (payment?.head.state !== 'queued' || payment.head.channelId !== channelId) return;
    if (version !== null && payment.head.version !== version) return;
    await this.parts.journal.apply({
      paymentId,
      version: payment.head.version,
      to: 'expired',
      eventType: 'payment.expired',
      reason: { code: 'deadline_passed', expires_at: payment.expiresAt },
      lookAgainInMs: null,
    });
  }
}

/** The channel is open, and no operator's order holds payments back. */
function mayBeSent(entry: ChannelEntry | undefined): entry is ChannelEntry {
  return entry !== undefined && entry.channel.enabled && effectOf(entry.order).sends;
}
