/**
 * What part of its answers is a bank at work, just now? For promises to other banks' payers: a bank that says *busy* is quick with it and
 * empties our queue, so by what leaves the queue alone it looks as if it had never had so much room. success.ts looks at minutes, to rank
 * channels; a bank that has fallen must not be offered for that long.
 */
import type { EndedCall } from '../limiter/limiter-state';

/** A bank that refuses is seen in a second, and one *busy* among many answers hardly counts. */
const FADES_MS = 1_000;
/** So little is left of a single answer after .7 s: then it is forgotten, whatever it was. */
const FORGOTTEN = 0.5;

/** Plain data. Counts that fade. */
export interface LatelyWorked {
  readonly answers: number;
  readonly worked: number;
}

export const NO_ANSWERS: LatelyWorked = { answers: 0, worked: 0 };

/** Lets `elapsedMs` pass and adds the calls that ended meanwhile; what never reached the bank by our own doing is no answer. */
export function stepLatelyWorked(state: LatelyWorked, ended: readonly EndedCall[], elapsedMs: number): LatelyWorked {
  const fade = Math.exp(-elapsedMs / FADES_MS);
  const answers = ended.filter(({ class: kind }) => kind !== 'ignored');
  const worked = answers.filter(({ class: kind }) => kind === 'worked' || kind === 'declined');
  return { answers: state.answers * fade + answers.length, worked: state.worked * fade + worked.length };
}

/** 0 to 1; 1 while nothing is known. */
export function workedShare({ answers, worked }: LatelyWorked): number {
  return answers < FORGOTTEN ? 1 : worked / answers;
}
