// Which limit should be raised first? The one that, raised by a fifth, serves most payments that are turned away now: each candidate is
// tried, by itself, through the same steps. Where the bank itself is the bound no limit helps, and that is said too.
import type { Plan, PlannedChannel } from './plan';
import type { BoundBy } from './planned-queue';
import { type PlannedOutcome, type PlanResult, runPlan } from './run-plan';

/** A contract is raised in such steps; half of it would be asked for twice. */
const RAISED_BY = 1.2;
/** Channels tried: beyond the first dozen nobody calls a bank before midnight. */
const TRIED = 12;

export interface Raise {
  readonly channelId: string;
  readonly limit: Exclude<BoundBy, 'bank'>;
  readonly from: number;
  readonly to: number;
  /** Payments served more over the plan. */
  readonly gained: number;
}

export interface Shortfall {
  readonly channelId: string;
  readonly refused: number;
  readonly offered: number;
  /** What held it back most of the time. */
  readonly boundBy: BoundBy;
}

/** Channels that turn payments away, most first. */
export function shortfalls({ plan, channels }: PlanResult): Shortfall[] {
  return channels
    .map(({ channel, seconds }): Shortfall => {
      const counted = seconds.slice(plan.countFromS);
      const offered = counted.reduce((sum, second) => sum + second.offered, 0);
      const refused = counted.reduce((sum, second) => sum + second.offered - second.admitted, 0);
      const steps = (by: BoundBy): number => counted.reduce((sum, { boundBy }) => sum + boundBy[by], 0);
      const bounds: readonly BoundBy[] = ['ratePerSecond', 'inFlightMax', 'bank'];
      const boundBy = bounds.reduce((most, by) => (steps(by) > steps(most) ? by : most));
      return { channelId: channel.id, refused, offered, boundBy };
    })
    .filter(({ refused }) => refused > 0)
    .sort((a, b) => b.refused - a.refused);
}

/** The raises that help, the best first. */
export function raiseFirst(result: PlanResult): Raise[] {
  const candidates = shortfalls(result)
    .filter(({ boundBy }) => boundBy !== 'bank')
    .slice(0, TRIED);
  return candidates
    .flatMap(({ channelId, boundBy }): Raise[] => {
      const outcome = result.channels.find(({ channel }) => channel.id === channelId);
      return outcome === undefined || boundBy === 'bank' ? [] : [tryRaise(result.plan, outcome, boundBy)];
    })
    .filter(({ gained }) => gained > 0)
    .sort((a, b) => b.gained - a.gained);
}

/** The channel by itself: channels share nothing in a plan, so the others need not be stepped again. */
function tryRaise(plan: Plan, { channel, seconds }: PlannedOutcome, limit: Raise['limit']): Raise {
  const from = channel.limits[limit];
  const to = Math.ceil(from * RAISED_BY);
  const raised: PlannedChannel = { ...channel, limits: { ...channel.limits, [limit]: to } };
  const [after] = runPlan({ ...plan, channels: [raised] }).channels;
  const servedIn = (of: PlannedOutcome['seconds']): number =>
    of.slice(plan.countFromS).reduce((sum, { served }) => sum + served, 0);
  return { channelId: channel.id, limit, from, to, gained: servedIn(after?.seconds ?? []) - servedIn(seconds) };
}
