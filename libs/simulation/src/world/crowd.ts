// What do payers do? They post, are let in or not, take up an offer or wait, come back or leave; and what becomes of each payment is counted.
import type { ChannelId, MerchantId } from '#domain';
import type { CallClass } from '#policy';
import type { Random } from '../prng';
import type { Scenario } from '../scenarios/scenario';
import type { Agenda } from './agenda';
import type { Census } from './census';
import type { Answer, Ask, DoorMind, Offer, SiteFacts } from './control';
import type { End, Payer, Waiting } from './payment';
import type { PaymentQueue } from './payment-queue';

/** A payer who was sent twice looks no further. */
export const MOVES_MAX = 2;
/** Payers told in one look at a door (apps/orchestrator, advice-watch.ts). */
const TOLD_MAX = 200;

export interface CrowdParts {
  readonly agenda: Agenda;
  readonly scenario: Scenario;
  readonly site: SiteFacts;
  readonly doors: readonly Pick<
    DoorMind<never>,
    'advisesWaiting' | 'ask' | 'lookAgain' | 'afterRefusalOfBank' | 'learn'
  >[];
  readonly queues: readonly PaymentQueue[];
  readonly census: Census;
  /** Chance of the doors' decisions, and of the balancer. */
  readonly doorRandom: Random;
  readonly payerRandom: Random;
  /** How long a payment may wait unsent, ms. */
  readonly dropsAfterMs: (channel: number) => number;
  /** Something came into a channel's queue. */
  readonly queued: (channel: number) => void;
  /** A clock of the shell, µs. */
  readonly clockUs: (() => number) | undefined;
}

export class Crowd {
  decisions = 0;
  decisionUs = 0;

  constructor(private readonly parts: CrowdParts) {}

  /** Somebody wants to pay. */
  comes(payer: Payer): void {
    const { patienceMs, retryAfterMs } = this.parts.scenario.payers;
    this.parts.census.came(payer, patienceMs + payer.retriesLeft * (patienceMs + retryAfterMs[1]));
    this.post(payer, payer.home, null);
  }

  /** A payer posts, at whichever door the balancer picks. */
  private post(payer: Payer, channel: number, offer: Offer | null): void {
    const { nowMs } = this.parts.agenda;
    const door = Math.floor(this.parts.payerRandom() * this.parts.doors.length);
    const startUs = this.parts.clockUs?.() ?? 0;
    const answer = (this.parts.doors[door] as CrowdParts['doors'][number]).ask(
      this.askOf(payer, channel, offer),
      nowMs,
      this.parts.doorRandom,
    );
    this.decisionUs += (this.parts.clockUs?.() ?? 0) - startUs;
    this.decisions += 1;
    this.parts.census.add(channel, 'offered', nowMs);
    if (offer !== null) {
      this.parts.census.add(channel, 'moved_in', nowMs);
      if (this.parts.census.counts(payer) && payer.moves === 0) this.parts.census.kindOf(payer).moved += 1;
      payer.moves += 1;
    }
    if (answer.kind === 'refuse') this.refused(payer, channel, answer, offer !== null);
    else this.admitted(payer, channel, door, answer, offer !== null);
  }

  private askOf(payer: Payer, channel: number, offer: Offer | null): Ask {
    return {
      channelId: this.idOf(channel),
      tier: payer.tier,
      merchantId: payer.merchant as MerchantId,
      payerId: payer.id,
      patienceMs: this.parts.scenario.payers.patienceMs,
      others: payer.others.filter((other) => other !== channel).map((other) => this.idOf(other)),
      offer,
    };
  }

  private admitted(
    payer: Payer,
    channel: number,
    door: number,
    answer: Answer & { kind: 'admit' },
    moved: boolean,
  ): void {
    const { nowMs } = this.parts.agenda;
    const { patienceMs } = this.parts.scenario.payers;
    const waiting: Waiting = {
      payer,
      channel,
      door,
      postedMs: nowMs,
      deadlineMs: nowMs + patienceMs,
      dropAtMs: nowMs + this.parts.dropsAfterMs(channel),
      moved,
      promise: answer.promise,
      told: { level: answer.level, p90Ms: answer.promise?.p90Ms ?? null, atMs: nowMs },
      queued: true,
    };
    this.parts.census.add(channel, 'admitted', nowMs);
    if (answer.promise !== null) this.parts.census.add(channel, 'promised_ms', nowMs, answer.promise.medianMs);
    (this.parts.queues[channel] as PaymentQueue).push(waiting);
    this.perhapsSwitches(waiting, answer.offers);
    this.parts.queued(channel);
  }

  private perhapsSwitches(waiting: Waiting, [offer]: readonly Offer[]): void {
    if (offer === undefined || !waiting.payer.follows || waiting.payer.moves >= MOVES_MAX) return;
    this.parts.agenda.after(waiting.payer.answerMs, () => this.switchAway(waiting, offer));
  }

  /** Payers who wait are looked at again, at the doors that hold their streams; at most so many at a door, those who wait longest first. */
  lookAgain(): void {
    if (!this.parts.doors.some(({ advisesWaiting }) => advisesWaiting)) return;
    const told = this.parts.doors.map(() => 0);
    for (const queue of this.parts.queues) {
      for (const waiting of queue.all()) {
        const { channel, door, payer, told: heard } = waiting;
        const mind = this.parts.doors[door];
        if (mind === undefined || payer.others.length === 0 || (told[door] as number) >= TOLD_MAX) continue;
        const offers = mind.lookAgain(
          this.askOf(payer, channel, null),
          heard,
          this.parts.agenda.nowMs,
          this.parts.doorRandom,
        );
        if (offers.length === 0) continue;
        told[door] = (told[door] as number) + 1;
        this.perhapsSwitches(waiting, offers);
      }
    }
  }

  /** A switch is atomic with leaving the old queue, and works only before dispatch. */
  private switchAway(waiting: Waiting, offer: Offer): void {
    if (!waiting.queued || waiting.payer.moves >= MOVES_MAX) return;
    (this.parts.queues[waiting.channel] as PaymentQueue).leave(waiting);
    this.post(waiting.payer, this.indexOf(offer.channelId), offer);
  }

  private refused(payer: Payer, channel: number, answer: Answer & { kind: 'refuse' }, moved: boolean): void {
    const { nowMs } = this.parts.agenda;
    this.parts.census.add(channel, 'refused', nowMs);
    if (this.parts.census.counts(payer)) this.parts.census.ends.refused += 1;
    if (moved) this.moveFailed(payer);
    this.moveOrComeBack(payer, answer.offers[0], answer.retryAfterMs);
  }

  private moveOrComeBack(payer: Payer, offer: Offer | undefined, retryAfterMs: number): void {
    if (offer === undefined || !payer.follows || payer.moves >= MOVES_MAX) this.perhapsAgain(payer, retryAfterMs);
    else this.parts.agenda.after(payer.answerMs, () => this.post(payer, this.indexOf(offer.channelId), offer));
  }

  /** Counted once, at the first move that failed. */
  private moveFailed(payer: Payer): void {
    if (payer.moveFailed || !this.parts.census.counts(payer)) return;
    payer.moveFailed = true;
    this.parts.census.kindOf(payer).movedThenFailed += 1;
  }

  private perhapsAgain(payer: Payer, atLeastMs: number): void {
    if (payer.retriesLeft === 0) return;
    payer.retriesLeft -= 1;
    this.parts.agenda.after(Math.max(atLeastMs, payer.retryAfterMs), () => this.post(payer, payer.home, null));
  }

  /** A bank's call ended. */
  answered(waiting: Waiting, kind: CallClass): void {
    const { nowMs } = this.parts.agenda;
    if (kind === 'busy') this.end(waiting, 'busy');
    else if (kind !== 'worked' && kind !== 'declined') this.end(waiting, 'dropped');
    else this.end(waiting, nowMs <= waiting.deadlineMs ? 'on_time' : 'late');
  }

  end(waiting: Waiting, end: End): void {
    const { nowMs } = this.parts.agenda;
    const { payer, channel, promise, moved } = waiting;
    const actualMs = nowMs - waiting.postedMs;
    this.parts.census.add(channel, end, nowMs);
    if (end === 'on_time') this.parts.census.add(channel, 'waited_ms', nowMs, actualMs);
    if (promise !== null) this.learn(waiting, actualMs, end);
    if (this.parts.census.counts(payer)) {
      const kind = this.parts.census.kindOf(payer);
      this.parts.census.ends[end] += 1;
      if (end === 'on_time') {
        kind.served += 1;
        if (nowMs < this.parts.scenario.seconds * 1_000) kind.servedByEnd += 1;
      } else if (moved) this.moveFailed(payer);
    }
    if (end === 'busy') this.refusedByBank(waiting);
    else if (end === 'expired') this.perhapsAgain(payer, 0);
  }

  /** A payer whose bank said no is told at once what else there is. A move that ended so has failed, whatever comes of the next one. */
  private refusedByBank({ payer, channel, door }: Waiting): void {
    const ask = this.askOf(payer, channel, null);
    const offers = this.parts.doors[door]?.afterRefusalOfBank(ask, this.parts.agenda.nowMs, this.parts.doorRandom);
    this.moveOrComeBack(payer, offers?.[0], 0);
  }

  /** The door hears from the journal how its promise turned out, as late as any message. */
  private learn(waiting: Waiting, actualMs: number, end: End): void {
    const { promise, channel, door, postedMs } = waiting;
    if (promise === null) return;
    const censored = end !== 'on_time' && end !== 'late';
    if (postedMs >= this.parts.scenario.countFromS * 1_000) {
      this.parts.census.promised({ ...promise, actualMs, censored, expired: end === 'expired' });
    }
    const [fromMs, toMs] = this.parts.scenario.site.messageMs;
    this.parts.agenda.after((fromMs + toMs) / 2, () =>
      this.parts.doors[door]?.learn(this.idOf(channel), { ...promise, actualMs, censored }),
    );
  }

  private idOf(channel: number): ChannelId {
    return (this.parts.site.channels[channel] as SiteFacts['channels'][number]).id;
  }

  private indexOf(id: ChannelId): number {
    return this.parts.site.channels.findIndex((channel) => channel.id === id);
  }
}
