/**
 * Does a payment cost more where many wait, over many channels, in a long journal? One product for each size, all up at once, measured in
 * turns at one rate, since a shared machine is up to 40 % slower from one minute to the next; the largest is held against the smallest of
 * the same round.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../bench-run.ts';
import type { Growth, Options } from '../options.ts';
import { type Figure, type Measured, type Violation, atMost, described } from '../outcome.ts';
import { countedMicros, microsByProcess } from '../processor-share.ts';
import type { Window } from '../road.ts';
import { arrivals, perSecond, saturation, Side, WARM_UP_S } from '../side.ts';
import { median, spreadOf } from '../statistics.ts';
import { aligned, goalsOf } from '../table.ts';
import { copyPayments, settleJournal } from './copy-payments.ts';
import { fillBacklog } from './fill-backlog.ts';
import { manyChannels } from './many-channels.ts';

/** Rounds in turns: the least with a median. */
const ROUNDS = 3;
const GROWTH_MAX = 1.2;
const EVENTS_PER_PAYMENT = 3;

interface Grown {
  readonly of: Growth;
  readonly sizes: readonly number[];
  /** By size, then by round. */
  readonly windows: readonly (readonly Window[])[];
  readonly violations: readonly Violation[];
}

export async function growth(options: Options, folder: string, report: Report): Promise<Measured> {
  const grown: Grown[] = [];
  for (const of of options.of) grown.push(await grow(of, options, folder, report));
  const figures = grown.flatMap(figuresOf);
  const violations = grown.flatMap((each) => each.violations);
  const detail = {
    rate: options.rate,
    load_average_at_end: loadavg(),
    ...Object.fromEntries(grown.map((each) => [each.of, detailOf(each)])),
  };
  return {
    findings: { figures, violations, detail },
    table: `${grown.map((each) => tableOf(each, options.rate)).join('\n')}\n${goalsOf({ figures, violations })}`,
  };
}

async function grow(of: Growth, options: Options, folder: string, report: Report): Promise<Grown> {
  const sizes = options[of];
  const sides: Side[] = [];
  try {
    for (const size of sizes) sides.push(await grownTo(of, size, options.seed, join(folder, of, String(size)), report));
    const windows: Window[][] = sizes.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [at, side] of sides.entries()) {
        const load = arrivals(options.rate, options.seed + round);
        const [window] = await report.step(`${of} ${sizes[at]}`, async (detail) => {
          const measured = await side.under(load, [options.seconds / ROUNDS]);
          detail(`${perSecond(measured[0]!).toFixed(0)}/s, ${micros(measured[0]!).toFixed(0)} µs a payment`);
          return measured;
        });
        windows[at]?.push(window!);
      }
    }
    const violations: Violation[] = [];
    for (const [at, side] of sides.entries()) {
      const found = await side.audit();
      violations.push(...found.map(({ rule, evidence }) => ({ rule, evidence: { [of]: sizes[at], ...evidence } })));
    }
    return { of, sizes, windows, violations };
  } finally {
    for (const side of sides) await side.end();
  }
}

/** A product of this size, warm. */
async function grownTo(of: Growth, size: number, seed: number, folder: string, report: Report): Promise<Side> {
  const channels = of === 'channels' ? manyChannels(size) : null;
  const side = await report.step(`product up, ${of} ${size}`, () =>
    Side.start({ folder, seed, ...(channels && { prepare: channels.prepare }) }, channels?.tokens),
  );
  try {
    await report.step('warms up', () => side.under(saturation(seed), [WARM_UP_S]));
    if (of === 'backlog') await fillBacklog(side, size, report);
    if (of === 'journal' && size > 0) {
      const { query } = side.product;
      await report.step(`${size} rows of events in the journal`, async () => {
        await copyPayments(query, 'succeeded', null, Math.ceil(size / EVENTS_PER_PAYMENT));
        await settleJournal(query);
      });
      await side.openBooks();
    }
    return side;
  } catch (error) {
    await side.end();
    throw error;
  }
}

const micros = ({ cpu, counts }: Window): number => countedMicros(cpu, counts.finals);

/** Of the largest over the smallest, round by round. */
function ratiosOf({ windows }: Grown): readonly number[] {
  const [smallest = [], largest = []] = [windows[0], windows.at(-1)];
  return smallest.map((window, round) => micros(largest[round]!) / micros(window));
}

function figuresOf(grown: Grown): Figure[] {
  const { of, sizes, windows } = grown;
  return [
    ...sizes.map((size, at) =>
      described(`cpu_us_per_payment_${of}_${size}`, median((windows[at] ?? []).map(micros)), 'us'),
    ),
    atMost(`cost_growth_${of}`, median(ratiosOf(grown)), GROWTH_MAX, 'ratio'),
  ];
}

function tableOf({ of, sizes, windows }: Grown, rate: number): string {
  const names = ['orchestrator', 'worker', 'redis', 'postgres'];
  const rows = sizes.map((size, at) => {
    const all = windows[at] ?? [];
    const byProcess = all.map(({ cpu, counts }) => microsByProcess(cpu, counts.finals));
    const cells = [
      ...names.map((name) => median(byProcess.map((each) => each[name] ?? NaN))),
      ...[median(all.map(micros)), median(all.map(perSecond)), median(all.map(({ counts }) => counts.ackP99Ms))],
    ];
    return [String(size), ...cells.map((value) => value.toFixed(0))];
  });
  return aligned([[`${of}, µs of CPU per payment at ${rate}/s`, ...names, 'sum', 'payments/s', 'ack p99 ms'], ...rows]);
}

function detailOf(grown: Grown): Record<string, unknown> {
  const { sizes, windows } = grown;
  return {
    ratio: spreadOf(ratiosOf(grown)),
    sizes: sizes.map((size, at) => ({
      size,
      windows: (windows[at] ?? []).map(({ cpu, counts, seconds }) => ({
        seconds,
        cpu_us: microsByProcess(cpu, counts.finals),
        counts,
      })),
    })),
  };
}
