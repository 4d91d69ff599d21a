/**
 * When does the limiter look where it is not? Down, to see the floor without a queue: a floor that is only ever compared with itself
 * ratchets up with its queue. Up, when it stands far below what it was lately: a bank that has come back, or a cut that was a mistake,
 * shows no sign of it to a limiter that asks little.
 */
import type { ProbePlan } from './limiter-state';

/** Between two looks down: ten seconds and fifteen decisions, so that they cost about 1 % of the answers. */
const DOWN_EVERY_MS = 10_000;
const DOWN_EVERY_EPOCHS = 15;
/** Down to this part of the knee; every sixth time deeper, where even a wrong knee has no queue. */
export const DOWN_TO = 0.8;
export const DEEP_DOWN_TO = 0.5;
const DEEP_EVERY = 6;
/** After a cut nothing is tried for so long, ms: ten seconds in which others can see the new level, and a little. */
const SETTLE_MS = 12_000;
/** Up when below this part of the highest limit of the last two minutes, for so many decisions. */
const LOW = 0.7;
const UP_AFTER_EPOCHS = 12;
const PEAK_EVERY_MS = 30_000;
const PEAKS = 4;
/** Probes up in vain double their gap up to this. */
const UP_GAP_MAX = 200;
export const UP_TO = 1.5;

export function newProbePlan(nowMs: number, limit: number): ProbePlan {
  return {
    nextDownMs: nowMs + DOWN_EVERY_MS,
    nextUpMs: nowMs,
    epochs: 0,
    downs: 0,
    peaks: [limit],
    peakSinceMs: nowMs,
    lowEpochs: 0,
    upGap: UP_AFTER_EPOCHS,
  };
}

/** The plan after one more decision at this limit. */
export function countEpoch(plan: ProbePlan, nowMs: number, limit: number): ProbePlan {
  const turn = nowMs - plan.peakSinceMs >= PEAK_EVERY_MS;
  const peaks = turn
    ? [limit, ...plan.peaks].slice(0, PEAKS)
    : [Math.max(limit, plan.peaks[0]!), ...plan.peaks.slice(1)];
  const low = limit < LOW * Math.max(...peaks);
  return {
    ...plan,
    epochs: plan.epochs + 1,
    peaks,
    peakSinceMs: turn ? nowMs : plan.peakSinceMs,
    lowEpochs: low ? plan.lowEpochs + 1 : 0,
    upGap: low ? plan.upGap : UP_AFTER_EPOCHS,
  };
}

export function isDownDue(plan: ProbePlan, nowMs: number): boolean {
  return nowMs >= plan.nextDownMs && plan.epochs >= DOWN_EVERY_EPOCHS;
}

export function isDeepDue(plan: ProbePlan): boolean {
  return plan.downs % DEEP_EVERY === DEEP_EVERY - 1;
}

/** After a look down. The next one is jittered, so that channels that share a bank do not look together. */
export function afterDown(plan: ProbePlan, nowMs: number, random: () => number): ProbePlan {
  return { ...plan, nextDownMs: nowMs + DOWN_EVERY_MS * (1 + 0.2 * random()), epochs: 0, downs: plan.downs + 1 };
}

/** Look down again at once, deep: something does not add up. */
export function downSoon(plan: ProbePlan, nowMs: number): ProbePlan {
  return { ...plan, nextDownMs: nowMs, epochs: DOWN_EVERY_EPOCHS, downs: DEEP_EVERY - 1 };
}

export function isUpDue(plan: ProbePlan, nowMs: number): boolean {
  return plan.lowEpochs >= plan.upGap && nowMs >= plan.nextUpMs;
}

/** A cut has just shown what a look down would. Looks wait until the dust has settled. */
export function afterCutting(plan: ProbePlan, nowMs: number): ProbePlan {
  return { ...plan, nextDownMs: nowMs + SETTLE_MS, nextUpMs: nowMs + SETTLE_MS };
}

export function afterUp(plan: ProbePlan, worked: boolean): ProbePlan {
  return { ...plan, lowEpochs: 0, upGap: worked ? UP_AFTER_EPOCHS : Math.min(UP_GAP_MAX, plan.upGap * 2) };
}
