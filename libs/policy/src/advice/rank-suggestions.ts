/**
 * Which of a payer's own instruments will work, and in which order should they be shown?
 *
 * Only ways that can be promised: the contract takes the payment (amount, currency, deadline), no operator holds the channel, its breaker
 * lets payments go, it is not congested itself, the wait fits the payer's patience, it was not tried before, and there is headroom beyond
 * what its own customers need and others were promised. No headroom, no offer. Nothing at all while the fate of an attempt is unknown: the
 * payer may have paid already (money rule 3).
 *
 * The same bank's quick-pay comes first (the payer's own money, one tap), then other cards, then the balance, then waiting. Among ways of
 * one kind chance decides, in proportion to headroom, so that payers spread.
 */
import type { ChannelId, CongestionLevel, InstrumentToken, Product, SuggestionKind } from '#domain';
import type { BreakerStateName, ChannelFlow, WaitForecast } from '../flow/words';
import { drawInProportion } from './draw-in-proportion';
import { OFFERS_MAX } from './taking';

/** One of the payer's instruments, with what is known about its channel. */
export interface PayerWay {
  readonly token: InstrumentToken;
  readonly channelId: ChannelId;
  readonly bankId: string;
  readonly product: Product;
  /** The channel's contract takes this payment, and no operator holds the channel. */
  readonly admitted: boolean;
  readonly tried: boolean;
  /** The controller's last word; null: none, and then nothing is promised there. */
  readonly flow:
    | (Pick<ChannelFlow, 'level' | 'hold' | 'breaker' | 'headroomPerSecond' | 'successRate'> & {
        readonly wait: Pick<WaitForecast, 'drainPerSecond'>;
      })
    | null;
  /** How long it would take there; null: nobody knows. */
  readonly wait: { readonly roundTripMs: number; readonly p50Ms: number; readonly p90Ms: number } | null;
  /** Headroom this door may still promise there. */
  readonly free: number;
}

export interface AdviceQuestion {
  /** In the payer's order. */
  readonly ways: readonly PayerWay[];
  /** The instrument the payer has chosen, or the payment is queued for. */
  readonly chosen: InstrumentToken;
  /** How long the payment may wait in our queue, ms. */
  readonly patienceMs: number;
  /** How long the payer could wait at all, before the payment's hard stop, ms. */
  readonly lifetimeMs: number;
  /** May the payer stay with the choice? A saturated or closed channel takes nobody, however patient. */
  readonly mayWait: boolean;
  readonly unknownOpen: boolean;
}

export interface Advice {
  readonly kind: SuggestionKind;
  readonly way: PayerWay;
}

/** In the order of the kinds that need headroom. */
const OFFERED = ['same_bank_quickpay', 'another_card', 'balance'] as const satisfies readonly SuggestionKind[];

/** Nobody is sent to a bank that leaves more than every tenth payer without an answer. */
const SUCCESS_MIN = 0.9;
/** Nobody is sent to a wait that uses more of the patience: a forecast that is out by two still holds. */
const PATIENCE_USED = 0.5;
/**
 * A busy channel is offered only where its headroom is a tenth of what it drains: with less, a bank that slows down fells those who were sent
 * (scenario banks-in-turn, .85 of the load, seed 20121111: 1.4 % of moves failed without this, .25 % with it).
 */
const BUSY_HEADROOM = 0.1;

const OPEN_LEVELS: readonly CongestionLevel[] = ['normal', 'busy'];
const OPEN_BREAKERS: readonly BreakerStateName[] = ['closed', 'ramping'];

/** @param random chance from 0 to below 1. @returns best first; at most OFFERS_MAX that need headroom, and waiting */
export function rankSuggestions(question: AdviceQuestion, random: () => number): readonly Advice[] {
  if (question.unknownOpen) return [];
  const { ways, lifetimeMs, mayWait } = question;
  const chosen = ways.find(({ token }) => token === question.chosen);
  const able = firstOfEachChannel(ways.filter((way) => isOffer(way, chosen, question)));
  const offers = OFFERED.flatMap((kind): Advice[] => {
    const sameKind = able.filter((way) => kindOf(way, chosen) === kind);
    return drawInProportion(sameKind, ({ free }) => free, random).map((way) => ({ kind, way }));
  }).slice(0, OFFERS_MAX);
  const waits = mayWait && chosen && canStay(chosen) && chosen.wait && chosen.wait.p90Ms <= lifetimeMs;
  return waits ? [...offers, { kind: 'wait', way: chosen }] : offers;
}

function isOffer(way: PayerWay, chosen: PayerWay | undefined, { patienceMs, mayWait }: AdviceQuestion): boolean {
  const { admitted, channelId, flow, free, tried, wait } = way;
  if (!admitted || tried || way.token === chosen?.token || !flow || !wait) return false;
  // Another card in the same queue is no way around it, but it is one after the bank has declined the first.
  if (channelId === chosen?.channelId && !chosen.tried) return false;
  if (flow.hold !== null || !OPEN_BREAKERS.includes(flow.breaker.state) || !OPEN_LEVELS.includes(flow.level))
    return false;
  if (flow.headroomPerSecond <= 0 || free <= 0 || flow.successRate < SUCCESS_MIN) return false;
  if (flow.level === 'busy' && flow.headroomPerSecond < BUSY_HEADROOM * flow.wait.drainPerSecond) return false;
  if (wait.p50Ms - wait.roundTripMs > PATIENCE_USED * patienceMs) return false;
  // Where staying is possible, moving has to be quicker to be worth a tap.
  return !(mayWait && chosen?.wait && canStay(chosen) && chosen.wait.p50Ms <= wait.p50Ms);
}

function canStay({ admitted, tried }: PayerWay): boolean {
  return admitted && !tried;
}

/** Two cards of one channel wait in the same queue: the payer's first of them stands for both. */
function firstOfEachChannel(ways: readonly PayerWay[]): readonly PayerWay[] {
  return [...new Map([...ways].reverse().map((way) => [way.channelId, way])).values()];
}

function kindOf(way: PayerWay, chosen: PayerWay | undefined): (typeof OFFERED)[number] {
  if (way.product === 'balance') return 'balance';
  return way.product === 'quickpay' && way.bankId === chosen?.bankId ? 'same_bank_quickpay' : 'another_card';
}
