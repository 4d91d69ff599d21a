/**
 * Ranks a payer's instruments for the cashier page, before anything is posted. A choice that works is said first, and nothing is held; one
 * that does not is answered with offers, for which headroom is held.
 *
 * The order may be known already: then it is advised as it stands, and not at all once money may be on its way (money rule 3).
 */
import type { ChannelId, EpochMs, Instrument, InstrumentToken, MerchantId, Money, Payment, Suggestion } from '#domain';
import { LIFETIME_DEFAULT_MS, decideAdmission } from '#policy';
import type { AdvisePayer, Advisee, Occasion } from './advise-payer';
import { type Refusal, refusalOfStop, whyLeave } from './entrance';
import type { ChannelRegistry, InstrumentBook } from './ports/channel-registry';
import type { FlowView } from './ports/flow-view';
import type { PayerInstruments } from './ports/payer-instruments';
import type { PaymentJournal } from './ports/payment-journal';
import type { Clock } from './ports/surroundings';
import { placeInQueue } from './queue-place';

export interface SuggestCommand {
  readonly merchantId: MerchantId;
  readonly merchantOrderNo: string;
  readonly amount: Money;
  /** The preferred one first; null: those stored for the payer. */
  readonly tokens: readonly InstrumentToken[] | null;
  readonly payerId: string | null;
  readonly maxWaitMs: number | null;
}

export type SuggestAnswer =
  | {
      readonly kind: 'suggested';
      readonly suggestions: readonly Suggestion[];
      /** Of the payer's choice; null: the payer has no instrument. */
      readonly channelId: ChannelId | null;
    }
  | Refusal;

export interface SuggestWaysParts {
  readonly journal: Pick<PaymentJournal, 'findByOrderNo' | 'triedInstruments'>;
  readonly advise: AdvisePayer;
  readonly channels: ChannelRegistry;
  readonly flow: FlowView;
  readonly instruments: InstrumentBook;
  readonly payerInstruments: Pick<PayerInstruments, 'list'>;
  readonly clock: Clock;
}

export class SuggestWays {
  constructor(private readonly parts: SuggestWaysParts) {}

  /** @throws JournalUnavailable */
  async suggest(command: SuggestCommand): Promise<SuggestAnswer> {
    const { advise, journal } = this.parts;
    const { merchantId, merchantOrderNo } = command;
    const found = await this.find(command);
    if ('kind' in found) return found;
    const payment = await journal.findByOrderNo(merchantId, merchantOrderNo);
    const tried = payment && payment.head.version > 1 ? await journal.triedInstruments(payment.id) : [];
    const instruments = payment ? withCurrent(found, payment) : found;
    const [first] = instruments;
    if (!first) return { kind: 'suggested', suggestions: [], channelId: null };
    const now = this.parts.clock.epochMs();
    const advisee: Advisee = {
      ...command,
      instruments,
      chosen: first.token,
      routingMode: 'suggest',
      expiresAt: payment?.expiresAt ?? now + LIFETIME_DEFAULT_MS,
      tried: new Set(tried),
      unknownOpen: payment !== null && !mayChoose(payment),
      staysFor: (payment && placeInQueue(payment, this.parts.flow, now)?.etaMs) ?? null,
    };
    const suggestions =
      (payment ? null : advise.list(advisee)) ??
      advise.offer(advisee, declined(payment) ?? this.occasion(advisee, first, now));
    return { kind: 'suggested', suggestions, channelId: first.channelId };
  }

  private async find({ merchantId, payerId, tokens }: SuggestCommand): Promise<readonly Way[] | Refusal> {
    if (tokens === null) return payerId === null ? [] : this.parts.payerInstruments.list(merchantId, payerId);
    const found: Instrument[] = [];
    for (const [position, token] of tokens.entries()) {
      const instrument = await this.parts.instruments.find(merchantId, token);
      if (!instrument) return { kind: 'refused', code: 'instrument_unknown', pointer: `/instruments/${position}` };
      found.push(instrument);
    }
    return found;
  }

  /** Why the choice should be left: what a payment over it would be told now. */
  private occasion({ amount, expiresAt }: Advisee, { channelId }: Way, now: EpochMs): Occasion {
    const { channels, flow } = this.parts;
    const entry = channels.get(channelId);
    if (!entry) return { why: { code: 'channel_unknown', channel: channelId }, mayWait: false };
    const admission = decideAdmission(entry.channel, entry.limits, entry.order, amount, expiresAt, now);
    if (admission.kind === 'refuse') return { why: { code: admission.code, ...admission.facts }, mayWait: false };
    const known = flow.get(channelId);
    const stop = refusalOfStop(known);
    if (stop) return { why: stop.reason ?? { code: stop.code, channel: channelId }, mayWait: false };
    const wait = flow.expect(channelId);
    if (!known || !wait) return { why: { code: 'channel_normal', channel: channelId }, mayWait: true };
    return { why: whyLeave(known, wait), mayWait: true };
  }
}

type Way = Pick<Instrument, 'token' | 'channelId'>;

/** What the payment waits for stands first, whether the caller listed it or not. */
function withCurrent(instruments: readonly Way[], { head }: Payment): readonly Way[] {
  const current = { token: head.instrumentToken, channelId: head.channelId };
  return [current, ...instruments.filter(({ token }) => token !== current.token)];
}

/** A bank has said no: that is why, and there is no staying. */
export function declined(payment: Payment | null): Occasion | null {
  if (payment?.head.state !== 'requires_payment_method') return null;
  return { why: payment.head.reason ?? { code: 'declined' }, mayWait: false };
}

/** Nothing of it is at a bank, and it is not over. */
function mayChoose({ head: { state } }: Payment): boolean {
  return state === 'queued' || state === 'requires_payment_method';
}
