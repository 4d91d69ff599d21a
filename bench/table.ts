/** What people read: processor time by process, then the figures with their goals. */
import { type Run } from './bench-run.ts';
import type { Findings } from './outcome.ts';
import { microsByProcess } from './processor-share.ts';
import { median } from './statistics.ts';

const COLUMNS = ['api', 'worker', 'redis', 'postgres', 'bank', 'generator'];
/** The floor's processes have shorter names than the product's. */
const NAMES: Readonly<Record<string, string>> = { orchestrator: 'api', bank_simulator: 'bank' };

export function tableOf(run: Run, { figures, violations }: Pick<Findings, 'figures' | 'violations'>): string {
  const { floor, atRate, saturated } = run;
  const lines: string[][] = [
    ['µs of CPU per payment', ...COLUMNS, 'payments per commit'],
    ...row(
      `floor, batches of ${run.floorBatch}`,
      floor.map(({ cpu, payments }) => microsByProcess(cpu, payments)),
      [],
    ),
    ...[atRate, saturated].flatMap((windows, at) =>
      row(
        at === 0 ? `product at ${run.rate}/s` : 'product saturated',
        windows.map(({ cpu, counts }) => microsByProcess(cpu, counts.finals)),
        windows.map(({ batches }) => batches),
      ),
    ),
  ];
  return `${aligned(lines)}\n(bank and generator are not counted)\n\n${goalsOf({ figures, violations })}`;
}

function row(
  title: string,
  cpu: readonly Readonly<Record<string, number>>[],
  batches: readonly Readonly<Record<string, number>>[],
): string[][] {
  if (cpu.length === 0) return [];
  const renamed = cpu.map((each) =>
    Object.fromEntries(Object.entries(each).map(([name, us]) => [NAMES[name] ?? name, us])),
  );
  const cells = COLUMNS.map((name) => median(renamed.map((each) => each[name] ?? NaN)).toFixed(0));
  const kinds = Object.keys(batches[0] ?? {});
  const sizes = kinds.map(
    (kind) => `${kind.replace('payment.', '')} ${median(batches.map((each) => each[kind] ?? 0)).toFixed(0)}`,
  );
  return [[title, ...cells, sizes.join(', ')]];
}

/** Figures with their goals, and what was broken. */
export function goalsOf({ figures, violations }: Pick<Findings, 'figures' | 'violations'>): string {
  const goals = [
    ['figure', 'value', 'unit', 'goal', ''],
    ...figures.map(({ name, value, unit, goal, met }) => [
      name,
      value === null ? '–' : value.toFixed(unit === 'ratio' ? 2 : 1),
      unit,
      goal ?? '',
      met === null ? '' : met ? 'met' : 'not met',
    ]),
  ];
  const broken = violations.map(({ rule, evidence }) => `broken: ${rule} ${JSON.stringify(evidence)}\n`).join('');
  return figures.length === 0 ? broken : `${aligned(goals)}${broken}`;
}

export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return rows.map((cells) => `${line(cells).trimEnd()}\n`).join('');
}
