// Who decides in this world? A control: the minds of one controller, of the doors (API processes) and of the workers. Sluice's own is made
// of the functions of libs/policy (sluice-control.ts); what others would do stands beside it (libs/simulation/src/world/baselines), in the
// same world, with the same delays. The world carries a control's word from the controller to the others and never looks into it.
import type { ChannelId, CongestionLevel, ErrorCode, MerchantId, Tier } from '#domain';
import type { DoorReport, QueueCount, WaitOutcome, WorkerReport } from '#policy';
import type { BankCapacityConfig } from '../bank-capacity-config';
import type { Random } from '../prng';
import type { ScenarioLimits } from '../scenarios/scenario';

/** What everybody may know of a channel; the truth about its bank is not among it. */
export interface ChannelFacts {
  readonly id: ChannelId;
  readonly limits: ScenarioLimits;
  /** The bank on the first day: what somebody who sets a fixed limit by hand has measured. Sluice never looks at it. */
  readonly bankAtStart: BankCapacityConfig;
}

export interface SiteFacts {
  readonly channels: readonly ChannelFacts[];
  readonly doorIds: readonly string[];
  readonly workerIds: readonly string[];
}

/** A report with the controller's time of its arrival. */
export interface Received<R> {
  readonly report: R;
  readonly receivedMs: number;
}

export interface StepInput {
  readonly nowMs: number;
  readonly workers: readonly Received<WorkerReport>[];
  readonly doors: readonly Received<DoorReport>[];
  /** `null`: the queue cannot be asked. */
  readonly queues: readonly QueueCount[] | null;
}

export interface ControllerMind<W> {
  step(input: StepInput, random: Random): W;
}

/** A payment asks to come in. */
export interface Ask {
  readonly channelId: ChannelId;
  readonly tier: Tier;
  readonly merchantId: MerchantId;
  /** Who pays, stable over a checkout: cohorts are made from it. */
  readonly payerId: number;
  readonly patienceMs: number;
  /** Channels of the payer's other instruments. */
  readonly others: readonly ChannelId[];
  /** The offer that this payment takes up. */
  readonly offer: Offer | null;
}

/** A way to pay that was offered to a payer; whichever door it is taken up at, as behind a balancer. */
export interface Offer {
  readonly channelId: ChannelId;
  /** Its place in the list, 0 for the first. */
  readonly rank: number;
}

/** What a payer was told about the wait, ms; the point is the prediction before any correction. */
export interface Promise90 {
  readonly pointMs: number;
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly roundTripMs: number;
}

export type Answer =
  | {
      readonly kind: 'admit';
      readonly promise: Promise90 | null;
      readonly level: CongestionLevel;
      readonly offers: readonly Offer[];
    }
  | {
      readonly kind: 'refuse';
      readonly code: ErrorCode | 'full';
      readonly retryAfterMs: number;
      readonly offers: readonly Offer[];
    };

/** What a waiting payer heard last of the wait. */
export interface ToldPayer {
  level: CongestionLevel;
  /** Until the bank's answer; null: nobody could tell. */
  p90Ms: number | null;
  atMs: number;
}

export interface DoorMind<W> {
  /** Whether payers who wait hear of other ways at all. */
  readonly advisesWaiting: boolean;
  hear(word: W, nowMs: number): void;
  ask(ask: Ask, nowMs: number, random: Random): Answer;
  /**
   * A payer who waits is looked at again, once a second: other ways, if the wait got worse than was told.
   * @param told what was told last; moved here where something is told now
   */
  lookAgain(ask: Ask, told: ToldPayer, nowMs: number, random: Random): readonly Offer[];
  /** The bank said a clear no for its own reasons: other ways, at once. */
  afterRefusalOfBank(ask: Ask, nowMs: number, random: Random): readonly Offer[];
  /** How a payment that came in here turned out, where something had been promised. */
  learn(channelId: ChannelId, outcome: WaitOutcome): void;
  report(nowMs: number): DoorReport;
}

export interface WorkerMind<W> {
  /** The newest word it acts on, as it says in its reports. */
  readonly heard: { readonly term: number; readonly seq: number };
  hear(word: W, nowMs: number): void;
  /**
   * When may this worker send the next payment over a channel? Now or earlier: at once. `Infinity`: not before it hears again.
   * @param mine its calls under way there
   * @param alone Redis is gone: nobody holds the sum over all workers
   */
  nextSendMs(channelId: ChannelId, mine: number, alone: boolean, nowMs: number): number;
  sent(channelId: ChannelId, nowMs: number): void;
}

export interface Control<W> {
  readonly name: string;
  /** How long a payment may wait in the queue before it is dropped unsent, ms. A plain BullMQ queue has no such thing: `Infinity`. */
  dropsAfterMs(limits: ScenarioLimits, patienceMs: number): number;
  /** @param term number of the election @param last the newest word of its predecessor, where there was one */
  controller(site: SiteFacts, controllerId: string, term: number, last: W | null, nowMs: number): ControllerMind<W>;
  door(site: SiteFacts, doorId: string): DoorMind<W>;
  worker(site: SiteFacts, workerId: string): WorkerMind<W>;
  /** Calls under way that all workers together may have: the queue holds them to it. */
  limit(word: W, channelId: ChannelId): number;
}
