/**
 * A small world for specs of the flow: one bank of slots, one queue, a few doors and workers, and the loop between them with the delays
 * of the live one. It steps the same functions as the product; large scenarios are the simulation's.
 */
import { type ChannelId, type ChannelLimits, type MerchantId, PAYER_COHORTS, TIER, type Tier } from '#domain';
import { decideAtDoor } from '../door/decide-at-door';
import { type DoorState, createDoor, hearSnapshot } from '../door/door';
import type { DoorForecast } from '../door/door-forecast';
import { noteOutcome, takeDoorReport } from '../door/door-report';
import { type SiteChannel, type SiteInput, type SiteState, createSite } from '../flow/site';
import { stepSite } from '../flow/step-site';
import { type CallEnd, type ChannelFlow, FLOW_TICK_MS, type FlowSnapshot, type WorkerReport } from '../flow/words';

export const CHANNEL = 'icbc.quickpay' as ChannelId;
/** The world moves in steps of so many ms. */
const STEP_MS = 5;
/** From a process to the controller and back, ms. */
const ON_THE_WAY_MS = 40;

/** Chance that can be repeated (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Customer {
  readonly merchantId: string;
  readonly tier: Tier;
  /** Payments a second over all doors, by time. */
  readonly perSecond: (nowMs: number) => number;
  readonly patienceMs: number;
}

export interface FlowWorldSetting {
  readonly seed: number;
  readonly customers: readonly Customer[];
  /** Slots of the bank, by time; service times are lognormal. */
  readonly slots: (nowMs: number) => number;
  readonly meanMs: number;
  readonly sigma?: number;
  readonly doors?: number;
  readonly workers?: number;
  readonly limits?: Partial<ChannelLimits>;
  readonly hold?: (nowMs: number) => SiteChannel['hold'];
  /** While false, neither reports nor snapshots arrive. */
  readonly connected?: (nowMs: number) => boolean;
}

interface Waiting {
  readonly door: DoorState;
  readonly customer: Customer;
  readonly admittedMs: number;
  readonly forecast: DoorForecast;
}

interface Call extends Waiting {
  readonly worker: number;
  readonly startedMs: number;
  doneMs: number;
}

/** What happened to one customer's payments since the last `forget`. */
export interface Tally {
  offered: number;
  admitted: number;
  answered: number;
  expired: number;
}

export class FlowWorld {
  nowMs = 0;
  site: SiteState = createSite(0);
  snapshot: FlowSnapshot | null = null;
  readonly inputs: SiteInput[] = [];
  /** Told and actual, of every payment that ended. */
  outcomes: {
    readonly forecast: DoorForecast;
    readonly actualMs: number;
    readonly expired: boolean;
    readonly atMs: number;
  }[] = [];
  tallies: Tally[];
  /** One line per tick. */
  history: { readonly atMs: number; readonly waiting: number; readonly flow: ChannelFlow }[] = [];
  readonly queue: Waiting[] = [];
  readonly refusals = new Map<string, number>();
  private readonly random: () => number;
  private readonly policyRandom: () => number;
  private readonly doors: DoorState[];
  private readonly atBank: Call[] = [];
  private readonly working: Call[] = [];
  private readonly ended: { worker: number; end: CallEnd; atMs: number }[] = [];
  private started: number[];
  private limit = 0;
  private seq = 0;
  private onTheWay: { readonly atMs: number; readonly snapshot: FlowSnapshot }[] = [];
  private readonly mail: {
    readonly atMs: number;
    readonly send: (input: { workers: SiteInput['workers'][number][]; doors: SiteInput['doors'][number][] }) => void;
  }[] = [];
  private readonly limits: ChannelLimits;

  constructor(private readonly setting: FlowWorldSetting) {
    this.random = chance(setting.seed);
    this.policyRandom = chance(setting.seed + 1_000_003);
    this.doors = Array.from({ length: setting.doors ?? 2 }, (_, place) => createDoor(`door-${place}`));
    this.started = new Array<number>(setting.workers ?? 2).fill(0);
    this.tallies = setting.customers.map(() => ({ offered: 0, admitted: 0, answered: 0, expired: 0 }));
    this.limits = {
      channelId: CHANNEL,
      revision: 1,
      ratePerSecond: 100_000,
      burst: 1_000,
      inFlightMax: 2_000,
      longestWaitMs: 2_000,
      timeoutMs: 5_000,
      amountMin: 1,
      amountMax: 1_000_000,
      ...setting.limits,
    };
  }

  get flow(): ChannelFlow {
    return this.snapshot!.channels[0]!;
  }

  /** Begins counting anew. */
  forget(): void {
    this.outcomes = [];
    this.history = [];
    this.tallies = this.setting.customers.map(() => ({ offered: 0, admitted: 0, answered: 0, expired: 0 }));
    this.refusals.clear();
  }

  run(forMs: number): this {
    for (const untilMs = this.nowMs + forMs; this.nowMs < untilMs;) this.step();
    return this;
  }

  private step(): void {
    this.nowMs += STEP_MS;
    this.bankAnswers();
    this.payersCome();
    this.workersTake();
    if (this.nowMs % FLOW_TICK_MS === 0) this.tick();
    const due = this.onTheWay.filter(({ atMs }) => atMs <= this.nowMs);
    this.onTheWay = this.onTheWay.filter(({ atMs }) => atMs > this.nowMs);
    for (const { snapshot } of due) {
      this.limit = snapshot.channels[0]!.limits.pay.effective;
      for (const door of this.doors) hearSnapshot(door, snapshot, this.nowMs);
    }
  }

  private bankAnswers(): void {
    for (const call of this.working.filter(({ doneMs }) => doneMs <= this.nowMs)) {
      this.working.splice(this.working.indexOf(call), 1);
      const end: CallEnd = { endedAgoMs: 0, rttMs: this.nowMs - call.startedMs, class: 'worked' };
      this.ended.push({ worker: call.worker, end, atMs: this.nowMs });
      this.tallyOf(call.customer).answered += 1;
      this.settle(call, false);
    }
    while (this.working.length < this.setting.slots(this.nowMs) && this.atBank.length > 0) {
      const call = this.atBank.shift()!;
      call.doneMs = this.nowMs + this.serviceMs();
      this.working.push(call);
    }
  }

  private serviceMs(): number {
    const { meanMs, sigma = 0.4 } = this.setting;
    const normal = Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
    return meanMs * Math.exp(sigma * normal - (sigma * sigma) / 2);
  }

  private payersCome(): void {
    for (const [place, customer] of this.setting.customers.entries()) {
      const expected = (customer.perSecond(this.nowMs) * STEP_MS) / 1_000;
      const come = poisson(expected, this.random);
      for (let payment = 0; payment < come; payment += 1) this.comesIn(customer, this.tallies[place]!);
    }
  }

  private comesIn(customer: Customer, tally: Tally): void {
    tally.offered += 1;
    const door = this.doors[Math.floor(this.random() * this.doors.length)]!;
    const cohort = Math.floor(this.random() * PAYER_COHORTS);
    const { merchantId, patienceMs, tier } = customer;
    const ask = { channelId: CHANNEL, merchantId: merchantId as MerchantId, tier, cohort, rotation: 0, patienceMs };
    const decision = decideAtDoor(door, ask, this.nowMs);
    if (decision?.kind === 'refuse') {
      const key = `${tier} ${decision.reason.code}`;
      this.refusals.set(key, (this.refusals.get(key) ?? 0) + 1);
    }
    if (decision?.kind !== 'admit') return;
    tally.admitted += 1;
    this.queue.push({ door, customer, admittedMs: this.nowMs, forecast: decision.forecast });
  }

  private workersTake(): void {
    while (this.queue.length > 0 && this.atBank.length + this.working.length < this.limit) {
      const payment = this.queue.shift()!;
      if (this.nowMs - payment.admittedMs > payment.customer.patienceMs) {
        this.tallyOf(payment.customer).expired += 1;
        this.settle(payment, true);
        continue;
      }
      const worker = Math.floor(this.random() * this.started.length);
      this.started[worker]! += 1;
      this.atBank.push({ ...payment, worker, startedMs: this.nowMs, doneMs: Infinity });
    }
  }

  private settle({ admittedMs, door, forecast }: Waiting, expired: boolean): void {
    const actualMs = this.nowMs - admittedMs;
    const { p90Ms, pointMs, roundTripMs } = forecast;
    noteOutcome(door, CHANNEL, { pointMs, roundTripMs, p90Ms, actualMs, censored: expired });
    this.outcomes.push({ forecast, actualMs, expired, atMs: this.nowMs });
  }

  private tallyOf(customer: Customer): Tally {
    return this.tallies[this.setting.customers.indexOf(customer)]!;
  }

  private tick(): void {
    const connected = this.setting.connected?.(this.nowMs) ?? true;
    this.report();
    if (!connected) {
      this.mail.length = 0;
      return;
    }
    const heard = { workers: [] as SiteInput['workers'][number][], doors: [] as SiteInput['doors'][number][] };
    const arrived = this.mail.filter(({ atMs }) => atMs <= this.nowMs);
    this.mail.splice(0, arrived.length);
    for (const letter of arrived) letter.send(heard);
    this.seq += 1;
    const input: SiteInput = {
      nowMs: this.nowMs,
      controllerId: 'controller',
      term: 1,
      seq: this.seq,
      channels: [
        {
          channelId: CHANNEL,
          enabled: true,
          limits: this.limits,
          hold: this.setting.hold?.(this.nowMs) ?? null,
          holdEndsInMs: null,
        },
      ],
      ...heard,
      queues: [{ channelId: CHANNEL, waiting: this.queue.length, heldByUnknown: 0 }],
    };
    this.inputs.push(input);
    const step = stepSite(this.site, input, this.policyRandom);
    this.site = step.state;
    this.snapshot = step.snapshot;
    this.history.push({ atMs: this.nowMs, waiting: this.queue.length, flow: this.flow });
    this.onTheWay.push({ atMs: this.nowMs + ON_THE_WAY_MS, snapshot: step.snapshot });
  }

  private report(): void {
    const nowMs = this.nowMs;
    const receivedMs = nowMs + ON_THE_WAY_MS;
    for (const [worker, started] of this.started.entries()) {
      const underWayMs = [...this.working, ...this.atBank]
        .filter((call) => call.worker === worker)
        .map((call) => nowMs - call.startedMs)
        .sort((a, b) => b - a);
      const ended = this.ended
        .filter((one) => one.worker === worker)
        .map(({ atMs, end }) => ({ ...end, endedAgoMs: nowMs - atMs }));
      const report: WorkerReport = {
        workerId: `worker-${worker}`,
        seq: this.seq + 1,
        snapshotSeq: this.seq,
        revisions: { [CHANNEL]: 1 },
        calls: [{ channelId: CHANNEL, operation: 'pay', started, ended, underWayMs }],
      };
      this.mail.push({ atMs: receivedMs, send: ({ workers }) => workers.push({ receivedMs, report }) });
    }
    this.started.fill(0);
    this.ended.length = 0;
    for (const door of this.doors) {
      const report = takeDoorReport(door, () => 0);
      this.mail.push({ atMs: receivedMs, send: ({ doors }) => doors.push({ receivedMs, report }) });
    }
  }
}

/** How many come where so many are expected: exponential gaps until they are used up. */
function poisson(expected: number, random: () => number): number {
  let come = -1;
  for (let left = expected; left >= 0; come += 1) left += Math.log(1 - random());
  return come;
}

/** A merchant whose paying customers come at a steady rate. */
export function steady(merchantId: string, perSecond: number, tier: Tier = TIER.paying, patienceMs = 5_000): Customer {
  return { merchantId, tier, perSecond: () => perSecond, patienceMs };
}
