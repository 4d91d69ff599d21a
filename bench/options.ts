/** What is asked of `npm run bench`. */
import { parseArgs } from 'node:util';

export const PARTS = {
  floor: 'the bare floor only: Fastify echo, three batched inserts, BullMQ add and drain, one HTTP call',
  road: 'the whole product only, over its public HTTP, each payment followed to its final state',
  all: 'both in turns, and what the product costs over the floor',
} as const;

export type Part = keyof typeof PARTS;

export interface Options {
  readonly part: Part;
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
}

export const HELP = `npm run bench -- [${Object.keys(PARTS).join('|')}] [options]

Measures CPU per payment of the whole product (orchestrator, worker, Redis, PostgreSQL) against the bare floor of
the same engines, in turns in one run, with the product's own database settings. Linux only (reads /proc).

  --rate N         payments per second in the open model (default 3000)
  --seconds N      measured seconds of each kind, in three windows (default 15)
  --no-saturate    leave out saturation and the acknowledgement at 70 % of it
  --seed N         seed of arrivals, banks and amounts (default 1)
  --json F         write figures and detail to this file
  --profile DIR    write CPU profiles of orchestrator and worker, and the top of each as text
  --list           list the parts
`;

/** @returns null where the question is answered already (`--help`, `--list`) @throws Error naming the option that is wrong */
export function readOptions(args: readonly string[], print: (text: string) => void): Options | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      rate: { type: 'string', default: '3000' },
      seconds: { type: 'string', default: '15' },
      saturate: { type: 'boolean', default: true },
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
    for (const [part, what] of Object.entries(PARTS)) print(`${part.padEnd(8)}${what}\n`);
    return null;
  }
  const [part = 'all', ...rest] = positionals;
  if (rest.length > 0 || !Object.hasOwn(PARTS, part)) {
    throw new Error(`There is no part "${positionals.join(' ')}"; there are ${Object.keys(PARTS).join(', ')}.`);
  }
  return {
    part: part as Part,
    // 20,000/s is beyond what one machine of ours carries; a run of more than ten minutes a kind is a soak, not a bench.
    rate: within('rate', values.rate, 10, 20_000),
    seconds: within('seconds', values.seconds, 3, 600),
    saturate: values.saturate,
    seed: within('seed', values.seed, 0, 0xffff_ffff),
    json: values.json ?? null,
    profile: values.profile ?? null,
  };
}

function within(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`--${name} is a whole number from ${min} to ${max}, not "${text}".`);
}
