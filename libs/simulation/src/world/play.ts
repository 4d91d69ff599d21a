// Plays a scenario: banks, queues, workers, doors, a controller and payers on one agenda, under one control and one seed. Everything that
// is read afterwards is in the result.
import type { ChannelId, MerchantId } from '#domain';
import { type CallClass, FLOW_TICK_MS } from '#policy';
import { trueCapacityPerSecond } from '../bank-capacity-config';
import { capacityFacts } from '../bank-capacity-state';
import { seededRandom } from '../prng';
import type { Scenario } from '../scenarios/scenario';
import { Agenda } from './agenda';
import { startArrivals } from './arrivals';
import { BankLine } from './bank-line';
import { Census } from './census';
import type { Answer, Ask, Control, Offer, SiteFacts } from './control';
import { ControllerProcess } from './controller-process';
import { Hands } from './hands';
import type { End, Payer, Waiting } from './payment';
import { PaymentQueue } from './payment-queue';
import { type Redis, Road } from './roads';
import { startEvents } from './world-events';

/** After the last payer has come the world goes on so long, at most, until all that was begun has ended, ms. */
const DRAIN_MS = 60_000;

/** A payer who was sent twice looks no further. */
const MOVES_MAX = 2;
/** Payers told in one look at a door (apps/orchestrator, advice-watch.ts). */
const TOLD_MAX = 200;

export interface PlayOptions {
  readonly seed: number;
  readonly load: number;
  /** Keep every promise, for the figures of the waiting times. */
  readonly keepPromises?: boolean;
  /** Keep the time of every request at the banks, for the contract rate. */
  readonly keepReceipts?: boolean;
  /** A clock of the shell, µs: decisions at the door are timed with it. Without it nothing is timed. */
  readonly clockUs?: () => number;
}

export interface PlayResult {
  readonly control: string;
  readonly scenario: Scenario;
  readonly options: PlayOptions;
  readonly census: Census;
  readonly banks: readonly BankLine[];
  /** Payments a bank could serve until a second, by channel: the true capacity, integrated. */
  readonly capacityUntilS: readonly (readonly number[])[];
  readonly decisions: { readonly count: number; readonly totalUs: number };
  /** Deeds of the world: what it cost to play. */
  readonly deeds: number;
}

export function playScenario<W>(scenario: Scenario, control: Control<W>, options: PlayOptions): PlayResult {
  return new World(scenario, control, options).play();
}

class World<W> {
  private readonly agenda = new Agenda();
  private readonly redis: Redis = { gone: false };
  private readonly site: SiteFacts;
  private readonly banks: readonly BankLine[];
  private readonly queues: readonly PaymentQueue[];
  private readonly census: Census;
  private readonly hands: Hands<W>;
  private readonly controller: ControllerProcess<W>;
  private readonly doors;
  private readonly capacityUntilS: number[][];
  private readonly doorRandom;
  private readonly payerRandom;
  private payers = 0;
  private decisions = 0;
  private decisionUs = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly control: Control<W>,
    private readonly options: PlayOptions,
  ) {
    const { agenda, redis } = this;
    const random = (label: string) => seededRandom(options.seed, label);
    const named = (word: string, count: number) => Array.from({ length: count }, (_, i) => `${word}-${i + 1}`);
    this.site = {
      channels: scenario.channels.map(({ id, limits, bank }) => ({
        id: id as ChannelId,
        limits,
        bankAtStart: bank,
      })),
      doorIds: named('door', scenario.site.doors),
      workerIds: named('worker', scenario.site.workers),
    };
    this.doorRandom = random('doors');
    this.payerRandom = random('which door');
    this.queues = scenario.channels.map(() => new PaymentQueue());
    this.banks = scenario.channels.map(
      ({ id, bank, limits }) =>
        new BankLine(agenda, bank, limits.timeoutMs, random(`bank ${id}`), options.keepReceipts === true),
    );
    const seconds = Math.ceil(scenario.seconds + DRAIN_MS / 1_000);
    this.census = new Census(
      scenario.channels.length,
      seconds,
      scenario.countFromS * 1_000,
      options.keepPromises === true,
    );
    this.capacityUntilS = scenario.channels.map(() => [0]);
    this.hands = new Hands(agenda, control, this.site, this.banks, this.queues, redis, {
      sent: () => undefined,
      ended: (waiting, kind) => this.answered(waiting, kind),
      expired: (waiting) => this.end(waiting, 'expired'),
    });
    const roads = { agenda, messageMs: scenario.site.messageMs, redis };
    const road = <M>(label: string, arrives: (message: M) => void) =>
      new Road<M>(roads.agenda, roads.messageMs, roads.redis, random(`road ${label}`), arrives);
    this.doors = this.site.doorIds.map((id) => ({ id, mind: control.door(this.site, id) }));
    const toDoors = this.doors.map(({ id, mind }) => road<W>(id, (word) => mind.hear(word, agenda.nowMs)));
    const toWorkers = this.site.workerIds.map((id, i) => road<W>(id, (word) => this.hands.hear(i, word)));
    const toQueue = road<W>('queue', (word) => this.hands.turnValve(word));
    this.controller = new ControllerProcess(
      agenda,
      control,
      this.site,
      redis,
      random('controller'),
      () =>
        this.site.channels.map(({ id }, i) => ({
          channelId: id,
          waiting: (this.queues[i] as PaymentQueue).waiting,
          heldByUnknown: (this.banks[i] as BankLine).heldByUnknown,
        })),
      (word) => [...toDoors, ...toWorkers, toQueue].forEach((to) => to.send(word)),
    );
    const beats = random('beats');
    const fromWorkers = this.site.workerIds.map((id) =>
      road(`from ${id}`, (report: Parameters<typeof this.controller.hearWorker>[0]) =>
        this.controller.hearWorker(report),
      ),
    );
    this.hands.startReporting(beats, (report) =>
      fromWorkers[this.site.workerIds.indexOf(report.workerId)]?.send(report),
    );
    for (const { id, mind } of this.doors) {
      const back = road(`from ${id}`, (report: ReturnType<typeof mind.report>) => this.controller.hearDoor(report));
      agenda.every(FLOW_TICK_MS, FLOW_TICK_MS * beats(), () => back.send(mind.report(agenda.nowMs)));
    }
  }

  play(): PlayResult {
    const { agenda, scenario, options } = this;
    const indexOf = (id: string): number => scenario.channels.findIndex((channel) => channel.id === id);
    scenario.demand.forEach((stream, i) => {
      const plan = {
        stream,
        home: indexOf(stream.channel),
        others: stream.alsoHold.map(({ channel, share }) => ({ channel: indexOf(channel), share })),
        load: options.load,
        endS: scenario.seconds,
      };
      const random = seededRandom(options.seed, `demand ${i}`);
      startArrivals(
        agenda,
        plan,
        scenario.payers,
        random,
        () => (this.payers += 1),
        (payer) => this.comes(payer),
      );
    });
    startEvents(agenda, scenario, this.banks, this.redis, this.controller, () => {
      this.site.channels.forEach((_, channel) => this.hands.pump(channel));
    });
    agenda.every(100, 100, () => this.hands.sweep());
    agenda.every(1_000, 500, () => this.look());
    agenda.every(1_000, 700, () => this.lookAgain());
    agenda.every(100, 0, () => this.integrate());
    agenda.runTo(scenario.seconds * 1_000 + DRAIN_MS);
    return {
      control: this.control.name,
      scenario,
      options,
      census: this.census,
      banks: this.banks,
      capacityUntilS: this.capacityUntilS,
      decisions: { count: this.decisions, totalUs: this.decisionUs },
      deeds: agenda.done,
    };
  }

  private comes(payer: Payer): void {
    const { patienceMs, retryAfterMs } = this.scenario.payers;
    this.census.came(payer, patienceMs + payer.retriesLeft * (patienceMs + retryAfterMs[1]));
    this.post(payer, payer.home, null);
  }

  /** A payer posts, at whichever door the balancer picks. */
  private post(payer: Payer, channel: number, offer: Offer | null): void {
    const { nowMs } = this.agenda;
    const door = Math.floor(this.payerRandom() * this.doors.length);
    const startUs = this.options.clockUs?.() ?? 0;
    const answer = (this.doors[door] as (typeof this.doors)[number]).mind.ask(
      this.askOf(payer, channel, offer),
      nowMs,
      this.doorRandom,
    );
    this.decisionUs += (this.options.clockUs?.() ?? 0) - startUs;
    this.decisions += 1;
    this.census.add(channel, 'offered', nowMs);
    if (offer !== null) {
      this.census.add(channel, 'moved_in', nowMs);
      if (this.census.counts(payer) && payer.moves === 0) this.census.kindOf(payer).moved += 1;
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
      patienceMs: this.scenario.payers.patienceMs,
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
    const { nowMs } = this.agenda;
    const { patienceMs } = this.scenario.payers;
    const { limits } = this.site.channels[channel] as SiteFacts['channels'][number];
    const waiting: Waiting = {
      payer,
      channel,
      door,
      postedMs: nowMs,
      deadlineMs: nowMs + patienceMs,
      dropAtMs: nowMs + this.control.dropsAfterMs(limits, patienceMs),
      moved,
      promise: answer.promise,
      told: { level: answer.level, p90Ms: answer.promise?.p90Ms ?? null, atMs: nowMs },
      queued: true,
    };
    this.census.add(channel, 'admitted', nowMs);
    if (answer.promise !== null) this.census.add(channel, 'promised_ms', nowMs, answer.promise.medianMs);
    (this.queues[channel] as PaymentQueue).push(waiting);
    this.perhapsSwitches(waiting, answer.offers);
    this.hands.pump(channel);
  }

  private perhapsSwitches(waiting: Waiting, [offer]: readonly Offer[]): void {
    if (offer === undefined || !waiting.payer.follows || waiting.payer.moves >= MOVES_MAX) return;
    this.agenda.after(waiting.payer.answerMs, () => this.switchAway(waiting, offer));
  }

  /** Payers who wait are looked at again, at the doors that hold their streams; at most so many at a door, those who wait longest first. */
  private lookAgain(): void {
    const told = this.doors.map(() => 0);
    for (const queue of this.queues) {
      for (const waiting of queue.all()) {
        const { channel, door, payer, told: heard } = waiting;
        const mind = this.doors[door]?.mind;
        if (mind === undefined || payer.others.length === 0 || (told[door] as number) >= TOLD_MAX) continue;
        const offers = mind.lookAgain(this.askOf(payer, channel, null), heard, this.agenda.nowMs, this.doorRandom);
        if (offers.length === 0) continue;
        told[door] = (told[door] as number) + 1;
        this.perhapsSwitches(waiting, offers);
      }
    }
  }

  /** A switch is atomic with leaving the old queue, and works only before dispatch. */
  private switchAway(waiting: Waiting, offer: Offer): void {
    if (!waiting.queued || waiting.payer.moves >= MOVES_MAX) return;
    (this.queues[waiting.channel] as PaymentQueue).leave(waiting);
    this.post(waiting.payer, this.indexOf(offer.channelId), offer);
  }

  private refused(payer: Payer, channel: number, answer: Answer & { kind: 'refuse' }, moved: boolean): void {
    const { nowMs } = this.agenda;
    this.census.add(channel, 'refused', nowMs);
    if (this.census.counts(payer)) this.census.ends.refused += 1;
    const [offer] = answer.offers;
    if (offer !== undefined && payer.follows && payer.moves < MOVES_MAX) {
      this.agenda.after(payer.answerMs, () => this.post(payer, this.indexOf(offer.channelId), offer));
      return;
    }
    if (moved && this.census.counts(payer)) this.census.kindOf(payer).movedThenFailed += 1;
    this.perhapsAgain(payer, answer.retryAfterMs);
  }

  private perhapsAgain(payer: Payer, atLeastMs: number): void {
    if (payer.retriesLeft === 0) return;
    payer.retriesLeft -= 1;
    this.agenda.after(Math.max(atLeastMs, payer.retryAfterMs), () => this.post(payer, payer.home, null));
  }

  private answered(waiting: Waiting, kind: CallClass): void {
    const { nowMs } = this.agenda;
    if (kind === 'busy') this.end(waiting, 'busy');
    else if (kind !== 'worked' && kind !== 'declined') this.end(waiting, 'dropped');
    else this.end(waiting, nowMs <= waiting.deadlineMs ? 'on_time' : 'late');
  }

  private end(waiting: Waiting, end: End): void {
    const { nowMs } = this.agenda;
    const { payer, channel, promise, moved } = waiting;
    const actualMs = nowMs - waiting.postedMs;
    this.census.add(channel, end, nowMs);
    if (end === 'on_time') this.census.add(channel, 'waited_ms', nowMs, actualMs);
    if (promise !== null) this.learn(waiting, actualMs, end);
    if (this.census.counts(payer)) {
      const kind = this.census.kindOf(payer);
      this.census.ends[end] += 1;
      if (end === 'on_time') {
        kind.served += 1;
        if (nowMs < this.scenario.seconds * 1_000) kind.servedByEnd += 1;
      } else if (moved) kind.movedThenFailed += 1;
    }
    if (end === 'busy' || end === 'expired') this.perhapsAgain(payer, 0);
  }

  /** The door hears from the journal how its promise turned out, as late as any message. */
  private learn(waiting: Waiting, actualMs: number, end: End): void {
    const { promise, channel, door, postedMs } = waiting;
    if (promise === null) return;
    const censored = end !== 'on_time' && end !== 'late';
    if (postedMs >= this.scenario.countFromS * 1_000) {
      this.census.promised({ ...promise, actualMs, censored, expired: end === 'expired' });
    }
    const [fromMs, toMs] = this.scenario.site.messageMs;
    this.agenda.after((fromMs + toMs) / 2, () =>
      this.doors[door]?.mind.learn(this.idOf(channel), { ...promise, actualMs, censored }),
    );
  }

  /** Levels, once a second. */
  private look(): void {
    const { nowMs } = this.agenda;
    this.banks.forEach((line, channel) => {
      this.census.add(channel, 'limit', nowMs, Math.min(1e6, this.hands.limits[channel] as number));
      this.census.add(channel, 'in_flight', nowMs, this.hands.takePeak(channel));
      this.census.add(channel, 'backlog', nowMs, this.queues[channel]?.waiting);
      this.census.add(channel, 'bank_waiting', nowMs, capacityFacts(line.bank).waiting);
    });
  }

  /** The true capacity, in tenths of a second: changes of the banks come between them, at most a tenth early. */
  private integrate(): void {
    const { nowMs } = this.agenda;
    const second = Math.floor(nowMs / 1_000);
    this.banks.forEach((line, channel) => {
      const until = this.capacityUntilS[channel] as number[];
      const perSecond = trueCapacityPerSecond(line.bank.config);
      this.census.add(channel, 'capacity', nowMs, perSecond / 10);
      until[second + 1] = (until[second + 1] ?? (until[second] as number)) + perSecond / 10;
    });
  }

  private idOf(channel: number): ChannelId {
    return (this.site.channels[channel] as SiteFacts['channels'][number]).id;
  }

  private indexOf(id: ChannelId): number {
    return this.site.channels.findIndex((channel) => channel.id === id);
  }
}
