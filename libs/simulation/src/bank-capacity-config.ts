// What must be said about a bank channel so that it congests like a real one? Every number that shapes
// it, with unit, range and reason. The ranges cover the banks that limiters are judged on (5-500 slots, mean 50 ms-2 s)
// with room for experiments; whatever lies outside is most likely a slip of the unit and is refused.
import type { ServiceTime } from './service-time';

/** How a bank shares its slots: one payment per slot and the rest waits, or all at once, each slower. */
export const DISCIPLINES = ['fifo', 'processor_sharing'] as const;

/**
 * How throughput falls as work piles up: speed = max(floor, 1 / (1 + slope × (load − kneeLoad))) where
 * load = payments inside the bank / slots. Lock contention, paging and retries between tiers look like this.
 */
export interface Degradation {
  /** Load up to which nothing slows, 0 to 100; 1 = as soon as every slot is taken. */
  kneeLoad: number;
  /** Slowing per unit of load beyond the knee, 0 (never) to 100. At 1.5, 3.5 % excess costs 5 % of the throughput. */
  slope: number;
  /** Speed never falls below this share, 0.01 to 1. Above 0, so that a queue always drains. */
  floor: number;
}

/** The named degradations. `hard` is the one whose knee a router cannot overstep by 3.5 % without losing 5 %. */
export const DEGRADATIONS = {
  none: { kneeLoad: 1, slope: 0, floor: 1 },
  mild: { kneeLoad: 1, slope: 0.2, floor: 0.75 },
  hard: { kneeLoad: 1, slope: 1.5, floor: 0.15 },
} as const satisfies Record<string, Degradation>;

/** A bank that falls over: beyond a load it all but stops, and comes back only after time and draining. */
export interface Collapse {
  /** Load (payments inside / slots) that fells it, 1 to 1,000. */
  atLoad: number;
  /** Least time down, ms, 0 to 3,600,000: restarts take seconds to minutes. */
  downMs: number;
  /** It comes back only once its load is at or below this, 0 to 1,000, less than `atLoad`. */
  recoverAtLoad: number;
  /** Speed while down as a share of normal, 0.001 to 1. Above 0, so that it can drain at all. */
  drainSpeed: number;
  /**
   * While down: true answers *busy*, so that it recovers by itself; false takes payments and lets them hang,
   * so that it stays down until callers go away (a metastable failure).
   */
  refuses: boolean;
}

/** A ceiling on payments per second that no document mentions. */
export interface RateCap {
  /** Payments per second, 0.1 to 1,000,000. */
  perSecond: number;
  /** Payments that may come at once after quiet, 1 to 1,000,000. */
  burst: number;
  /** Beyond it: `busy` refuses, `wait` holds them in the bank's queue. */
  beyond: 'busy' | 'wait';
}

/** Regular standstills: garbage collection, log switches, checkpoint storms. */
export interface Pauses {
  /** From the start of one pause to the start of the next, ms, 100 to 86,400,000. */
  everyMs: number;
  /** Length of a pause, ms, 1 up to less than `everyMs`. */
  forMs: number;
  /** Start of the first pause on the model's clock, ms, ≥ 0. */
  firstAtMs: number;
}

/** Everything that decides how a bank channel takes load. Plain data: it can be stored, sent and edited as JSON. */
export interface BankCapacityConfig {
  /** Payments worked on at once at full speed, 0 to 100,000. 0 = the bank takes payments and works on none. */
  slots: number;
  /** How long one payment holds a slot. */
  service: ServiceTime;
  /** Added to each answer without holding a slot, ms, 0 to 60,000: network and front end; latency without capacity. */
  answerDelayMs: number;
  discipline: (typeof DISCIPLINES)[number];
  /** Payments let in beyond the slots, 0 to 1,000,000; a full queue answers *busy*. Two seconds of work is much. */
  queueLimit: number;
  /** From this many waiting on, a share of payments that grows to 1 at `queueLimit` is answered *busy*. 0 to `queueLimit`; equal = no early refusals. */
  busyFromQueue: number;
  /** How long a *busy* answer takes, ms, 0 to 60,000. Real ones are quick, unless the front end suffers too. */
  busyAnswerMs: number;
  degradation: Degradation;
  collapse: Collapse | null;
  rateCap: RateCap | null;
  pauses: Pauses | null;
}

/**
 * What the channel can answer per second for ever: slots / mean service time, less pauses, not above the hidden
 * rate. Degradation and collapse do not enter: a router that stays at the knee never meets them.
 */
export function trueCapacityPerSecond(config: BankCapacityConfig): number {
  const working = config.pauses === null ? 1 : 1 - config.pauses.forMs / config.pauses.everyMs;
  const served = ((config.slots * 1000) / config.service.meanMs) * working;
  return config.rateCap === null ? served : Math.min(served, config.rateCap.perSecond);
}
