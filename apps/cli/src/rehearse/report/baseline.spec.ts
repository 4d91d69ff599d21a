import { completeOutcome, type Figure, type Outcome } from '../../outcome';
import { type Baseline, differenceTo, withRun } from './baseline';

const outcome = (figures: readonly (readonly [name: string, value: number, unit: string, goal?: string])[]): Outcome =>
  completeOutcome({
    ...{ command: 'rehearse overload', seed: 1, startedAt: new Date(0), ok: true, violations: [], detail: {} },
    figures: figures.map(([name, value, unit, goal = null]): Figure => ({ name, value, unit, goal, met: null })),
  });
const goodput = (value: number): Outcome => outcome([['goodput_2x', value, 'ratio', '>= 0.9']]);
const ack = (value: number): Outcome => outcome([['ack_p99_ms', value, 'ms', '<= 40']]);
const kept = (...runs: Outcome[]): Baseline =>
  runs.reduce<Baseline | null>((baseline, run) => withRun(baseline, 'overload', 'ci', run), null)!;
const judged = (baseline: Baseline, now: Outcome) => differenceTo(baseline, 'f.json', now)?.figures[0];

describe('the difference to a baseline', () => {
  it('is noise within what a figure of its kind differs by from run to run', () => {
    expect(judged(kept(goodput(0.95)), goodput(0.93))).toMatchObject({ judged: 'noise', band: 0.03 });
  });

  it('is worse or better by the direction of its goal', () => {
    expect(judged(kept(goodput(0.95)), goodput(0.8))).toMatchObject({ judged: 'worse', change: -0.158 });
    expect(judged(kept(ack(30)), ack(60))).toMatchObject({ judged: 'worse', change: 1 });
    expect(judged(kept(ack(60)), ack(30))).toMatchObject({ judged: 'better' });
  });

  it('allows what the kept runs differ by among themselves', () => {
    expect(judged(kept(goodput(0.95), goodput(0.85), goodput(0.93)), goodput(0.84))).toMatchObject({
      before: 0.93,
      band: 0.1,
      judged: 'noise',
    });
  });

  it('judges ratios of another machine, and none of its times', () => {
    const moved = (baseline: Baseline): Baseline => ({
      ...baseline,
      runs: baseline.runs.map((run) => ({ ...run, machine: { ...run.machine, cpus: 64 } })),
    });
    expect(judged(moved(kept(ack(30))), ack(60))).toMatchObject({ judged: 'other_machine' });
    expect(judged(moved(kept(goodput(0.95))), goodput(0.8))).toMatchObject({ judged: 'worse' });
  });

  it('takes one for a change where nothing should be', () => {
    const lost = (value: number): Outcome => outcome([['accepted_lost', value, 'payments', '<= 0']]);
    expect(judged(kept(lost(0)), lost(1))).toMatchObject({ judged: 'worse', change: null });
  });

  it('keeps the five newest runs', () => {
    const many = kept(...Array.from({ length: 7 }, (_, n) => goodput(n)));
    expect(many.runs.map(({ figures }) => figures['goodput_2x'])).toEqual([6, 5, 4, 3, 2]);
  });
});
