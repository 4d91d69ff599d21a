/**
 * Does it stay as it was? Memory of each process and the slowest hundredth of answers, late in a run against early in it. The first third is
 * left out: caches fill, code is compiled, and that is not growth.
 */
import { atMost, described, type Figure } from '../outcome';
import type { Span } from './phase-spans';
import { quantile, rounded } from './statistics';

/** What a tenth of an hour's drift may be, as in the simulator's `p99_drift_60min`. */
const DRIFT_MOST = 0.1;
/** A garbage collector keeps some air: medians of the second and last third of a steady process differ by less. */
const GROWTH_MOST = 1.1;
/** The simulated banks keep every booking in memory, and k6 every sample of its trends; what else runs on the machine is nobody's promise. */
const NOT_JUDGED: ReadonlySet<string> = new Set(['bank_simulator', 'generator', 'machine']);

/** Private memory of one process at one moment. */
export interface MemoryGlimpse {
  readonly atMs: number;
  readonly name: string;
  readonly memoryMb: number;
}

/** One payment as far as its time goes. */
interface Timed {
  readonly postedMs: number;
  readonly endMs: number | null;
}

/** @param load from the first payment to the last */
export function steadiness(
  memory: readonly MemoryGlimpse[],
  payments: readonly Timed[],
  { fromMs, toMs }: Span,
): Figure[] {
  const [, second, last] = thirds(fromMs, toMs);
  const names = [...new Set(memory.map(({ name }) => name))];
  const growths = names
    .filter((name) => !NOT_JUDGED.has(name))
    .flatMap((name) => growthOf(memory, name, second, last) ?? []);
  const p99 = (span: Span): number | null => p99Ms(payments, span);
  const [early, late] = [p99(second), p99(last)];
  const drift = early === null || late === null || early === 0 ? null : late / early - 1;
  return [
    atMost('p99_drift', rounded(drift), DRIFT_MOST, 'ratio'),
    atMost('memory_growth', growths.length === 0 ? null : rounded(Math.max(...growths)), GROWTH_MOST, 'ratio'),
    ...names.map((name) => {
      const slope = memorySlope(memory, name, second.fromMs, toMs);
      return described(`memory_slope_${name}`, slope === null ? null : Math.round(slope * 10) / 10, 'MB/h');
    }),
    ...names.map((name) => {
      const level = medianMemory(memory, name, last);
      return described(`memory_${name}`, level === null ? null : Math.round(level), 'MB');
    }),
  ];
}

function thirds(fromMs: number, toMs: number): [Span, Span, Span] {
  const third = (toMs - fromMs) / 3;
  const span = (n: number): Span => ({ fromMs: fromMs + n * third, toMs: fromMs + (n + 1) * third });
  return [span(0), span(1), span(2)];
}

function growthOf(memory: readonly MemoryGlimpse[], name: string, early: Span, late: Span): number | null {
  const [before, after] = [medianMemory(memory, name, early), medianMemory(memory, name, late)];
  return before === null || after === null || before === 0 ? null : after / before;
}

function medianMemory(memory: readonly MemoryGlimpse[], name: string, { fromMs, toMs }: Span): number | null {
  const mine = memory.filter((one) => one.name === name && one.atMs >= fromMs && one.atMs < toMs);
  return quantile(
    mine.map(({ memoryMb }) => memoryMb),
    0.5,
  );
}

/** The line of least squares through a process's memory, MB per hour; null: fewer than two looks. */
export function memorySlope(
  memory: readonly MemoryGlimpse[],
  name: string,
  fromMs: number,
  toMs: number,
): number | null {
  const points = memory.filter((one) => one.name === name && one.atMs >= fromMs && one.atMs <= toMs);
  const meanAt = points.reduce((sum, { atMs }) => sum + atMs, 0) / points.length;
  const meanMb = points.reduce((sum, { memoryMb }) => sum + memoryMb, 0) / points.length;
  const above = points.reduce((sum, { atMs, memoryMb }) => sum + (atMs - meanAt) * (memoryMb - meanMb), 0);
  const below = points.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  return below > 0 ? (above / below) * 3_600_000 : null;
}

function p99Ms(payments: readonly Timed[], { fromMs, toMs }: Span): number | null {
  const took = payments.flatMap(({ postedMs, endMs }) =>
    endMs !== null && postedMs >= fromMs && postedMs < toMs ? [endMs - postedMs] : [],
  );
  return quantile(took, 0.99);
}
