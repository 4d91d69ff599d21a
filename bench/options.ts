/** What is asked of `npm run bench`. */
import { parseArgs } from 'node:util';

interface Part {
  readonly about: string;
  /** Measured seconds of each kind, unless said otherwise. */
  readonly seconds: number;
  /** Payments per second in the open model, unless said otherwise. */
  readonly rate: number;
}

export const PARTS = {
  floor: {
    about: 'the bare floor only: Fastify echo, three batched inserts, BullMQ add and drain, one HTTP call',
    seconds: 15,
    rate: 3_000,
  },
  road: {
    about: 'the whole product only, over its public HTTP, each payment followed to its final state',
    seconds: 15,
    rate: 3_000,
  },
  all: { about: 'both in turns, and what the product costs over the floor', seconds: 15, rate: 3_000 },
  sustained: {
    about: 'the product at saturation for a minute, then the times of answers at 70 % of it',
    seconds: 60,
    rate: 3_000,
  },
  // Low enough that the dearest of the three still holds it, so that all work at one rate.
  growth: { about: 'what a payment costs with a deep backlog, many channels, a long journal', seconds: 15, rate: 800 },
  memory: { about: 'memory at rest, after load, and its slope under a steady load', seconds: 120, rate: 1_000 },
  start: {
    about: 'from the start of a process until it is ready, also with a million unfinished payments',
    seconds: 0,
    rate: 0,
  },
  decisions: {
    about: 'the decisions by themselves, without a socket: door, ranking, controller, limiter, planner',
    seconds: 2,
    rate: 0,
  },
  peers: { about: 'the product and what a tutorial would write, in turns', seconds: 30, rate: 3_000 },
} as const satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;

export const GROWTHS = ['backlog', 'channels', 'journal'] as const;
export type Growth = (typeof GROWTHS)[number];

export interface Options {
  readonly part: PartName;
  /** Payments per second offered in the open model. */
  readonly rate: number;
  /** Measured seconds of each kind (floor, at the rate, at saturation), in three windows each. */
  readonly seconds: number;
  /** Also measure at saturation, and the acknowledgement at 70 % of it. */
  readonly saturate: boolean;
  readonly seed: number;
  readonly json: string | null;
  /** Folder for CPU profiles of the orchestrator and the worker; figures of such a run are not for comparing. */
  readonly profile: string | null;
  /** What `growth` measures. */
  readonly of: readonly Growth[];
  /** Payments that wait; also what `start` finds unfinished (the last of them). */
  readonly backlog: readonly number[];
  readonly channels: readonly number[];
  /** Rows of events in the journal, three for a payment. */
  readonly journal: readonly number[];
}

export const HELP = `npm run bench -- [${Object.keys(PARTS).join('|')}] [options]

Without a part: CPU per payment of the whole product (orchestrator, worker, Redis, PostgreSQL) against the bare
floor of the same engines, in turns in one run, with the product's own database settings. Linux only (reads /proc).

  --rate N         payments per second in the open model (default 3000; growth 800, memory 1000)
  --seconds N      measured seconds of each kind (default 15; sustained 60, memory 120, peers 30)
  --no-saturate    leave out saturation and the acknowledgement at 70 % of it
  --of LIST        growth: of what (default ${GROWTHS.join(',')})
  --backlog LIST   growth: payments that wait (default 10000,100000,1000000); start: the last one
  --channels LIST  growth, decisions: channels (default 10,100,300)
  --journal LIST   growth: rows of events (default 0,10000000)
  --seed N         seed of arrivals, banks and amounts (default 1)
  --json F         write figures and detail to this file
  --profile DIR    write CPU profiles of orchestrator and worker, and the top of each as text (road, all)
  --list           list the parts
`;

/** @returns null where the question is answered already (`--help`, `--list`) @throws Error naming the option that is wrong */
export function readOptions(args: readonly string[], print: (text: string) => void): Options | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      rate: { type: 'string' },
      seconds: { type: 'string' },
      saturate: { type: 'boolean', default: true },
      of: { type: 'string', default: GROWTHS.join(',') },
      backlog: { type: 'string', default: '10000,100000,1000000' },
      channels: { type: 'string', default: '10,100,300' },
      journal: { type: 'string', default: '0,10000000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      profile: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    print(HELP);
    return null;
  }
  if (values.list === true) {
    for (const [name, { about }] of Object.entries(PARTS)) print(`${name.padEnd(11)}${about}\n`);
    return null;
  }
  const [named = 'all', ...rest] = positionals;
  if (rest.length > 0 || !Object.hasOwn(PARTS, named)) {
    throw new Error(`There is no part "${positionals.join(' ')}"; there are ${Object.keys(PARTS).join(', ')}.`);
  }
  const part = named as PartName;
  return {
    part,
    // 20,000/s is beyond what one machine of ours carries; a run of more than ten minutes a kind is a soak, not a bench.
    rate: values.rate === undefined ? PARTS[part].rate : within('rate', values.rate, 10, 20_000),
    seconds: values.seconds === undefined ? PARTS[part].seconds : within('seconds', values.seconds, 3, 600),
    saturate: values.saturate,
    seed: within('seed', values.seed, 0, 0xffff_ffff),
    json: values.json ?? null,
    profile: values.profile ?? null,
    of: values.of.split(',').map(growth),
    // Beyond these a machine of ours has no memory, or no patience, to be filled.
    backlog: sizes('backlog', values.backlog, 0, 5_000_000),
    channels: sizes('channels', values.channels, 1, 999),
    journal: sizes('journal', values.journal, 0, 50_000_000),
  };
}

function growth(name: string): Growth {
  const found = GROWTHS.find((each) => each === name);
  if (found) return found;
  throw new Error(`There is no growth "${name}"; there are ${GROWTHS.join(', ')}.`);
}

/** Rising, so that the last is held against the first. */
function sizes(name: string, text: string, min: number, max: number): readonly number[] {
  const found = text.split(',').map((each) => within(name, each, min, max));
  if (found.every((size, at) => at === 0 || size > (found[at - 1] ?? 0))) return found;
  throw new Error(`--${name} is a list of rising numbers, such as 10,100, not "${text}".`);
}

function within(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`--${name} is a whole number from ${min} to ${max}, not "${text}".`);
}
