// What does a bank do with too much load, and how does it come back? Two experiments on one capacity model:
// a *sweep* (each load from .2 to 3 times the true capacity, steady) and a *time line* (calm, overload, calm).
// Arrivals are an open Poisson stream: payers do not slow down because a bank does, and a bank does not see
// that they have gone. Its own chance streams keep arrivals equal while a setting of the bank changes.
import { advance, createCapacity, nextEventMs, offer } from './bank-capacity';
import { type BankCapacityConfig, trueCapacityPerSecond } from './bank-capacity-config';
import { type BankCapacity, capacityFacts } from './bank-capacity-state';
import { type Random, seededRandom } from './prng';

/** Load steps, in true capacities; dense around 1, where the knee is. */
const LOADS = [0.2, 0.4, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 2.5, 3];
/** A payer's caller hangs up after this; later answers help nobody. Three seconds is what
 * payers at a cashier page bear and what connectors commonly wait. */
const PATIENCE_MS = 3_000;
/** Long enough to fill a queue of three seconds at 10 % excess; bounded by payments for very fast banks. */
const WARM_UP_MS = 30_000;
const WARM_UP_PAYMENTS = 100_000;
/** Two cycles of the slowest built-in pause at full length. Six hundred payments pass even at 30/s. */
const MEASURE_MS = 20_000;
const MEASURE_PAYMENTS = 60_000;
/** Time line: a calm payday, half a minute at double capacity, then the calm again, long enough for two restarts. */
const CALM_LOAD = 0.5;
const OVERLOAD = 2;
const OVERLOAD_FROM_S = 15;
const OVERLOAD_TO_S = 45;
const END_S = 120;
/** Recovered: so many seconds in a row with 90 % served at no more than 1.5 × the calm median. */
const RECOVERED_FOR_S = 3;

/** One steady load. Rates per second, latencies from offer to answer; null where nothing was answered. */
export interface LoadPoint {
  load: number;
  offeredPerSecond: number;
  servedPerSecond: number;
  onTimePerSecond: number;
  busyPerSecond: number;
  latencyMsP50: number | null;
  latencyMsP99: number | null;
}

/** One second of the time line. `collapsed` and `waiting` are as at its end. */
export interface TimePoint {
  atS: number;
  offeredPerSecond: number;
  servedPerSecond: number;
  onTimePerSecond: number;
  busyPerSecond: number;
  latencyMsP50: number | null;
  waiting: number;
  collapsed: boolean;
}

/** What a reader wants to know first; the same names in the JSON of the command. */
export interface CapacityFindings {
  truePerSecond: number;
  /** Highest load at which 97 % is served and the median is at most 1.5 × the idle one, per second. */
  kneePerSecond: number;
  /** Share of the true capacity still served at twice and three times the load. */
  servedShareAt2x: number;
  servedShareAt3x: number;
  /** The same at its worst second of the time line's overload, its first five seconds apart. */
  worstServedShare: number;
  /** Times the bank fell during the time line. */
  collapses: number;
  /** Seconds from the end of the overload until the bank is as before; null if not within the time line. */
  recoveryS: number | null;
}

/** Both experiments on one bank. */
export interface CapacityRun {
  config: BankCapacityConfig;
  seed: number;
  patienceMs: number;
  curve: readonly LoadPoint[];
  timeline: readonly TimePoint[];
  overload: { load: number; calmLoad: number; fromS: number; toS: number };
  findings: CapacityFindings;
}

/**
 * Runs both experiments; the same config and seed give the same numbers to the last digit.
 * Takes about a second of one core per bank. Throws if the bank has no capacity to relate load to.
 */
export function sweepCapacity(config: BankCapacityConfig, seed: number): CapacityRun {
  const truePerSecond = trueCapacityPerSecond(config);
  if (truePerSecond <= 0) throw new RangeError('a bank with 0 slots has no capacity to sweep; give it slots');
  const curve = LOADS.map((load) => steadyLoad(config, seed, load, truePerSecond));
  const { timeline, collapses } = timeLine(config, seed, truePerSecond);
  return {
    config,
    seed,
    patienceMs: PATIENCE_MS,
    curve,
    timeline,
    overload: { load: OVERLOAD, calmLoad: CALM_LOAD, fromS: OVERLOAD_FROM_S, toS: OVERLOAD_TO_S },
    findings: findingsOf(curve, timeline, truePerSecond, collapses),
  };
}

/** What one stretch of time brought. */
interface Tally {
  offered: number;
  onTime: number;
  busy: number;
  latenciesMs: number[];
}

/** Offers a Poisson stream until `untilMs`, and counts what is offered and answered on the way. */
function drive(bank: BankCapacity, perSecond: number, untilMs: number, arrivals: Random, chance: Random): Tally {
  const tally: Tally = { offered: 0, onTime: 0, busy: 0, latenciesMs: [] };
  const collect = (nowMs: number): void => {
    for (const done of advance(bank, nowMs)) {
      const latencyMs = done.finishedMs + done.delayMs - done.offeredMs;
      tally.latenciesMs.push(latencyMs);
      if (latencyMs <= PATIENCE_MS) tally.onTime += 1;
    }
  };
  let atMs = bank.nowMs;
  for (;;) {
    atMs += (-Math.log(1 - arrivals()) * 1000) / perSecond;
    if (atMs >= untilMs) break; // memoryless: the next stretch may draw anew
    if (nextEventMs(bank) <= atMs) collect(atMs);
    tally.offered += 1;
    if (offer(bank, capacityId(bank), atMs, chance).kind === 'busy') tally.busy += 1;
  }
  collect(untilMs);
  return tally;
}

/** Offers are numbered by their count: unique for as long as the bank lives. */
function capacityId(bank: BankCapacity): number {
  return bank.offered;
}

function steadyLoad(config: BankCapacityConfig, seed: number, load: number, truePerSecond: number): LoadPoint {
  const perSecond = load * truePerSecond;
  const arrivals = seededRandom(seed, `arrivals ${load}`);
  const chance = seededRandom(seed, `service ${load}`);
  const bank = createCapacity(config);
  const warmUpMs = Math.min(WARM_UP_MS, (WARM_UP_PAYMENTS / perSecond) * 1000);
  const measureMs = Math.min(MEASURE_MS, (MEASURE_PAYMENTS / perSecond) * 1000);
  drive(bank, perSecond, warmUpMs, arrivals, chance);
  const tally = drive(bank, perSecond, warmUpMs + measureMs, arrivals, chance);
  const sorted = tally.latenciesMs.sort((a, b) => a - b);
  const perSecondOf = (count: number): number => (count * 1000) / measureMs;
  return {
    load,
    offeredPerSecond: perSecondOf(tally.offered),
    servedPerSecond: perSecondOf(sorted.length),
    onTimePerSecond: perSecondOf(tally.onTime),
    busyPerSecond: perSecondOf(tally.busy),
    latencyMsP50: quantile(sorted, 0.5),
    latencyMsP99: quantile(sorted, 0.99),
  };
}

function timeLine(
  config: BankCapacityConfig,
  seed: number,
  truePerSecond: number,
): { timeline: TimePoint[]; collapses: number } {
  const arrivals = seededRandom(seed, 'arrivals');
  const chance = seededRandom(seed, 'service');
  const bank = createCapacity(config);
  const timeline: TimePoint[] = [];
  for (let atS = 0; atS < END_S; atS += 1) {
    const load = atS >= OVERLOAD_FROM_S && atS < OVERLOAD_TO_S ? OVERLOAD : CALM_LOAD;
    const tally = drive(bank, load * truePerSecond, (atS + 1) * 1000, arrivals, chance);
    const facts = capacityFacts(bank);
    timeline.push({
      atS,
      offeredPerSecond: tally.offered,
      servedPerSecond: tally.latenciesMs.length,
      onTimePerSecond: tally.onTime,
      busyPerSecond: tally.busy,
      latencyMsP50: quantile(
        tally.latenciesMs.sort((a, b) => a - b),
        0.5,
      ),
      waiting: facts.waiting,
      collapsed: facts.collapsed,
    });
  }
  return { timeline, collapses: bank.collapses };
}

function findingsOf(
  curve: readonly LoadPoint[],
  timeline: readonly TimePoint[],
  truePerSecond: number,
  collapses: number,
): CapacityFindings {
  const idleMs = curve[0]?.latencyMsP50 ?? Infinity;
  let kneePerSecond = 0;
  for (const point of curve) {
    const holds =
      point.servedPerSecond >= 0.97 * point.offeredPerSecond && (point.latencyMsP50 ?? Infinity) <= 1.5 * idleMs;
    if (!holds) break;
    kneePerSecond = point.load * truePerSecond;
  }
  const shareAt = (load: number): number =>
    (curve.find((point) => point.load === load)?.servedPerSecond ?? 0) / truePerSecond;
  const overloaded = timeline.slice(OVERLOAD_FROM_S + 5, OVERLOAD_TO_S);
  return {
    truePerSecond,
    kneePerSecond,
    servedShareAt2x: shareAt(2),
    servedShareAt3x: shareAt(3),
    worstServedShare: Math.min(...overloaded.map((point) => point.servedPerSecond)) / truePerSecond,
    collapses,
    recoveryS: recoveryOf(timeline),
  };
}

function recoveryOf(timeline: readonly TimePoint[]): number | null {
  const calm = timeline.slice(5, OVERLOAD_FROM_S).map((point) => point.latencyMsP50 ?? Infinity);
  const calmMs = quantile(
    calm.sort((a, b) => a - b),
    0.5,
  );
  const isWell = (point: TimePoint): boolean =>
    !point.collapsed &&
    point.servedPerSecond >= 0.9 * point.offeredPerSecond &&
    (point.latencyMsP50 ?? Infinity) <= 1.5 * (calmMs ?? 0);
  let well = 0;
  for (const point of timeline.slice(OVERLOAD_TO_S)) {
    well = isWell(point) ? well + 1 : 0;
    if (well === RECOVERED_FOR_S) return point.atS + 1 - RECOVERED_FOR_S - OVERLOAD_TO_S;
  }
  return null;
}

/** Nearest-rank quantile of an ascending list, null of an empty one. */
function quantile(ascending: readonly number[], q: number): number | null {
  return ascending[Math.min(ascending.length - 1, Math.floor(q * ascending.length))] ?? null;
}
