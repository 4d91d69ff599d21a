/**
 * What does a cohort say about the bank? Its delay above the floor, in mean service times, with a standard error; and from that the knee:
 * by Little's law N / (1 + excess) of the N calls in flight are being worked on.
 */
import { recentFlow } from './answer-flow';
import { delayOf, inFlightOf } from './cohort';
import { FLOOR_UNSURE, moveFloor, quartileVariance } from './delay-floor';
import type { DelayEstimate } from './delay-quantile';
import type { Cohort, LimiterInput, LimiterState, Reading } from './limiter-state';

/** Above the knee by this part, so that a queue of one tenth shows and the bank never idles; more where few calls carry more noise. */
const HEADROOM = 0.1;
const HEADROOM_OF_FEW = 0.5;
/** Calls that a decision rests on, fewer where fewer are in flight: waiting for more would take several round trips. */
const NEED = 60;
/** From here on an excess is large: beyond what noise makes, and worth acting on at once. */
export const LARGE_EXCESS = 0.4;
/** What is so many standard errors from its place is there not by chance. */
export const SURE_ERRORS = 2;
/** Errors that more calls do not mend, for instance clocks and reports: 1 % of a service time. */
const ERROR_LEAST = 0.01;

/** A reading with what a decision needs beside it. */
export interface View extends Reading {
  readonly calls: number;
  /** Only a lower bound of the delay is known, and it is a large one. */
  readonly atLeast: boolean;
  /** Delay above the floor, in mean service times. */
  readonly excess: number;
  /** The excess that is wanted: where the limit stands above the knee. */
  readonly headroom: number;
}

/** `null` while too few calls have ended. */
export function readCohort(state: LimiterState, cohort: Cohort, input: LimiterInput): View | null {
  const estimate = delayOf(cohort, input, needFor(state.limit));
  if (estimate === null) return null;
  const inFlight = Math.max(1, inFlightOf(cohort, input.underWaySinceMs.length));
  // That a delay is longer than so much only counts where it is too long already.
  if (estimate.atLeast && !tooLong(state, estimate)) return null;
  const floor = state.floor ?? moveFloor(estimate.delayMs);
  const serviceMs = Math.max(1, state.serviceMs === 0 ? estimate.delayMs : state.serviceMs);
  return {
    delayMs: estimate.delayMs,
    calls: estimate.calls,
    atLeast: estimate.atLeast,
    inFlight,
    error: Math.sqrt(quartileVariance(estimate.calls) + Math.min(floor.variance, FLOOR_UNSURE) + ERROR_LEAST ** 2),
    excess: (estimate.delayMs - floor.ms) / serviceMs,
    headroom: Math.max(HEADROOM, HEADROOM_OF_FEW / Math.sqrt(state.limit)),
  };
}

function tooLong(state: LimiterState, estimate: DelayEstimate): boolean {
  return state.floor !== null && estimate.delayMs - state.floor.ms > LARGE_EXCESS * state.serviceMs;
}

function needFor(limit: number): number {
  return Math.max(1, Math.min(NEED, Math.round(limit)));
}

/** More delay than the headroom makes, and not by chance. */
export function isTooMuch(view: View): boolean {
  return view.excess > view.headroom + SURE_ERRORS * view.error;
}

/** What is kept of a view for comparison with the next one. */
export function readingOf({ delayMs, error, inFlight }: View): Reading {
  return { delayMs, error, inFlight };
}

/** Where the limit belongs by what was read: the knee and a little. Little's law bounds an excess that delays exaggerate. */
export function targetOf(state: LimiterState, view: View): number {
  return kneeOf(state, view) * (1 + view.headroom);
}

/** Calls in flight that the bank is working on. */
export function kneeOf(state: LimiterState, view: View): number {
  const byFlow = excessByFlow(state, view.inFlight);
  let excess = Math.max(-0.3, view.excess);
  if (byFlow !== null && excess > 0) {
    // Delays of calls that have ended tell of the past; where they say that the bank slows, the flow says by how much now.
    if (excess > LARGE_EXCESS) excess = Math.max(excess, Math.min(byFlow, 2 * excess + 0.5));
    excess = Math.min(excess, Math.max(0, 1.15 * byFlow + 0.1));
  }
  return view.inFlight / (1 + excess);
}

/** The excess by Little's law: calls in flight over those that the present flow of answers keeps at work. */
export function excessByFlow(state: LimiterState, inFlight: number): number | null {
  const flow = recentFlow(state.flow);
  if (flow === null || state.serviceMs === 0) return null;
  return Math.max(0, inFlight - flow.idle) / (flow.perMs * state.serviceMs) - 1;
}
