// Which figures does a limiter reach? Banks drawn per seed, each under 2, 3 and 10 times its capacity, beside the same bank at half load;
// then cut to 40 % and restored; and one bank for an hour. Nothing is left out: what fell below its goal stands there as not met.
import type { BankCapacityConfig } from '../bank-capacity-config';
import {
  BASE_BANK,
  type BankModel,
  bankModel,
  degradesHard,
  drawBankModels,
  isJudged,
  roundTripMs,
} from './bank-models';
import { type LimiterTrace, sumBetween } from './limiter-trace';
import { runLimiterTrial } from './run-limiter-trial';
import type { TrialLimiter } from './trial-limiter';
import { driftOfP99, goodputOf, recoveredAfterS, settledAfterS } from './trial-measures';
import { OPEN_CEILING, timeoutFor, type TrialScript } from './trial-script';

export interface LimiterFigure {
  readonly name: string;
  /** The worst run on the banks that are judged. */
  readonly value: number | null;
  /** The median run over all banks. */
  readonly median: number | null;
  readonly unit: string;
  readonly goal: string;
  /** Worst, median, and what the detail says of banks with goals of their own. */
  readonly met: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface FigureOptions {
  /** Fewer banks and shorter times, for a look; the figures of a report are made without. */
  readonly quick?: boolean;
}

/** The limiter to try on a bank: most need to know nothing of it. */
export type LimiterFor = (bank: BankCapacityConfig) => TrialLimiter;

const LOADS = [2, 3, 10] as const;
/** Where every limiter starts: a careful guess. */
export const TRIAL_INITIAL = 10;
/** Drawn banks per seed, beside the base bank. */
const MODELS = 16;
const MODELS_QUICK = 2;
/** Warm up and measure for so long, ms, or so many round trips if that is longer: slow banks teach slowly. */
const WARM = { ms: 20_000, roundTrips: 60 };
const MEASURE = { ms: 60_000, roundTrips: 100 };
const CUT = { ms: 40_000, roundTrips: 60 };
const RESTORE = { ms: 30_000, roundTrips: 40 };
/** What is left of the bank after a cut. */
const CUT_TO = 0.4;
const HOUR_MINUTES = 60;

/** One trial's reading with the goal that its bank has. */
interface Reading {
  readonly seed: number;
  readonly model: string;
  readonly judged: boolean;
  readonly hard: boolean;
  readonly value: number;
  readonly goal: number;
  readonly beside?: Readonly<Record<string, number>>;
}

/** What the trials of one seed showed, by figure. Plain data, so that seeds may be tried in several threads. */
export interface SeedReadings {
  readonly readings: Readonly<Record<string, readonly Reading[]>>;
  readonly unknowns: Unknowns;
}

/** Every trial of one seed. Deterministic; some minutes, `quick` some seconds. */
export function limiterReadings(limiterFor: LimiterFor, seed: number, options: FigureOptions = {}): SeedReadings {
  const quick = options.quick === true;
  const readings: Record<string, Reading[]> = {};
  const note = (name: string, reading: Reading): void => void (readings[name] ??= []).push(reading);
  const unknowns = { overload: 0, calls: 0, half: 0, callsAtHalf: 0 };
  for (const model of [BASE_BANK, ...drawBankModels(seed, quick ? MODELS_QUICK : MODELS)]) {
    const limiter = limiterFor(model.bank);
    const about = { seed, model: model.name, judged: isJudged(model), hard: degradesHard(model) };
    for (const load of LOADS) {
      const { trace, fromMs, toMs } = steadyTrial(model, limiter, seed, load);
      const { share, ...beside } = goodputOf(trace, fromMs, toMs);
      note(`goodput_${load}x`, { ...about, value: share, goal: about.hard ? 0.9 : 0.95, beside });
      if (load === 3) {
        unknowns.overload += sumBetween(trace.late, fromMs, toMs);
        unknowns.calls += sumBetween(trace.served, fromMs, toMs);
        const half = steadyTrial(model, limiter, seed, 0.5);
        unknowns.half += sumBetween(half.trace.late, fromMs, toMs);
        unknowns.callsAtHalf += sumBetween(half.trace.served, fromMs, toMs);
      }
    }
    const { settledS, recoveredS } = cutAndRestore(model, limiter, seed);
    const roundTripS = roundTripMs(model.bank) / 1000;
    note('settle_after_cut_s', { ...about, value: settledS, goal: about.judged ? 3 : 1 + 8 * roundTripS });
    note('recover_after_restore_s', { ...about, value: recoveredS, goal: about.judged ? 5 : 2 + 8 * roundTripS });
  }
  if (!quick) {
    const about = { seed, model: HOUR_BANK.name, judged: true, hard: false };
    note('p99_drift_60min', { ...about, value: hour(limiterFor, seed), goal: 0.1 });
  }
  return { readings, unknowns };
}

/** The figures of all seeds together. */
export function figuresOfSeeds(seeds: readonly SeedReadings[]): LimiterFigure[] {
  const of = (name: string): Reading[] => seeds.flatMap(({ readings }) => readings[name] ?? []);
  const total = (what: keyof Unknowns): number => seeds.reduce((sum, { unknowns }) => sum + unknowns[what], 0);
  const drift = of('p99_drift_60min');
  return [
    ...LOADS.map((load) => atLeast(`goodput_${load}x`, of(`goodput_${load}x`))),
    ...(drift.length === 0 ? [] : [atMost('p99_drift_60min', 'ratio', drift, '<= 0.1')]),
    atMost('settle_after_cut_s', 's', of('settle_after_cut_s'), '<= 3, elsewhere 1 s + 8 RTT'),
    atMost('recover_after_restore_s', 's', of('recover_after_restore_s'), '<= 5, elsewhere 2 s + 8 RTT'),
    ownUnknowns({
      overload: total('overload'),
      calls: total('calls'),
      half: total('half'),
      callsAtHalf: total('callsAtHalf'),
    }),
  ];
}

// ---- Trials ----

function lasting(span: { ms: number; roundTrips: number }, bank: BankCapacityConfig): number {
  return Math.ceil(Math.max(span.ms, span.roundTrips * roundTripMs(bank)));
}

function scriptOf(
  model: BankModel,
  rest: Pick<TrialScript, 'durationMs' | 'load'> & Partial<TrialScript>,
): TrialScript {
  return {
    bank: model.bank,
    changes: [],
    initial: TRIAL_INITIAL,
    ceiling: OPEN_CEILING,
    timeoutMs: timeoutFor(model.bank),
    ...rest,
  };
}

function steadyTrial(model: BankModel, limiter: TrialLimiter, seed: number, load: number) {
  const fromMs = lasting(WARM, model.bank);
  const toMs = fromMs + lasting(MEASURE, model.bank);
  const trace: LimiterTrace = runLimiterTrial(scriptOf(model, { durationMs: toMs, load }), limiter, seed);
  return { trace, fromMs, toMs };
}

/** The bank loses 60 % of its slots and of its hidden rate, and gets them back. */
export function cutBank(bank: BankCapacityConfig): BankCapacityConfig {
  const rateCap = bank.rateCap === null ? null : { ...bank.rateCap, perSecond: bank.rateCap.perSecond * CUT_TO };
  return { ...bank, slots: Math.max(1, Math.round(bank.slots * CUT_TO)), rateCap };
}

function cutAndRestore(
  model: BankModel,
  limiter: TrialLimiter,
  seed: number,
): { settledS: number; recoveredS: number } {
  const cutMs = lasting(WARM, model.bank) + CUT.ms;
  const restoreMs = cutMs + lasting(CUT, model.bank);
  const durationMs = restoreMs + lasting(RESTORE, model.bank);
  const changes = [
    { atMs: cutMs, bank: cutBank(model.bank) },
    { atMs: restoreMs, bank: model.bank },
  ];
  const trace = runLimiterTrial(scriptOf(model, { durationMs, load: 'saturated', changes }), limiter, seed);
  return {
    settledS: settledAfterS(trace, cutMs, restoreMs),
    recoveredS: recoveredAfterS(trace, restoreMs, durationMs),
  };
}

/** For the hour: 400 answers a second, so that p99 of ten minutes rests on 2,400 calls above it. */
const HOUR_BANK = bankModel('an hour', { slots: 100, meanMs: 250 });

function hour(limiterFor: LimiterFor, seed: number): number {
  const script = scriptOf(HOUR_BANK, { durationMs: (HOUR_MINUTES + 1) * 60_000, load: 3 });
  return driftOfP99(runLimiterTrial(script, limiterFor(HOUR_BANK.bank), seed), 1);
}

// ---- From readings to figures ----

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** JSON has no infinity: what never happened is `null`. */
function finite(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) ? null : value;
}

function shareOf(readings: readonly Reading[], meets: (reading: Reading) => boolean): number | null {
  return readings.length === 0 ? null : readings.filter(meets).length / readings.length;
}

function atLeast(name: string, readings: readonly Reading[]): LimiterFigure {
  const meets = (reading: Reading): boolean => reading.value >= reading.goal;
  const judged = readings.filter((reading) => reading.judged);
  const plain = judged.filter((reading) => !reading.hard);
  const hard = judged.filter((reading) => reading.hard);
  const worst = plain.reduce<Reading | null>((bad, one) => (bad === null || one.value < bad.value ? one : bad), null);
  const worstHard = hard.reduce<Reading | null>(
    (bad, one) => (bad === null || one.value < bad.value ? one : bad),
    null,
  );
  const median = medianOf(readings.map((reading) => reading.value));
  return {
    name,
    value: worst?.value ?? null,
    median,
    unit: 'ratio',
    goal: '>= 0.95, hard-degrading >= 0.9',
    met: judged.length > 0 && judged.every(meets) && median !== null && median >= 0.95,
    detail: {
      worst,
      worst_hard: worstHard,
      share_met_judged: shareOf(judged, meets),
      share_met_all: shareOf(readings, meets),
      busy_share_worst: Math.max(0, ...readings.map((reading) => reading.beside?.['busyShare'] ?? 0)),
      bank_queue_median: medianOf(readings.map((reading) => reading.beside?.['bankQueue'] ?? 0)),
      // More than the truth by more than chance would mean that the truth is wrong.
      best: Math.max(...readings.map((reading) => reading.value)),
      runs: readings.length,
    },
  };
}

function atMost(name: string, unit: string, readings: readonly Reading[], goal: string): LimiterFigure {
  const meets = (reading: Reading): boolean => reading.value <= reading.goal;
  const judged = readings.filter((reading) => reading.judged);
  const elsewhere = readings.filter((reading) => !reading.judged);
  const worst = judged.reduce<Reading | null>((bad, one) => (bad === null || one.value > bad.value ? one : bad), null);
  const overGoal = medianOf(elsewhere.map((reading) => reading.value / reading.goal));
  return {
    name,
    value: finite(worst?.value),
    median: finite(medianOf(readings.map((reading) => reading.value))),
    unit,
    goal,
    met: judged.length > 0 && judged.every(meets) && (overGoal === null || overGoal <= 1),
    detail: {
      worst: worst === null ? null : { ...worst, value: finite(worst.value) },
      median_judged: finite(medianOf(judged.map((reading) => reading.value))),
      share_met_judged: shareOf(judged, meets),
      share_met_elsewhere: shareOf(elsewhere, meets),
      elsewhere_over_goal_median: finite(overGoal),
      runs: readings.length,
    },
  };
}

/** The figure needs this many calls, or one unknown more would decide it. */
const UNKNOWN_CALLS = 3_000_000;

interface Unknowns {
  readonly overload: number;
  readonly calls: number;
  readonly half: number;
  readonly callsAtHalf: number;
}

function ownUnknowns({ overload, calls, half, callsAtHalf }: Unknowns): LimiterFigure {
  const atHalf = callsAtHalf === 0 ? 0 : half / callsAtHalf;
  const perMillion = calls === 0 ? null : Math.max(0, overload / calls - atHalf) * 1e6;
  return {
    name: 'own_unknowns_per_million',
    value: perMillion,
    median: perMillion,
    unit: 'per million',
    goal: '<= 1',
    met: perMillion !== null && perMillion <= 1 && calls >= UNKNOWN_CALLS,
    detail: { overload, calls, half_load: half, calls_at_half_load: callsAtHalf, calls_needed: UNKNOWN_CALLS },
  };
}
