// A rehearsal of congestion as data: banks made small enough for one machine, crowds that come in phases, and what happens meanwhile.
// `npm run rehearse` reads the same file, scales the banks by it before the load and puts them back afterwards.
import { setting } from './setting.ts';

interface Phase {
  readonly name: string;
  /** Payments per second over the bank's true capacity at the start. */
  readonly load: number;
  readonly seconds: number;
}

export interface Crowd {
  readonly channel: string;
  readonly phases: readonly Phase[];
}

export interface Payers {
  /** Patience in our queue, ms. */
  readonly max_wait_ms: number;
  /** A payment is on time if the payer knows of it within this, ms. */
  readonly on_time_ms: number;
  /** Its `expires_at`: what is left when patience in the queue is at its end must do for the bank, whose deadline is 5 s. */
  readonly expires_after_ms: number;
  /** Channels of their other cards; their own is left out. */
  readonly second_cards: readonly string[];
  /** Share of payers who take a suggestion. */
  readonly follow_share: number;
  /** How long they think about it, ms. */
  readonly answer_ms: readonly [number, number];
}

interface Stage {
  readonly banks: Readonly<Record<string, { readonly slots: number; readonly service: { readonly mean_ms: number } }>>;
  readonly payers: Payers;
  readonly crowds: readonly Crowd[];
  readonly payers_ready: number;
  readonly payers_max: number;
}

/** @param name of a file of `stages/`. Only for a script's first moments: k6 opens no files later. */
export function readStage(name: string): Stage {
  return JSON.parse(open(`../stages/${name}.json`)) as Stage;
}

/** One executor per crowd, all of arrivals: payers come when they come. */
export function crowdExecutors({ banks, crowds, payers_ready, payers_max }: Stage): Record<string, object> {
  return Object.fromEntries(
    crowds.map(({ channel, phases }, number) => {
      const bank = banks[channel]!;
      const capacity = (bank.slots * 1_000) / bank.service.mean_ms;
      const rate = (load: number): number => Math.round(load * capacity);
      return [
        `crowd_${number}`,
        {
          executor: 'ramping-arrival-rate',
          startRate: rate(phases[0]!.load),
          timeUnit: '1s',
          // A target reached in no time is a step: loads do not rise gently at midnight.
          stages: phases.flatMap(({ load, seconds }) => [
            { target: rate(load), duration: '0s' },
            { target: rate(load), duration: `${seconds}s` },
          ]),
          preAllocatedVUs: payers_ready,
          maxVUs: payers_max,
          gracefulStop: `${setting.followSeconds}s`,
          env: { SLUICE_CROWD: String(number) },
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
