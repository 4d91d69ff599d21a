/**
 * Over which instrument does a payment come in, and if over none, why and what instead?
 *
 *   contract, operator ──▶ suggestion taken? ──▶ in, whatever the queue: headroom was held for it
 *                                │ no
 *                                ▼
 *                              door ──▶ in, with its honest time, and with offers where the channel is busy
 *                                │ no
 *                                ▼
 *              reroute: the best other way with headroom      suggest: refused, with offers      queue: refused
 *
 * All of it from memory: nothing is read, nothing stored.
 */
import type {
  Acceptance,
  EpochMs,
  ErrorCode,
  InstrumentToken,
  MerchantId,
  Money,
  PaymentInstrument,
  Reason,
  RoutingMode,
  Suggestion,
  Tier,
} from '#domain';
import { type ChannelFlow, type Reservations, decideAdmission } from '#policy';
import { type AdvisePayer, type Advisee, etaOf, orderOf } from './advise-payer';
import { type Door, patienceOn } from './door';
import type { ChannelEntry, ChannelRegistry } from './ports/channel-registry';
import type { Entrant, ExpectedWait, FlowView } from './ports/flow-view';
import type { SuggestionSeal } from './ports/suggestion-seal';
import type { Clock } from './ports/surroundings';

/** Why something was not accepted. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  /** JSON Pointer of the field at fault, if one is. */
  readonly pointer?: string;
  /** What the reader needs to act on the code. */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** What it was decided from, where it was about room. */
  readonly reason?: Reason;
  /** When asking again is worth it, ms; left out: the code's own wait. */
  readonly retryAfterMs?: number;
  /** What will work instead. */
  readonly suggestions?: readonly Suggestion[];
}

/** A payment that wants to come in. */
export interface Wish {
  readonly merchantId: MerchantId;
  readonly merchantOrderNo: string;
  readonly amount: Money;
  readonly tier: Tier;
  readonly cohort: number;
  readonly routingMode: RoutingMode;
  readonly maxWaitMs: number | null;
  readonly expiresAt: EpochMs;
  readonly suggestionId: string | null;
}

type Way = Pick<PaymentInstrument, 'token' | 'channelId'>;

/** In: the instrument it begins with, and what its first answer says beside the payment. */
export interface Entry<Taken extends Way = Way> {
  readonly kind: 'entered';
  readonly instrument: Taken;
  readonly channel: ChannelEntry;
  readonly wait: ExpectedWait | null;
  readonly acceptance: Acceptance | null;
}

export interface EntranceParts {
  readonly channels: ChannelRegistry;
  readonly door: Door;
  readonly flow: FlowView;
  readonly advise: AdvisePayer;
  readonly reservations: Reservations;
  readonly seal: SuggestionSeal;
  readonly clock: Clock;
}

/** Channels at these levels are worth leaving. */
const WORTH_LEAVING: readonly ChannelFlow['level'][] = ['busy', 'congested'];

export class Entrance {
  constructor(private readonly parts: EntranceParts) {}

  /** @param instruments in the payer's order, the choice first; never empty */
  enter<Taken extends Way>(wish: Wish, instruments: readonly Taken[]): Entry<Taken> | Refusal {
    const chosen = instruments[0]!;
    const first = this.admit(wish, chosen);
    if (first.kind === 'refused')
      return (wish.routingMode === 'reroute' && this.reroute(wish, instruments, first)) || first;
    // Whoever was offered something before has chosen now.
    if (wish.suggestionId === null) this.parts.reservations.decline(orderOf(wish));
    const suggestions = this.offersBeside(wish, instruments, first);
    return { ...first, acceptance: this.acceptanceOf(first, suggestions, null) };
  }

  /** This one instrument and no other: for a payer who switches to it. */
  admit<Taken extends Way>(wish: Wish, instrument: Taken): Entry<Taken> | Refusal {
    const { channels, clock, door, flow } = this.parts;
    const channel = channels.get(instrument.channelId);
    if (!channel) return { kind: 'refused', code: 'channel_unknown', pointer: '/payment_method/token' };
    const nowMs = clock.epochMs();
    const admission = decideAdmission(
      channel.channel,
      channel.limits,
      channel.order,
      wish.amount,
      wish.expiresAt,
      nowMs,
    );
    if (admission.kind === 'refuse') {
      const retryAfterMs = untilEnd(channel, channels.nowMs());
      return { kind: 'refused', code: admission.code, facts: admission.facts, ...(retryAfterMs && { retryAfterMs }) };
    }
    const entrant = this.entrantOf(wish, channel);
    if (wish.suggestionId !== null) {
      const refusal = this.claim(wish.suggestionId, wish, instrument, entrant);
      return (
        refusal ?? { kind: 'entered', instrument, channel, wait: flow.expect(instrument.channelId), acceptance: null }
      );
    }
    const verdict = door.ask(channel, entrant);
    if (verdict.kind === 'admit') return { kind: 'entered', instrument, channel, wait: verdict.wait, acceptance: null };
    return refusalOf(verdict.code, verdict.reason, verdict.retryAfterMs);
  }

  /** A refusal with what will work instead, held for the payer. Nothing for callers who only want to wait. */
  withOffers(refusal: Refusal, wish: Wish, instruments: readonly Way[], tried: ReadonlySet<string> = NONE): Refusal {
    if (wish.routingMode === 'queue') return refusal;
    const why: Reason = refusal.reason ?? { code: refusal.code, ...refusal.facts, channel: instruments[0]!.channelId };
    const occasion = { why, mayWait: refusal.code === 'deadline_unreachable' };
    return { ...refusal, suggestions: this.parts.advise.offer(adviseeOf(wish, instruments, tried), occasion) };
  }

  /** The suggestion is good, and nothing hard has come between: the payer is let in, past the queue's bounds. */
  private claim(id: string, wish: Wish, { channelId, token }: Way, entrant: Entrant): Refusal | null {
    const { clock, flow, reservations, seal } = this.parts;
    const opened = seal.open(id, { ...wish, token }, clock.epochMs());
    if (opened.kind !== 'valid')
      return { kind: 'refused', code: `suggestion_${opened.kind}`, pointer: '/suggestion_id' };
    const stopped = refusalOfStop(flow.get(channelId));
    flow.noteDemand(entrant, stopped === null);
    if (stopped) return stopped;
    reservations.claim(orderOf(wish), channelId, opened.rank, clock.monotonicMs());
    return null;
  }

  private reroute<Taken extends Way>(wish: Wish, instruments: readonly Taken[], first: Refusal): Entry<Taken> | null {
    const { advise, channels, flow } = this.parts;
    const others = instruments.slice(1);
    const moved = (instrument: Taken, wait: ExpectedWait | null): Entry<Taken> => {
      const { channelId, token } = instrument;
      const reason: Reason = {
        code: 'rerouted_at_admission',
        from: instruments[0]!.channelId,
        to: channelId,
        because: first.code,
      };
      const entry = { kind: 'entered' as const, instrument, channel: channels.get(channelId)!, wait };
      return { ...entry, acceptance: this.acceptanceOf(entry, [], { token, channelId, reason }) };
    };
    const taken = advise.take(adviseeOf(wish, instruments, NONE));
    if (taken) {
      const instrument = others.find(({ token }) => token === taken.token)!;
      flow.noteDemand(this.entrantOf(wish, channels.get(instrument.channelId)!), true);
      return moved(instrument, taken.wait);
    }
    // Where no controller has spoken of a channel, its static limits decide, in the payer's order.
    for (const instrument of others) {
      if (flow.get(instrument.channelId)) continue;
      const entry = this.admit({ ...wish, suggestionId: null }, instrument);
      if (entry.kind === 'entered') return moved(instrument, entry.wait);
    }
    return null;
  }

  private offersBeside(wish: Wish, instruments: readonly Way[], { instrument, wait }: Omit<Entry, 'acceptance'>) {
    const { advise, flow } = this.parts;
    const now = flow.get(instrument.channelId);
    const isAsked = wish.routingMode === 'suggest' && wish.suggestionId === null && instruments.length > 1;
    if (!isAsked || !now || !wait || !WORTH_LEAVING.includes(now.level)) return [];
    const suggestions = advise.offer(adviseeOf(wish, instruments, NONE), { why: whyLeave(now, wait), mayWait: true });
    // That it waits, and how long, is said already: staying is worth a line only beside another way.
    return suggestions.some(({ id }) => id !== null) ? suggestions : [];
  }

  private acceptanceOf(
    { instrument, wait }: Pick<Entry, 'instrument' | 'wait'>,
    suggestions: readonly Suggestion[],
    rerouted: Acceptance['rerouted'],
  ): Acceptance | null {
    const { clock, flow } = this.parts;
    if (!wait && !rerouted && suggestions.length === 0) return null;
    const asOf = Math.floor(clock.epochMs() - (flow.ageMs() ?? 0));
    const queue = wait && flow.get(instrument.channelId) ? { ahead: wait.ahead, etaMs: etaOf(wait), asOf } : null;
    return { queue, suggestions, rerouted };
  }

  private entrantOf(wish: Wish, channel: ChannelEntry): Entrant {
    const { cohort, merchantId, tier } = wish;
    const lifetimeMs = wish.expiresAt - this.parts.clock.epochMs();
    const patienceMs = patienceOn(channel, { ...wish, lifetimeMs });
    return { channelId: channel.channel.id, merchantId, tier, cohort, patienceMs };
  }
}

const NONE: ReadonlySet<InstrumentToken> = new Set();

/** Why a payer might leave a channel that took the payment all the same. */
export function whyLeave({ backlog, channelId, level }: ChannelFlow, { p90Ms }: Pick<ExpectedWait, 'p90Ms'>): Reason {
  return { code: `channel_${level}`, channel: channelId, waiting: backlog, wait_p90_ms: Math.round(p90Ms) };
}

/** A window of hours is looked at again within one: it may be called off. */
const RETRY_MAX_MS = 3_600_000;

/** Until an operator's order ends by itself, ms; null where none stands or nobody knows. */
function untilEnd({ order }: ChannelEntry, nowMs: EpochMs): number | null {
  if (order === null || order.until === null) return null;
  return Math.min(RETRY_MAX_MS, Math.max(1_000, order.until - nowMs));
}

/** A payment that comes in has had no attempt yet. */
function adviseeOf(wish: Wish, instruments: readonly Way[], tried: ReadonlySet<string>): Advisee {
  return { ...wish, instruments, chosen: instruments[0]!.token, tried, unknownOpen: false };
}

function refusalOf(code: ErrorCode, reason: Reason, retryAfterMs: number | null): Refusal {
  const { channel } = reason;
  const facts: Record<string, string> = typeof channel === 'string' ? { channel } : {};
  return { kind: 'refused', code, facts, reason, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}

/** What stops even a payer for whom headroom was held: an operator, or a bank that is not there. */
export function refusalOfStop(flow: ChannelFlow | null): Refusal | null {
  if (!flow) return null;
  const { breaker, channelId, hold } = flow;
  if (hold !== null && hold !== 'pause') {
    const code =
      hold === 'drain' ? 'channel_draining' : hold === 'maintenance' ? 'channel_maintenance' : 'channel_closed';
    return refusalOf(code, { code: 'held_by_operator', channel: channelId, hold }, null);
  }
  if (breaker.state === 'closed' || breaker.state === 'ramping') return null;
  const reason: Reason = { code: 'breaker_open', channel: channelId, breaker: breaker.state };
  return refusalOf('channel_breaker_open', reason, breaker.reopensInMs);
}
