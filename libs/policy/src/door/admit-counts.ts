/**
 * The door's decision over counts: many payments of one merchant, tier and patience that ask at the same moment, as a planner has them.
 * It equals asking one by one, cohort after cohort (a property says so), and costs as much for a million payments as for a hundred.
 *
 * Asked one by one, three bounds count down together: the wait that patience allows, the wait that the tier allows, and the door's budget.
 * None of them comes back within the moment, so the first k of those among the share are let in, and what follows is refused.
 */
import { type ErrorCode, PAYER_COHORTS } from '#domain';
import { BIN_ENDS } from '../wait/forecast';
import { PATIENCE_USED } from './decide-at-door';
import type { DoorAsk } from './door-words';
import type { DoorChannel, DoorState } from './door';
import { admissionsLeft, exact, moveDoor } from './door';
import { type DoorForecast, forecastOf, waitInQueueMs } from './door-forecast';
import { countAtDoor } from './door-report';
import { partLetIn, placeOf, shareOf } from './payers-share';
import { refusalOfHold } from './refusals';

export interface CountedDecision {
  readonly admitted: number;
  readonly refused: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Of the first that was let in; null where none was. */
  readonly first: DoorForecast | null;
  /** Of the last one. */
  readonly last: DoorForecast | null;
}

/**
 * @param counts payments by cohort, PAYER_COHORTS of them
 * @returns null where no snapshot has come for the channel
 */
export function admitCounts(
  state: DoorState,
  ask: Omit<DoorAsk, 'cohort'>,
  counts: readonly number[],
  nowMs: number,
): CountedDecision | null {
  const channel = state.channels[ask.channelId];
  if (!channel) return null;
  moveDoor(channel, nowMs);
  if (counts.every((count) => count === 0)) return { admitted: 0, refused: {}, first: null, last: null };
  const first = forecastOf(channel);
  const whole = counts.reduce((sum, count) => sum + count, 0);
  const tally = { within: 0, admitted: 0, unreachable: 0, shed: 0 };
  const closed = refusalOfHold(channel.flow);
  const bounds = boundsOf(channel, ask, whole);
  const share = shareOf(channel, ask);
  const expected = exact(share) * whole;
  for (let cohort = 0; cohort < PAYER_COHORTS; cohort += 1) {
    const count = counts[cohort] ?? 0;
    if (count > 0) countCohort(channel, ask, partLetIn(share, placeOf({ ...ask, cohort })), count, bounds, tally);
  }
  if (closed?.kind === 'refuse' || !first) {
    countAtDoor(channel, ask, { offered: whole, admitted: 0, expected, within: tally.within });
    const code = closed?.kind === 'refuse' ? closed.code : 'channel_breaker_open';
    return { admitted: 0, refused: whole > 0 ? { [code]: whole } : {}, first: null, last: null };
  }
  const { admitted, shed, unreachable } = tally;
  countAtDoor(channel, ask, { offered: whole, admitted, expected, within: tally.within });
  const last = admitted > 0 ? forecastOf({ ...channel, ahead: channel.ahead - 1 }) : null;
  return { admitted, refused: refusalsOf(channel, shed, unreachable), first: admitted > 0 ? first : null, last };
}

/** How many may still be let in, by each bound. */
interface Bounds {
  patience: number;
  others: number;
}

function boundsOf(
  channel: DoorChannel,
  { patienceMs, tier }: Pick<DoorAsk, 'patienceMs' | 'tier'>,
  whole: number,
): Bounds {
  const { longestWaitMs } = channel.plan.tiers[tier];
  const within = (ms: number): number => admissionsWithin(channel, PATIENCE_USED * ms, whole);
  return {
    patience: patienceMs < longestWaitMs ? within(patienceMs) : Infinity,
    others: Math.min(within(longestWaitMs), Math.max(0, Math.floor(admissionsLeft(channel, tier)))),
  };
}

interface Tally {
  within: number;
  admitted: number;
  unreachable: number;
  shed: number;
}

function countCohort(
  channel: DoorChannel,
  { tier }: Pick<DoorAsk, 'tier'>,
  part: number,
  count: number,
  bounds: Bounds,
  tally: Tally,
): void {
  const edge = channel.edge[tier];
  const come = edge + part * count;
  channel.edge[tier] = come % 1;
  const among = Math.floor(come);
  const admitted = Math.min(among, bounds.others, bounds.patience);
  // After the payment that used patience up, everybody is told that the wait is too long, whether among the share or not.
  const position = admitted === 0 ? 0 : Math.ceil((admitted - edge) / part);
  const unreachable = admitted === bounds.patience ? count - position : 0;
  tally.within += among;
  tally.admitted += admitted;
  tally.unreachable += unreachable;
  tally.shed += count - admitted - unreachable;
  bounds.others -= admitted;
  bounds.patience -= admitted;
}

function refusalsOf({ flow }: DoorChannel, shed: number, unreachable: number): CountedDecision['refused'] {
  const opening = flow.breaker.state !== 'closed';
  const refused: Partial<Record<ErrorCode, number>> = {};
  if (opening && shed + unreachable > 0) refused.channel_breaker_open = shed + unreachable;
  if (!opening && shed > 0) refused.channel_saturated = shed;
  if (!opening && unreachable > 0) refused.deadline_unreachable = unreachable;
  return refused;
}

/**
 * How many could come in one after another before one would wait longer than `longestMs`? The wait grows with each inside a bin of the
 * corrections, but may fall from one bin to the next, so each bin is searched for its first that is too long.
 */
function admissionsWithin(channel: DoorChannel, longestMs: number, most: number): number {
  const fits = (more: number): boolean => {
    const forecast = forecastOf({ ...channel, ahead: channel.ahead + more });
    return forecast !== null && waitInQueueMs(forecast) <= longestMs;
  };
  const { roundTripMs } = channel.flow.wait;
  let from = 0;
  for (const end of BIN_ENDS) {
    const isInside = (more: number): boolean => {
      const forecast = forecastOf({ ...channel, ahead: channel.ahead + more });
      return forecast !== null && (end === null || forecast.pointMs <= end * roundTripMs);
    };
    const beyond = firstWhere(from, most, (more) => !isInside(more));
    const tooLong = firstWhere(from, beyond, (more) => !fits(more));
    if (tooLong < beyond) return tooLong;
    from = beyond;
  }
  return from;
}

/** The first whole number from `from` on that has come true, where all after it are true too; `until` if none below it is. */
function firstWhere(from: number, until: number, isTrue: (value: number) => boolean): number {
  let [low, high] = [from, until];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
