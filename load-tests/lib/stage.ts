// A rehearsal of congestion as k6 plays it: the plan that `npm run rehearse` made of a file of `stages/`, for a profile.
import { setting } from './setting.ts';

interface Payers {
  /** Patience in our queue, ms. */
  readonly max_wait_ms: number;
  /** Their `expires_at`: what is left when patience in the queue is at its end must do for the bank, whose deadline is 5 s. */
  readonly expires_after_ms: number;
  /** Share of payers who have a card of this channel too; their own is left out. */
  readonly other_cards: Readonly<Record<string, number>>;
  /** Share of payers who take a suggestion. */
  readonly follow_share: number;
  /** How long they think about it, ms. */
  readonly answer_ms: readonly [number, number];
  /** For how long they come back after a refusal, ms; 0: it is an answer. */
  readonly comes_back_for_ms: number;
  /** Whether they come back when `Retry-After` says. */
  readonly heeds_retry_after: boolean;
  /** How long they wait for the answer to a POST before they press again, ms. */
  readonly gives_up_ms: number;
  /** Share of payers whose page waits on the event stream; the others long-poll. */
  readonly stream_share: number;
}

/** Those who hold a card of one bank first. */
export interface Crowd {
  readonly channel: string;
  readonly door: number;
  readonly phases: readonly {
    readonly name: string;
    readonly seconds: number;
    /** Payments per second at its beginning and at its end. */
    readonly rates: readonly [number, number];
  }[];
  readonly payers: Payers;
  readonly payers_ready: number;
  readonly payers_max: number;
}

/** The part of the plan that k6 plays. */
interface PlannedStage {
  readonly crowds: readonly Crowd[];
}

/** Only for a script's first moments: k6 opens no files later. */
export function readPlan(): PlannedStage {
  return JSON.parse(open(setting.stageFile)) as PlannedStage;
}

/** Rates are whole numbers to k6: of ten seconds, so that four in ten seconds are not none. */
const UNIT_S = 10;
/** Payers who hear nothing press for a minute (checkout.ts); one that k6 cuts off leaves a log that says less than it saw. */
const ASK_FOR_S = 70;

/** Crowds that come through one door differ in their cards only: one executor, one pool of payers. */
export function doorsOf({ crowds }: PlannedStage): (readonly Crowd[])[] {
  const doors: Crowd[][] = [];
  for (const crowd of crowds) (doors[crowd.door] ??= []).push(crowd);
  return doors;
}

/** One executor per door, all of arrivals: payers come when they come. */
export function executorsOf(doors: readonly (readonly Crowd[])[]): Record<string, object> {
  return Object.fromEntries(
    doors.map((crowds, door) => {
      const sum = (of: (crowd: Crowd) => number): number => crowds.reduce((all, crowd) => all + of(crowd), 0);
      const target = (phase: number, end: 0 | 1): number =>
        Math.round(sum(({ phases }) => phases[phase]!.rates[end]) * UNIT_S);
      return [
        `door_${door}`,
        {
          executor: 'ramping-arrival-rate',
          startRate: target(0, 0),
          timeUnit: `${UNIT_S}s`,
          // A target reached in no time is a step.
          stages: crowds[0]!.phases.flatMap(({ seconds }, phase) => [
            { target: target(phase, 0), duration: '0s' },
            { target: target(phase, 1), duration: `${Math.round(seconds * 1_000)}ms` },
          ]),
          preAllocatedVUs: sum((crowd) => crowd.payers_ready),
          maxVUs: sum((crowd) => crowd.payers_max),
          gracefulStop: `${setting.followSeconds + ASK_FOR_S}s`,
          env: { SLUICE_DOOR: String(door) },
        },
      ];
    }),
  );
}

/** @param elapsedMs since the crowd's first moment */
export function phaseAt({ phases }: Crowd, elapsedMs: number): string {
  let untilMs = 0;
  for (const { name, seconds } of phases) {
    untilMs += seconds * 1_000;
    if (elapsedMs < untilMs) return name;
  }
  return phases[phases.length - 1]!.name;
}
