/**
 * Makes offers: which of a payer's instruments will work now, each with its time, its reason and headroom that is held for it. The ranking
 * and the ledger are policy; here their facts are gathered and the ids are sealed.
 */
import type {
  ChannelId,
  EpochMs,
  Eta,
  InstrumentToken,
  MerchantId,
  Money,
  PaymentInstrument,
  Reason,
  RoutingMode,
  Suggestion,
} from '#domain';
import {
  type Advice,
  OFFER_WINDOW_MS,
  type PayerWay,
  type Reservations,
  decideAdmission,
  rankSuggestions,
} from '#policy';
import { patienceOn } from './door';
import type { ChannelEntry, ChannelRegistry } from './ports/channel-registry';
import type { ExpectedWait, FlowView } from './ports/flow-view';
import type { SuggestionSeal } from './ports/suggestion-seal';
import type { Clock } from './ports/surroundings';

/** Whom to advise about what. */
export interface Advisee {
  readonly merchantId: MerchantId;
  readonly merchantOrderNo: string;
  readonly amount: Money;
  /** In the payer's order. */
  readonly instruments: readonly Pick<PaymentInstrument, 'token' | 'channelId'>[];
  /** The payer's choice, or the instrument the payment waits for. */
  readonly chosen: InstrumentToken;
  readonly routingMode: RoutingMode;
  readonly maxWaitMs: number | null;
  /** The payment's hard stop. */
  readonly expiresAt: EpochMs;
  readonly tried: ReadonlySet<string>;
  readonly unknownOpen: boolean;
  /** How long it still takes over the choice, for a payment that waits already; left out: as long as for a newcomer. */
  readonly staysFor?: Eta | null;
}

/** Why it is advised, and whether staying is a choice. */
export interface Occasion {
  readonly why: Reason;
  readonly mayWait: boolean;
}

export interface AdvisePayerParts {
  readonly channels: ChannelRegistry;
  readonly flow: FlowView;
  readonly reservations: Reservations;
  readonly seal: SuggestionSeal;
  readonly clock: Clock;
  /** Chance from 0 to below 1. */
  readonly random: () => number;
}

export class AdvisePayer {
  constructor(private readonly parts: AdvisePayerParts) {}

  /** Ways that will work, best first, with headroom held for each; what the order was offered before is released. */
  offer(advisee: Advisee, { mayWait, why }: Occasion): readonly Suggestion[] {
    const { clock, random, reservations } = this.parts;
    const order = orderOf(advisee);
    reservations.release(order);
    const ranked = rankSuggestions({ ...this.questionOf(advisee), mayWait }, random);
    const nowMs = clock.monotonicMs();
    const channels = ranked.filter(({ kind }) => kind !== 'wait').map(({ way }) => way.channelId);
    const budgetOf = (channelId: ChannelId): number => this.budgetOn(channelId);
    const held = reservations.offer(order, channels, budgetOf, nowMs, advisee.merchantId);
    const rankOf = new Map(held.map(({ channelId, rank }) => [channelId, rank]));
    const expiresAt = Math.floor(clock.epochMs()) + OFFER_WINDOW_MS;
    return ranked.flatMap((advice): Suggestion[] => {
      if (advice.kind === 'wait') return [this.suggest(advice, why, null)];
      const rank = rankOf.get(advice.way.channelId);
      if (rank === undefined) return [];
      const id = this.parts.seal.seal({ ...advisee, token: advice.way.token }, rank, expiresAt);
      return [this.suggest(advice, why, { id, expiresAt })];
    });
  }

  /**
   * All ways of a payer whose choice works as it is: first that, then the others. Nothing is held: whoever takes one comes as its
   * channel's own customer.
   * @returns null where the choice does not work as it is
   */
  list(advisee: Advisee): readonly Suggestion[] | null {
    const question = this.questionOf(advisee);
    const chosen = question.ways.find(({ token }) => token === advisee.chosen);
    if (!chosen?.admitted || (chosen.flow && chosen.flow.level !== 'normal')) return null;
    const others = rankSuggestions({ ...question, mayWait: false }, this.parts.random);
    const why: Reason = { code: 'channel_normal', channel: chosen.channelId };
    return [{ kind: 'as_chosen' as const, way: chosen }, ...others].map((advice) => this.suggest(advice, why, null));
  }

  /** Moves a payment at once to the best other way, within headroom that nobody was promised. @returns null: there is none */
  take(advisee: Advisee): { readonly token: InstrumentToken; readonly wait: ExpectedWait } | null {
    const { clock, flow, random, reservations } = this.parts;
    for (const { way } of rankSuggestions({ ...this.questionOf(advisee), mayWait: false }, random)) {
      const wait = flow.expect(way.channelId);
      if (wait && reservations.take(way.channelId, this.budgetOn(way.channelId), clock.monotonicMs()))
        return { token: way.token, wait };
    }
    return null;
  }

  private questionOf(advisee: Advisee) {
    const { channels, clock } = this.parts;
    const lifetimeMs = advisee.expiresAt - clock.epochMs();
    const chosen = advisee.instruments.find(({ token }) => token === advisee.chosen);
    const entry = chosen && channels.get(chosen.channelId);
    return {
      ways: advisee.instruments.flatMap((instrument) => this.wayOf(instrument, advisee)),
      chosen: advisee.chosen,
      patienceMs: entry ? patienceOn(entry, { ...advisee, lifetimeMs }) : (advisee.maxWaitMs ?? lifetimeMs),
      lifetimeMs,
      unknownOpen: advisee.unknownOpen,
    };
  }

  private wayOf({ token, channelId }: Pick<PaymentInstrument, 'token' | 'channelId'>, advisee: Advisee): PayerWay[] {
    const { channels, clock, flow, reservations } = this.parts;
    const entry = channels.get(channelId);
    if (!entry) return [];
    const { channel } = entry;
    const newcomer = flow.expect(channelId);
    const stays = token === advisee.chosen && advisee.staysFor;
    return [
      {
        token,
        channelId,
        bankId: channel.bankId,
        product: channel.product,
        admitted: contractTakes(entry, advisee, clock.epochMs()),
        tried: advisee.tried.has(token),
        flow: flow.get(channelId),
        wait: newcomer && stays ? { ...newcomer, p50Ms: stays.p50, p90Ms: stays.p90 } : newcomer,
        free: reservations.freeOn(channelId, this.budgetOn(channelId), clock.monotonicMs()),
      },
    ];
  }

  private budgetOn(channelId: ChannelId): number {
    return this.parts.flow.planOf(channelId)?.offerBudget ?? 0;
  }

  private suggest(
    { kind, way }: Advice,
    reason: Reason,
    held: { readonly id: string; readonly expiresAt: EpochMs } | null,
  ): Suggestion {
    const { channelId, token, wait } = way;
    const successRate = this.parts.flow.get(channelId)?.successRate ?? null;
    return {
      id: held?.id ?? null,
      kind,
      token,
      channelId,
      etaMs: wait && etaOf(wait),
      successRate: successRate === null ? null : Math.round(successRate * 1_000) / 1_000,
      reason,
      expiresAt: held?.expiresAt ?? null,
    };
  }
}

/** An order of a merchant, as the ledger knows it. Order numbers have no spaces. */
export function orderOf({ merchantId, merchantOrderNo }: Pick<Advisee, 'merchantId' | 'merchantOrderNo'>): string {
  return `${merchantId} ${merchantOrderNo}`;
}

/** Whole milliseconds, for people. */
export function etaOf({ p50Ms, p90Ms }: Pick<ExpectedWait, 'p50Ms' | 'p90Ms'>): Eta {
  return { p50: Math.round(p50Ms), p90: Math.round(p90Ms) };
}

function contractTakes(
  { channel, limits, order }: ChannelEntry,
  { amount, expiresAt }: Advisee,
  nowMs: EpochMs,
): boolean {
  return decideAdmission(channel, limits, order, amount, expiresAt, nowMs).kind === 'admit';
}
