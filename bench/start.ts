/** How long from the start of a process until it is ready: on a fresh database, again, and with many unfinished payments in the journal. */
import { join } from 'node:path';
import type { Report } from './bench-run.ts';
import { fillBacklog } from './growth/fill-backlog.ts';
import type { Options } from './options.ts';
import { type Measured, described } from './outcome.ts';
import { Side } from './side.ts';
import { median } from './statistics.ts';
import { aligned } from './table.ts';

/** The least with a median that one slow start does not move. */
const STARTS = 5;
const PROCESSES = ['orchestrator', 'worker'] as const;
type Process = (typeof PROCESSES)[number];

export async function start(options: Options, folder: string, report: Report): Promise<Measured> {
  const side = await report.step('product up', () =>
    Side.start({ folder: join(folder, 'product'), seed: options.seed }),
  );
  try {
    const { product } = side;
    const unfinished = options.backlog.at(-1) ?? 0;
    const again = async (when: string): Promise<Record<Process, number[]>> => {
      const all: Record<Process, number[]> = { orchestrator: [], worker: [] };
      for (let round = 0; round < STARTS; round += 1) {
        for (const name of PROCESSES)
          all[name].push(await report.step(`${name} again, ${when}`, () => product.restart(name)));
      }
      return all;
    };
    const empty = await again('empty journal');
    await fillBacklog(side, unfinished, report);
    const full = await again(`${unfinished} unfinished`);
    const cold = (name: string): number => product.startMs[name] ?? NaN;
    const figures = [
      described('start_database_cold_ms', cold('database migrated and seeded'), 'ms'),
      ...PROCESSES.flatMap((name) => [
        described(`start_${name}_cold_ms`, cold(name), 'ms'),
        described(`start_${name}_ms`, median(empty[name]), 'ms'),
        described(`start_${name}_with_unfinished_ms`, median(full[name]), 'ms'),
      ]),
    ];
    const cell = (value: number): string => value.toFixed(0);
    const table = aligned([
      ['from start to ready, ms', 'first, fresh database', 'again', `again, ${unfinished} unfinished payments`],
      ['migrate and seed', cell(cold('database migrated and seeded'))],
      ...PROCESSES.map((name) => [name, cell(cold(name)), cell(median(empty[name])), cell(median(full[name]))]),
    ]);
    return {
      findings: { figures, violations: [], detail: { unfinished, first: product.startMs, empty, full } },
      table,
    };
  } finally {
    await side.end();
  }
}
