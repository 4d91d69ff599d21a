import { askedFigures, type AskedSeen, FIGURE_GROUPS } from './asked-figures';
import type { Glimpse } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';
import { namesIn, readProfile } from './profile';
import { readStage } from './stage';

const profile = readProfile('laptop');
const stages = namesIn('scenarios', '.ts').flatMap((name) => {
  const stage = readStage(name, 'laptop', profile);
  return stage?.figures === undefined ? [] : [{ name, stage }];
});
const seen = (stage: AskedSeen['stage'], change: Partial<AskedSeen> = {}): AskedSeen => ({
  stage,
  begunMs: 0,
  outcomes: [],
  watched: new Map(),
  faults: [],
  bankCalls: null,
  memory: [],
  knee: null,
  ...change,
});

it.each(stages)('$name asks for figures that there are, and without a run none of their goals is met', ({ stage }) => {
  expect(stage.figures?.filter((name) => !FIGURE_GROUPS.includes(name))).toEqual([]);
  expect(askedFigures(seen(stage)).filter(({ met }) => met === true)).toEqual([]);
});

it('names the figures that there are to whoever asks for others', () => {
  const stage = { ...stages[0]!.stage, figures: ['speed'] };
  expect(() => askedFigures(seen(stage))).toThrow(/no figures "speed"; there are outage, /);
});

it('counts how often a bank fell, not for how long', () => {
  const { stage } = stages.find(({ name }) => name === 'brown-out')!;
  const glimpses = [false, true, true, false, true].map((collapsed, n) => ({ atMs: n, collapsed }) as Glimpse);
  const figures = askedFigures(seen(stage, { watched: new Map([['icbc.quickpay', glimpses]]) }));
  expect(figures).toMatchObject([{ name: 'bank_collapses', value: 2, met: false }]);
});

it('takes the time of trouble from the timeline, which begins with the first payment', () => {
  const { stage } = stages.find(({ name }) => name === 'slow-bank')!;
  const other = (postedMs: number, state: string) =>
    ({ phase: 'trouble', channel: 'ccb.quickpay', postedMs, state, endMs: postedMs + 300 }) as PayerOutcome;
  const outcomes = [other(1_019_000, 'failed'), other(1_021_000, 'succeeded'), other(1_061_000, 'failed')];
  const figures = askedFigures(seen(stage, { begunMs: 1_000_000, outcomes }));
  expect(figures.find(({ name }) => name === 'others_on_time')).toMatchObject({ value: 1 });
});
