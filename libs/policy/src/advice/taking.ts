/**
 * How likely is an offer taken? By its place in the list: the first is taken far more often than the third, and a payer takes one at most.
 *
 * Learnt from offers whose time is over, with a prior, since at the beginning of a run on offers none is over yet. Claims are counted
 * where they arrive and offers where they were made, which need not be the same process: behind a balancer that spreads requests evenly
 * each process sees as many claims of others' offers as others see of its own, so the ratio is right on average.
 */

/** At most so many ways beside waiting: a cashier page shows no more. */
export const OFFERS_MAX = 3;

/** What is believed before anything is known: 70 % take the first (the share flow-control.md §4 was measured with), few the others. */
const PRIOR_RATE = [0.7, 0.2, 0.1] as const;
/** The prior weighs as much as so many offers: half of what is believed comes from the first forty. */
const PRIOR_OFFERS = 40;
/** Beyond so many both counts are halved: the last few minutes of a busy door, and a page that is redesigned is noticed. */
const REMEMBERED_MAX = 1_000;
/** An offer never counts for less than this, so that if all are taken at once a channel gets at most ten times what was held for it. */
const UNITS_MIN = 0.1;

interface Count {
  over: number;
  taken: number;
}

/** Plain data: survives JSON. */
export interface Taking {
  readonly byRank: readonly Count[];
}

export function createTaking(): Taking {
  return { byRank: PRIOR_RATE.map(() => ({ over: 0, taken: 0 })) };
}

/** Expected payments that one offer at this place brings: 0.1 to 1. @param rank 0 for the first of a list */
export function unitsOf(taking: Taking, rank: number): number {
  const place = Math.min(rank, OFFERS_MAX - 1);
  const { over, taken } = taking.byRank[place]!;
  const rate = (taken + PRIOR_RATE[place]! * PRIOR_OFFERS) / (over + PRIOR_OFFERS);
  return Math.min(1, Math.max(UNITS_MIN, rate));
}

/** The time of an offer of this process is over, whether it was taken or not. */
export function noteOver(taking: Taking, rank: number): void {
  count(taking, rank, 'over');
}

/** An offer was taken, whoever made it. */
export function noteTaken(taking: Taking, rank: number): void {
  count(taking, rank, 'taken');
}

function count({ byRank }: Taking, rank: number, what: keyof Count): void {
  const place = byRank[Math.min(rank, OFFERS_MAX - 1)]!;
  place[what] += 1;
  if (place.over + place.taken <= REMEMBERED_MAX) return;
  place.over /= 2;
  place.taken /= 2;
}
