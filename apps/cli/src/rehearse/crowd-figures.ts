/** What did the payers get, over what their banks could do, and did anybody have to wait? */
import { described, type Figure } from '../outcome';
import { couldServe, type Watched } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';
import { isOnTime } from './on-time';
import type { CongestionStage } from './stage';
import { ratio } from './statistics';

interface CrowdSeen {
  readonly stage: CongestionStage;
  readonly outcomes: readonly PayerOutcome[];
  readonly watched: Watched;
}

const SECOND_MS = 1_000;
/** Fewer saturated seconds than this are an edge, not a load. */
const SATURATED_LEAST_S = 5;
/** Promises of less are not noticed (as in libs/simulation). */
const NOTICED_MS = 250;

export function crowdFigures(seen: CrowdSeen): Figure[] {
  const { outcomes, stage } = seen;
  const paid = outcomes.filter((outcome) => onTime(seen, outcome));
  return [
    described('goodput_over_capacity', goodputOverCapacity(seen), 'ratio'),
    described('on_time_share', ratio(paid.length, outcomes.length), 'ratio'),
    described('told_to_wait_share', toldToWait(seen), 'ratio'),
    ...(stage.timeline.length === 0 ? [] : [described('own_customers_on_time', ownCustomersOnTime(seen), 'ratio')]),
  ];
}

function onTime({ stage }: CrowdSeen, outcome: PayerOutcome): boolean {
  return isOnTime(outcome, stage.payers.on_time_ms);
}

/**
 * Of the seconds in which a bank was first asked by as many payers as it could serve, or more: payments that ended there on time, over
 * what it could do. Null: no bank was asked for so much.
 */
function goodputOverCapacity(seen: CrowdSeen): number | null {
  const { outcomes, watched } = seen;
  const beginMs = outcomes.reduce((least, { postedMs }) => Math.min(least, postedMs), Infinity);
  const secondOf = (atMs: number): number => Math.floor((atMs - beginMs) / SECOND_MS);
  let seconds = 0;
  let could = 0;
  let done = 0;
  for (const [channel, glimpses] of watched) {
    const asked: number[] = [];
    const ended: number[] = [];
    for (const outcome of outcomes) {
      const { postedMs, endMs } = outcome;
      if (outcome.channel === channel) asked[secondOf(postedMs)] = (asked[secondOf(postedMs)] ?? 0) + 1;
      if (outcome.paidOn === channel && endMs !== null && onTime(seen, outcome))
        ended[secondOf(endMs)] = (ended[secondOf(endMs)] ?? 0) + 1;
    }
    for (let second = 0; second < asked.length; second += 1) {
      const fromMs = beginMs + second * SECOND_MS;
      const capacity = couldServe(glimpses, fromMs, fromMs + SECOND_MS);
      if (capacity === 0 || (asked[second] ?? 0) < capacity) continue;
      seconds += 1;
      could += capacity;
      done += ended[second] ?? 0;
    }
  }
  return seconds < SATURATED_LEAST_S ? null : ratio(done, could);
}

/** Of the payers of banks that nothing happened to: those who were paid on time, although others were sent to them. */
function ownCustomersOnTime(seen: CrowdSeen): number | null {
  const changed = new Set(seen.stage.timeline.map(({ channel }) => channel));
  const own = seen.outcomes.filter(({ channel }) => !changed.has(channel));
  return ratio(own.filter((outcome) => onTime(seen, outcome)).length, own.length);
}

/** Of the accepted: those whose answer spoke of a wait beyond the bank's own time. */
function toldToWait({ outcomes, stage }: CrowdSeen): number | null {
  const accepted = outcomes.filter(({ acceptedMs }) => acceptedMs !== null);
  const told = accepted.filter(
    ({ eta, channel }) => eta !== null && eta.p50 - (stage.banks[channel]?.service.mean_ms ?? 0) > NOTICED_MS,
  );
  return ratio(told.length, accepted.length);
}
