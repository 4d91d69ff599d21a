// Plays a scenario: banks, queues, workers, doors, a controller and payers on one agenda, under one control and one seed. Everything that
// is read afterwards is in the result.
import type { ChannelId } from '#domain';
import { FLOW_TICK_MS } from '#policy';
import { seededRandom } from '../prng';
import type { Scenario } from '../scenarios/scenario';
import { Agenda } from './agenda';
import { startArrivals } from './arrivals';
import { BankLine } from './bank-line';
import { Census } from './census';
import type { Control, SiteFacts } from './control';
import { ControllerProcess } from './controller-process';
import { Crowd } from './crowd';
import { Hands } from './hands';
import { Lookout } from './lookout';
import { PaymentQueue } from './payment-queue';
import { type Redis, Road } from './roads';
import { startEvents } from './world-events';

/** After the last payer has come the world goes on so long, at most, until all that was begun has ended, ms. */
const DRAIN_MS = 60_000;

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
  private readonly crowd: Crowd;
  private readonly lookout: Lookout;
  private payers = 0;

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
    this.hands = new Hands(agenda, control, this.site, this.banks, this.queues, redis, {
      sent: () => undefined,
      ended: (waiting, kind) => this.crowd.answered(waiting, kind),
      expired: (waiting) => this.crowd.end(waiting, 'expired'),
    });
    const roads = { agenda, messageMs: scenario.site.messageMs, redis };
    const road = <M>(label: string, arrives: (message: M) => void) =>
      new Road<M>(roads.agenda, roads.messageMs, roads.redis, random(`road ${label}`), arrives);
    this.doors = this.site.doorIds.map((id) => ({ id, mind: control.door(this.site, id) }));
    this.crowd = new Crowd({
      ...{ agenda, scenario, site: this.site, queues: this.queues, census: this.census },
      doors: this.doors.map(({ mind }) => mind),
      doorRandom: random('doors'),
      payerRandom: random('which door'),
      dropsAfterMs: (channel: number) => {
        const { limits } = this.site.channels[channel] as SiteFacts['channels'][number];
        return control.dropsAfterMs(limits, scenario.payers.patienceMs);
      },
      queued: (channel: number) => this.hands.pump(channel),
      clockUs: options.clockUs,
    });
    const { banks, census, hands, queues } = this;
    this.lookout = new Lookout({ agenda, banks, census, hands, queues });
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
        (payer) => this.crowd.comes(payer),
      );
    });
    startEvents(agenda, scenario, this.banks, this.redis, this.controller, () => {
      this.site.channels.forEach((_, channel) => this.hands.pump(channel));
    });
    agenda.every(100, 100, () => this.hands.sweep());
    agenda.every(1_000, 500, () => this.lookout.look());
    agenda.every(1_000, 700, () => this.crowd.lookAgain());
    agenda.every(100, 0, () => this.lookout.integrate());
    agenda.runTo(scenario.seconds * 1_000 + DRAIN_MS);
    return {
      control: this.control.name,
      scenario,
      options,
      census: this.census,
      banks: this.banks,
      capacityUntilS: this.lookout.capacityUntilS,
      decisions: { count: this.crowd.decisions, totalUs: this.crowd.decisionUs },
      deeds: agenda.done,
    };
  }
}
