/**
 * How well has the channel worked in the last minutes? Answers and how many of them were a bank at work, in thirty buckets of ten
 * seconds, as channel-scores.ts counts them for one process; here over all workers, as plain data.
 */
import type { EndedCall } from '../limiter/limiter-state';

const BUCKET_MS = 10_000;
/** Five minutes: long enough for a rate at 1 answer a second, short enough to forget an outage that is over. */
const BUCKETS = 30;

interface Bucket {
  readonly slot: number;
  readonly answers: number;
  readonly worked: number;
}

/** Newest bucket last; buckets whose time has passed are gone. */
export type SuccessCounts = readonly Bucket[];

/** Only channel faults count against a channel (money rule 11); what never reached the bank by our own doing is no answer. */
export function stepSuccess(counts: SuccessCounts, ended: readonly EndedCall[], nowMs: number): SuccessCounts {
  const slot = Math.floor(nowMs / BUCKET_MS);
  let answers = 0;
  let worked = 0;
  for (const { class: kind } of ended) {
    if (kind === 'ignored') continue;
    answers += 1;
    if (kind === 'worked' || kind === 'declined') worked += 1;
  }
  const kept = counts.filter((bucket) => bucket.slot > slot - BUCKETS && bucket.slot < slot);
  const newest = counts.find((bucket) => bucket.slot === slot) ?? { slot, answers: 0, worked: 0 };
  return [...kept, { slot, answers: newest.answers + answers, worked: newest.worked + worked }];
}

export function totalSuccess(counts: SuccessCounts): { readonly answers: number; readonly worked: number } {
  return counts.reduce(
    (sum, bucket) => ({ answers: sum.answers + bucket.answers, worked: sum.worked + bucket.worked }),
    { answers: 0, worked: 0 },
  );
}
