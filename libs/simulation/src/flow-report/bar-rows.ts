// How do the controls compare at a glance? A row for each control and load, with three bars: what was paid on time, what waited inside the bank
// meanwhile, and what was done in vain. They belong together: anybody can use all of a bank by keeping its queue full, or by sending every payer
// everywhere, and then it is the payers who wait, are told *busy*, or move and fail.
import { escapeHtml } from '../line-chart';
import type { Scenario } from '../scenarios/scenario';
import type { RunMeasures } from './measures';
import { medianOf } from './median';
import { percent } from './tables';

const ROW = 20;
const NAMES = 240;
/** Room for the number behind a full bar. */
const NUMBER = 64;

/** @param sluice runs on several seeds, shown as medians; each of the others is shown as it is */
export function barRows(
  scenario: Scenario,
  sluice: readonly RunMeasures[],
  others: readonly RunMeasures[],
  width: number,
): { readonly chart: string; readonly height: number; readonly legend: readonly [] } {
  // Where payers can go elsewhere, the capacity of a bank is no measure: somebody may have nowhere to use it.
  const shared = scenario.demand.some(({ alsoHold }) => alsoHold.length > 0);
  const paid = (run: RunMeasures): number => (shared ? run.onTimeOverOracle : run.goodput);
  const queue = (run: RunMeasures): number => run.bankQueue;
  const inVainOf = (run: RunMeasures): number =>
    shared ? run.movedThenFailed / Math.max(1, run.moved) : Math.min(1, run.busyShare + run.lateShare);
  const longest = Math.max(1, ...[...sluice, ...others].map(queue));
  const column = (width - NAMES) / 3;
  const bar = column - NUMBER;
  const lines: string[] = [];
  let y = 16;
  const words = (x: number, className: string, said: string): void =>
    void lines.push(`<text class="${className}" x="${Math.round(x)}" y="${y}">${escapeHtml(said)}</text>`);
  const bars = (place: number, share: number, className: string, said: string, strong: boolean): void => {
    const x = NAMES + place * column;
    const long = Math.min(1, share) * bar;
    lines.push(
      `<rect class="bar ${className}" x="${Math.round(x)}" y="${y - 10}" width="${long.toFixed(1)}" height="12"/>`,
    );
    words(x + bar + 7, strong ? 'strong' : '', said);
  };
  words(NAMES, '', shared ? 'on time, of all-knowing 比全知' : 'on time, of capacity 按时/能力');
  words(NAMES + column, '', "bank's own queue 银行内排队");
  words(NAMES + 2 * column, '', shared ? 'moved, then failed 改道后失败' : 'calls answered busy or late 徒劳');
  const top = y + 8;
  for (const load of scenario.loads) {
    y += ROW + 6;
    words(0, 'group', `${load}× demand 需求`);
    const ours = sluice.filter((run) => run.load === load);
    const theirs = others.filter((run) => run.load === load);
    for (const runs of [ours, ...theirs.map((run) => [run])]) {
      const isOurs = runs === ours;
      const [onTime, inBank, inVain] = [medianOf(runs, paid), medianOf(runs, queue), medianOf(runs, inVainOf)];
      const nobody = shared && runs.every(({ moved }) => moved === 0);
      y += ROW;
      words(10, isOurs ? 'strong' : '', runs[0]?.control ?? '');
      bars(0, onTime, isOurs ? 'ours' : '', onTime.toFixed(3), isOurs);
      bars(1, inBank / longest, 'waits', inBank.toFixed(0), isOurs);
      bars(2, inVain, 'wasted', nobody ? '–' : percent(inVain), isOurs);
    }
  }
  const bound = `<line class="mark" x1="${NAMES + bar}" x2="${NAMES + bar}" y1="${top}" y2="${y + 6}"/>`;
  const height = y + 12;
  return { chart: `<svg viewBox="0 0 ${width} ${height}">${lines.join('')}${bound}</svg>`, height, legend: [] };
}
