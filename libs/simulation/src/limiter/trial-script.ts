// What happens to the bank and to demand during a trial? A time line of settings, as data.
import { type BankCapacityConfig, trueCapacityPerSecond } from '../bank-capacity-config';

export interface TrialScript {
  readonly durationMs: number;
  /** The bank at the start. */
  readonly bank: BankCapacityConfig;
  /** New settings of the bank, in order of time. */
  readonly changes: readonly { readonly atMs: number; readonly bank: BankCapacityConfig }[];
  /**
   * Demand: `saturated`, there is always one more payment; or payments that arrive by chance (Poisson), as a multiple
   * of what the bank can do at the moment.
   */
  readonly load: 'saturated' | number;
  /** The limit to begin with. */
  readonly initial: number;
  /** The operator's ceiling. */
  readonly ceiling: number;
  /** After this a caller gives a call up, and its outcome is unknown, ms. */
  readonly timeoutMs: number;
  /** Share of payments that the bank declines at once, without working on them, and how long such an answer takes. */
  readonly declines?: { readonly share: number; readonly afterMs: number };
}

/** Nobody knows a bank's size beforehand; a ceiling that never helps, for all banks the same. */
export const OPEN_CEILING = 2_000;
/** Nobody waits less for a bank than this, ms: what connectors commonly do. */
const TIMEOUT_LEAST_MS = 3_000;
/** Standard deviations of 99.999 %. */
const FAR_OUT = 4.265;

/** A deadline that an idle bank misses once in 100,000 calls, as flow-control.md asks: what is late then is late by queueing. */
export function timeoutFor(bank: BankCapacityConfig): number {
  const { shape, meanMs, sigma } = bank.service;
  const far = shape === 'fixed' ? 1 : shape === 'exponential' ? 11.5 : Math.exp(FAR_OUT * sigma - (sigma * sigma) / 2);
  return Math.max(TIMEOUT_LEAST_MS, Math.ceil(meanMs * far + bank.answerDelayMs));
}

/** The bank as of `atMs`. */
export function bankAt(script: TrialScript, atMs: number): BankCapacityConfig {
  let bank = script.bank;
  for (const change of script.changes) if (change.atMs <= atMs) bank = change.bank;
  return bank;
}

/** What the bank could have answered between two times, payments: true capacity, integrated over the time line. */
export function truthBetween(script: TrialScript, fromMs: number, toMs: number): number {
  let payments = 0;
  let atMs = fromMs;
  for (const edgeMs of [...script.changes.map((change) => change.atMs), toMs]) {
    const untilMs = Math.min(Math.max(edgeMs, atMs), toMs);
    payments += ((untilMs - atMs) * trueCapacityPerSecond(bankAt(script, atMs))) / 1000;
    atMs = untilMs;
  }
  return payments;
}
