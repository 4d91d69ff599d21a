// A door (API process) in this world: the decision of libs/policy, its advice, and its ledger of reservations, in the order in which
// libs/dispatch asks them (entrance.ts, advise-payer.ts).
import { type ChannelId, type InstrumentToken, PAYER_COHORTS, type Product } from '#domain';
import {
  createDoor,
  decideAtDoor,
  type DoorAsk,
  type DoorReport,
  type DoorState,
  forecastAtDoor,
  hearSnapshot,
  isWorse,
  leaseShare,
  noteAtDoor,
  noteOutcome,
  type PayerWay,
  rankSuggestions,
  Reservations,
  takeDoorReport,
  type WaitOutcome,
} from '#policy';
import type { Random } from '../prng';
import type { Answer, Ask, DoorMind, Offer, Promise90, SiteFacts, ToldPayer } from './control';
import type { SluiceWord } from './sluice-word';

/** `reserves`: as live. `silent`: nobody is told of another way. `best_looking`: the shortest wait as of the last look, and nothing is held. */
export type Advising = 'reserves' | 'silent' | 'best_looking';

/** Between two looks at what looks best: a dashboard's refresh, or a cache's life (flow-control.md §4 measured 1 s and 5 s), ms. */
const LOOK_MS = 5_000;
/** Where the channel's code has not said when to come back, ms (the code's own wait, error-codes.ts). */
const RETRY_UNSAID_MS = 5_000;
/** Retry-After is spread over half as much again, so that those who were refused together do not come back together. */
const RETRY_JITTER = 0.5;

interface Way {
  readonly bankId: string;
  readonly product: Product;
  readonly longestWaitMs: number;
}

export class SluiceDoor implements DoorMind<SluiceWord> {
  readonly advisesWaiting: boolean;
  private readonly state: DoorState;
  private readonly reservations = new Reservations();
  private readonly ways: ReadonlyMap<ChannelId, Way>;
  private nowMs = 0;
  private lookedMs = -Infinity;
  private looks: ReadonlyMap<ChannelId, number> = new Map();

  constructor(
    private readonly site: SiteFacts,
    doorId: string,
    private readonly advising: Advising,
  ) {
    this.state = createDoor(doorId);
    this.advisesWaiting = advising === 'reserves' && site.channels.length > 1;
    this.ways = new Map(
      site.channels.map(({ id, limits }) => {
        const [bankId, product] = id.split('.') as [string, Product];
        return [id, { bankId, product, longestWaitMs: limits.longestWaitMs }];
      }),
    );
  }

  hear({ snapshot }: SluiceWord, nowMs: number): void {
    hearSnapshot(this.state, snapshot, nowMs);
  }

  ask(ask: Ask, nowMs: number, random: Random): Answer {
    this.nowMs = nowMs;
    if (ask.offer !== null && this.advising === 'reserves') return this.claim(ask, ask.offer, nowMs, random);
    const decision = decideAtDoor(this.state, this.asked(ask), nowMs);
    if (decision === null) return { kind: 'refuse', code: 'full', retryAfterMs: RETRY_UNSAID_MS, offers: [] };
    if (decision.kind === 'admit') {
      const level = this.state.channels[ask.channelId]?.flow.level;
      const worthLeaving = level === 'busy' || level === 'congested';
      const offers = worthLeaving && ask.offer === null ? this.advise(ask, true, nowMs, random) : [];
      return { kind: 'admit', promise: promiseOf(decision.forecast), level: level ?? 'normal', offers };
    }
    const mayWait = decision.code === 'deadline_unreachable';
    return {
      kind: 'refuse',
      code: decision.code,
      retryAfterMs: (decision.retryAfterMs ?? RETRY_UNSAID_MS) * (1 + RETRY_JITTER * random()),
      offers: this.advise(ask, mayWait, nowMs, random),
    };
  }

  lookAgain(ask: Ask, told: ToldPayer, nowMs: number, random: Random): readonly Offer[] {
    this.nowMs = nowMs;
    const level = this.state.channels[ask.channelId]?.flow.level ?? 'normal';
    const p90Ms = forecastAtDoor(this.state, ask.channelId, nowMs)?.p90Ms ?? null;
    if (!isWorse(told, { level, p90Ms }, nowMs - told.atMs)) return [];
    Object.assign(told, { level, p90Ms, atMs: nowMs } satisfies ToldPayer);
    return this.advise(ask, p90Ms !== null, nowMs, random);
  }

  afterRefusalOfBank(ask: Ask, nowMs: number, random: Random): readonly Offer[] {
    this.nowMs = nowMs;
    return this.advise(ask, false, nowMs, random);
  }

  learn(channelId: ChannelId, outcome: WaitOutcome): void {
    noteOutcome(this.state, channelId, outcome);
  }

  report(nowMs: number): DoorReport {
    return takeDoorReport(this.state, (channelId) => this.reservations.reservedOn(channelId, nowMs));
  }

  /** Headroom was held for this payer: in, past the queue's bounds, unless the bank has fallen meanwhile. */
  private claim(ask: Ask, offer: Offer, nowMs: number, random: Random): Answer {
    const flow = this.state.channels[ask.channelId]?.flow;
    const stands = flow !== undefined && (flow.breaker.state === 'closed' || flow.breaker.state === 'ramping');
    const forecast = stands ? forecastAtDoor(this.state, ask.channelId, nowMs) : null;
    noteAtDoor(this.state, ask, stands);
    if (!stands) {
      const retryAfterMs = RETRY_UNSAID_MS * (1 + RETRY_JITTER * random());
      return { kind: 'refuse', code: 'channel_breaker_open', retryAfterMs, offers: [] };
    }
    this.reservations.claim(orderOf(ask), ask.channelId, offer.rank, nowMs);
    return { kind: 'admit', promise: forecast && promiseOf(forecast), level: flow.level, offers: [] };
  }

  private advise(ask: Ask, mayWait: boolean, nowMs: number, random: Random): readonly Offer[] {
    if (ask.others.length === 0 || this.advising === 'silent') return [];
    if (this.advising === 'best_looking') return this.bestLooking(ask, nowMs);
    const ways = [ask.channelId, ...ask.others].map((channelId) => this.wayOf(channelId, nowMs));
    const order = orderOf(ask);
    this.reservations.release(order);
    const question = {
      ways,
      chosen: tokenOf(ask.channelId),
      patienceMs: this.patienceOn(ask),
      lifetimeMs: ask.patienceMs,
      mayWait,
      unknownOpen: false,
    };
    const ranked = rankSuggestions(question, random).filter(({ kind }) => kind !== 'wait');
    return this.reservations.offer(
      order,
      ranked.map(({ way }) => way.channelId),
      (channelId) => this.budgetOn(channelId),
      nowMs,
    );
  }

  private bestLooking({ others }: Ask, nowMs: number): readonly Offer[] {
    if (nowMs - this.lookedMs >= LOOK_MS) {
      this.lookedMs = nowMs;
      const waitOn = (id: ChannelId): number => forecastAtDoor(this.state, id, nowMs)?.p50Ms ?? Infinity;
      this.looks = new Map(this.site.channels.map(({ id }) => [id, waitOn(id)]));
    }
    const waitMs = (id: ChannelId): number => this.looks.get(id) ?? Infinity;
    const best = others.reduce((a, b) => (waitMs(b) < waitMs(a) ? b : a));
    return waitMs(best) === Infinity ? [] : [{ channelId: best, rank: 0 }];
  }

  private wayOf(channelId: ChannelId, nowMs: number): PayerWay {
    const { bankId, product } = this.ways.get(channelId) as Way;
    return {
      token: tokenOf(channelId),
      channelId,
      bankId,
      product,
      admitted: true,
      tried: false,
      flow: this.state.channels[channelId]?.flow ?? null,
      wait: forecastAtDoor(this.state, channelId, nowMs),
      free: this.reservations.freeOn(channelId, this.budgetOn(channelId), nowMs),
    };
  }

  private budgetOn(channelId: ChannelId): number {
    const channel = this.state.channels[channelId];
    return channel === undefined ? 0 : channel.plan.offerBudget * leaseShare(this.nowMs - channel.heardMs);
  }

  private asked(ask: Ask): DoorAsk {
    const { channelId, merchantId, tier } = ask;
    return {
      channelId,
      merchantId,
      tier,
      cohort: ask.payerId % PAYER_COHORTS,
      rotation: 0,
      patienceMs: this.patienceOn(ask),
    };
  }

  /** A payment waits as long as the operator thinks worth offering, and no longer than its payer. */
  private patienceOn({ channelId, patienceMs }: Ask): number {
    return Math.min(patienceMs, this.ways.get(channelId)?.longestWaitMs ?? patienceMs);
  }
}

function promiseOf(forecast: { pointMs: number; p50Ms: number; p90Ms: number; roundTripMs: number }): Promise90 {
  const { pointMs, p50Ms, p90Ms, roundTripMs } = forecast;
  return { pointMs, medianMs: p50Ms, p90Ms, roundTripMs };
}

/** One order per payer; one card per channel. */
const orderOf = ({ payerId }: Ask): string => String(payerId);
const tokenOf = (channelId: ChannelId): InstrumentToken => channelId as unknown as InstrumentToken;
