/**
 * Asks a bank to undo an attempt, again and again under one reference, until it says that it has or that it will not (money rule 5).
 *
 * The row in `requested` is the write-ahead. No epoch and no send-by guard these calls: a second owner or a sleeper that wakes up sends
 * the same reference, and the bank answers it with its first decision.
 */
import type { Attempt, Channel, Payment, Reversal, Transition } from '#domain';
import { attemptSubject } from '#domain';
import { GIVE_BACK_SCHEDULE_MS, TRIES_UNTIL_A_PERSON, nextLookMs, weighReversal } from '#policy';
import type { ChannelEntry, ChannelRegistry } from './ports/channel-registry';
import type { Connector } from './ports/connector';
import type { FindReroute } from './find-reroute';
import { mayAsk } from './may-ask';
import type { PaymentJournal } from './ports/payment-journal';
import type { ReversalJournal } from './ports/reversal-journal';
import type { Clock, Log, Meters } from './ports/surroundings';
import type { WorkQueue } from './ports/work-queue';
import type { Worklist } from './ports/worklist';
import type { SettleAttempt } from './settle-attempt';
import type { StepProbe } from './steps';

export interface CarryReversalParts {
  readonly journal: PaymentJournal;
  readonly reversals: ReversalJournal;
  readonly queue: WorkQueue;
  readonly worklist: Worklist;
  readonly channels: ChannelRegistry;
  readonly connectorFor: (channel: Channel) => Connector;
  readonly settle: SettleAttempt;
  readonly reroute: FindReroute;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
  readonly reached: StepProbe;
}

/** A payment under reversal hardly moves; more collisions than this mean that something is wrong. The next try comes anyway. */
const COLLISIONS_MAX = 8;

/** Two clocks and a copy of the bank's books lie between its acknowledgement and its inquiries, ms. */
const UNDO_SEEN_MARGIN_MS = 1_000;

export class CarryReversal {
  constructor(private readonly parts: CarryReversalParts) {}

  /** @param reversal as taken from the list of what is due. @throws JournalUnavailable; the lease brings it back */
  async carry(reversal: Reversal): Promise<void> {
    const { channels, journal, reversals } = this.parts;
    const entry = channels.get(reversal.channelId);
    const found = await this.readAttempt(journal, reversal);
    if (!entry?.lines[0] || !found) {
      await reversals.postpone(reversal, nextLookMs(GIVE_BACK_SCHEDULE_MS, reversal.tries));
      return;
    }
    if (reversal.state === 'requested') await this.reverse(entry, reversal, ...found);
    else await this.lookInto(entry, reversal, ...found);
  }

  private async reverse(entry: ChannelEntry, reversal: Reversal, payment: Payment, attempt: Attempt): Promise<void> {
    const { channels, connectorFor, log, meters, reached, reversals } = this.parts;
    const { channelId } = reversal;
    const connector = connectorFor(entry.channel);
    reached('reverse.sending');
    const exchange = await connector.reverse(
      { channelId, line: entry.lines[0]! },
      { reference: reversal.bankReference, originalReference: reversal.originalReference },
      { timeoutMs: entry.limits.timeoutMs, maySend: mayAsk(channels, channelId) },
    );
    reached('reverse.answered');
    const evidence = connector.classifyUndo(exchange);
    meters.observeMs('sluice_bank_call_ms', exchange.elapsedMs, { channel: channelId, operation: 'reverse' });
    meters.count('sluice_bank_answers_total', { channel: channelId, operation: 'reverse', class: evidence.class });
    let [current, about] = [payment, attempt];
    for (let tries = 0; tries < COLLISIONS_MAX; tries += 1) {
      const contract = connector.capabilities(channelId);
      const reroute = reversal.purpose === 'reroute' ? await this.parts.reroute.find(current, about) : null;
      const verdict = weighReversal(current, about, reversal, evidence, contract, reroute?.leg, current.readAt);
      if (verdict.kind === 'again') {
        if (verdict.alert) {
          log.error(verdict.alert.message, { alert: verdict.alert.code, payment: current.id, leg: about.leg });
          meters.count('sluice_alerts_total', { alert: verdict.alert.code });
        }
        await this.tellPeople(reversal);
        await reversals.postpone(reversal, verdict.inMs);
        return;
      }
      const commit = await this.parts.journal.apply(verdict.transition);
      if (commit.kind === 'committed' && commit.value.outcome === 'applied') {
        reached('reverse.settled');
        await this.resolve(reversal);
        await this.goOn(current, about, verdict.transition, commit.value.version);
        return;
      }
      if (commit.kind === 'not_committed') {
        log.error('The answer to a reversal could not be written; it is asked again', {
          payment: current.id,
          leg: about.leg,
          detail: commit.detail,
        });
        return;
      }
      // Stale or undecided: what is there now decides. A reversal that is settled by now needs nothing more.
      const now = await reversals.find(reversal.paymentId, reversal.leg);
      const read = await this.readAttempt(this.parts.journal, reversal);
      if (now?.state !== 'requested' || !read) return;
      [current, about] = read;
    }
  }

  /** What the transition leaves to do at once, as a hint: the journal remembers it too. */
  private async goOn(payment: Payment, attempt: Attempt, transition: Transition, version: number): Promise<void> {
    const job = { paymentId: payment.id, version };
    const { nextLeg } = transition;
    if (nextLeg) await this.parts.queue.add('pay', nextLeg.channelId, job);
    else if (transition.attempt?.state === 'unknown') await this.parts.queue.add('inquiry', attempt.channelId, job);
  }

  /**
   * The bank acknowledged the undo, and somebody says that it charged. It is asked now; only what it says of the time after its
   * acknowledgement counts, so the inquiry waits until the bank's books show it.
   */
  private async lookInto(entry: ChannelEntry, reversal: Reversal, payment: Payment, attempt: Attempt): Promise<void> {
    const { channels, connectorFor, meters, reversals, settle } = this.parts;
    const connector = connectorFor(entry.channel);
    const { channelId } = reversal;
    const contract = connector.capabilities(channelId);
    const seenMs =
      Math.max(reversal.settledAt ?? 0, reversal.doubtedAt ?? 0) + contract.inquiryLagMs + UNDO_SEEN_MARGIN_MS;
    const waitMs = seenMs - payment.readAt;
    if (waitMs > 0) {
      await reversals.postpone(reversal, waitMs);
      return;
    }
    const exchange = await connector.inquire(
      { channelId, line: entry.lines[0]! },
      { reference: attempt.bankReference },
      { timeoutMs: entry.limits.timeoutMs, maySend: mayAsk(channels, channelId) },
    );
    const evidence = connector.classify('inquire', exchange);
    meters.count('sluice_bank_answers_total', { channel: channelId, operation: 'inquire', class: evidence.class });
    const ours = evidence.class === 'declined' && evidence.reference === attempt.bankReference;
    if (ours || evidence.class === 'not_found') {
      await reversals.trust(reversal);
      return;
    }
    const settled = await settle.settle(payment, attempt, evidence, 'inquiry', contract, { askedAfterUndo: true });
    if (settled.kind === 'moved') return;
    if (settled.kind === 'stayed' && attempt.state === 'succeeded') await reversals.trust(reversal);
    else await reversals.postpone(reversal, GIVE_BACK_SCHEDULE_MS.at(-1)!);
  }

  /** After so many tries a person's worklist, never silence; each further try makes sure that it is there. */
  private async tellPeople({
    bankReference,
    channelId,
    leg,
    originalReference,
    paymentId,
    tries,
  }: Reversal): Promise<void> {
    if (tries < TRIES_UNTIL_A_PERSON) return;
    const facts = { reference: bankReference, undoes: originalReference };
    const subject = attemptSubject(paymentId, leg);
    await this.parts.worklist.add({ kind: 'reversal_unanswered', subject, paymentId, leg, channelId, facts });
  }

  private async resolve({ leg, paymentId, tries }: Reversal): Promise<void> {
    if (tries < TRIES_UNTIL_A_PERSON) return;
    await this.parts.worklist.resolve('reversal_unanswered', attemptSubject(paymentId, leg), 'The bank has answered');
  }

  private async readAttempt(journal: PaymentJournal, reversal: Reversal): Promise<[Payment, Attempt] | null> {
    const payment = await journal.readByBankReference(reversal.originalReference);
    return payment?.attempt ? [payment, payment.attempt] : null;
  }
}
