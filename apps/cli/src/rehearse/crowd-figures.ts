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
  const { outcomes } = seen;
  const paid = outcomes.filter((outcome) => onTime(seen, outcome));
  return [
    described('goodput_over_capacity', goodputOverCapacity(seen), 'ratio'),
    described('on_time_share', ratio(paid.length, outcomes.length), 'ratio'),
    described('told_to_wait_share', toldToWait(seen), 'ratio'),
    described('own_customers_on_time', ownCustomersOnTime(seen), 'ratio'),
    ...offers(outcomes),
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

/** Of the payers of banks that could serve all of their own at any time: those who were paid on time, although others were sent there. */
function ownCustomersOnTime(seen: CrowdSeen): number | null {
  const { banks, crowds, timeline } = seen.stage;
  const short = new Set(timeline.map(({ channel }) => channel));
  for (const { channel, phases } of crowds) {
    const most = Math.max(...phases.flatMap(({ rates }) => rates));
    const bank = banks[channel];
    if (bank === undefined || most > (bank.slots * 1_000) / bank.service.mean_ms) short.add(channel);
  }
  const own = seen.outcomes.filter(({ channel }) => !short.has(channel));
  return ratio(own.filter((outcome) => onTime(seen, outcome)).length, own.length);
}

function offers(outcomes: readonly PayerOutcome[]): Figure[] {
  const moved = outcomes.filter((outcome) => outcome.moved);
  const failed = moved.filter(({ state }) => state !== 'succeeded');
  return [
    described('offers_made', outcomes.filter(({ offered }) => offered).length, 'payments'),
    described('offers_followed', moved.length, 'payments'),
    described('moved_then_failed', ratio(failed.length, moved.length), 'ratio'),
  ];
}

/** Of the accepted: those whose answer spoke of a wait beyond the bank's own time. */
function toldToWait({ outcomes, stage }: CrowdSeen): number | null {
  const accepted = outcomes.filter(({ acceptedMs }) => acceptedMs !== null);
  const told = accepted.filter(
    ({ eta, channel }) => eta !== null && eta.p50 - (stage.banks[channel]?.service.mean_ms ?? 0) > NOTICED_MS,
  );
  return ratio(told.length, accepted.length);
}
