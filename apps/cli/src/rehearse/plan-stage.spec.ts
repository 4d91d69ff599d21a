import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGoal } from './goals';
import { paymentsOf, planStage, type StageData, targetPerSecond, type WrittenStage } from './plan-stage';
import { namesIn, readProfile } from './profile';
import { readStage } from './stage';

const bank = (slots: number) => ({ slots, service: { mean_ms: 100 }, queue_limit: slots * 10 });
const data: StageData = {
  cards: () => ({ 'icbc.quickpay': 3, 'ccb.quickpay': 1 }),
  curve: () => [
    { name: 'calm', rate: [0.1, 0.1] },
    { name: 'midnight', rate: [0.1, 1] },
  ],
};
const written = (change: Partial<WrittenStage> = {}): WrittenStage => ({
  banks: { 'icbc.quickpay': bank(20), 'ccb.quickpay': bank(20) },
  limits: { 'ccb.quickpay': { rate_per_second: 40 } },
  payers: { on_time_ms: 5_000, max_wait_ms: 3_000, expires_after_ms: 15_000 },
  crowds: [{ channel: 'icbc.quickpay', phases: [{ name: '2x', load: 2, seconds: 100 }] }],
  timeline: [{ at_ms: 50_000, channel: 'icbc.quickpay', patch: { capacity: { slots: 10 } } }],
  faults: ['redis-gone@40s'],
  limit_change: { at_s: 20, channel: 'icbc.quickpay', limits: { in_flight_max: 8 } },
  goals: { refused: '<= 0', ack_p99_ms: '<= 40' },
  goals_by_profile: { ci: { ack_p99_ms: '<= 200' } },
  payers_ready: 100,
  payers_max: 200,
  ...change,
});
const FULL = { scale: 1, rate_max: 10_000, seconds_max: 1_000 };
const plan = (stage: WrittenStage, size = FULL) => planStage(stage, 'laptop', size, data);

describe('the plan of a stage', () => {
  it('turns loads into payments per second by what the bank can do', () => {
    const { crowds } = plan(written());
    expect(crowds[0]?.phases).toEqual([{ name: '2x', seconds: 100, rates: [400, 400] }]);
    expect(paymentsOf(crowds)).toBe(40_000);
  });

  it('rises along a straight line, and all crowds together are the target', () => {
    const phases = [{ name: 'rise', load: [0, 1] as const, seconds: 4 }];
    const { crowds } = plan(
      written({
        crowds: [
          { channel: 'icbc.quickpay', phases },
          { channel: 'ccb.quickpay', phases },
        ],
      }),
    );
    expect(targetPerSecond(crowds)).toEqual([50, 150, 250, 350]);
  });

  it('spreads mixed cards over their banks by their shares, along a curve', () => {
    const phases = { curve: 'double11', load: 1.5, seconds: { calm: 10, midnight: 2 } };
    const { crowds } = plan(written({ crowds: [{ cards: 'mix', phases }] }));
    expect(crowds.map(({ channel }) => channel)).toEqual(['icbc.quickpay', 'ccb.quickpay']);
    expect(crowds[0]?.phases.at(-1)?.rates.map(Math.round)).toEqual([45, 450]);
    expect(Math.max(...targetPerSecond(crowds))).toBeLessThan(600);
    expect(crowds.map(({ door, payers_ready: ready }) => [door, ready])).toEqual([
      [0, 77],
      [0, 27],
    ]);
  });

  it('keeps a small stage in proportion: banks, crowds, changes, limits, and all times', () => {
    const small = plan(written(), { scale: 1, rate_max: 200, seconds_max: 50 });
    expect(small.banks['icbc.quickpay']).toMatchObject({ slots: 10, queue_limit: 100, service: { mean_ms: 100 } });
    expect(small.crowds[0]?.phases).toEqual([{ name: '2x', seconds: 50, rates: [200, 200] }]);
    expect(small.timeline[0]).toMatchObject({ at_ms: 25_000, patch: { capacity: { slots: 5 } } });
    expect(small.limits['ccb.quickpay']).toEqual({ rate_per_second: 20 });
    expect(small.faults).toEqual(['redis-gone@20s']);
    expect(small.limit_change).toMatchObject({ at_s: 10, limits: { in_flight_max: 4 } });
  });

  it('does not stretch a short stage, and leaves no bank without a slot', () => {
    const tiny = plan(written(), { scale: 0.001, rate_max: 10_000, seconds_max: 1_000 });
    expect(tiny.banks['icbc.quickpay']?.slots).toBe(1);
    expect(tiny.crowds[0]?.phases[0]).toMatchObject({ seconds: 100, rates: [20, 20] });
  });

  it('gives a crowd its own manners over those of all', () => {
    const crowd = { channel: 'icbc.quickpay', phases: [], payers: { comes_back_for_ms: 9 } };
    const { crowds } = plan(written({ crowds: [{ ...crowd, phases: [{ name: 'a', load: 1, seconds: 1 }] }] }));
    expect(crowds[0]?.payers).toMatchObject({ comes_back_for_ms: 9, on_time_ms: 5_000, follow_share: 0 });
  });

  it('asks less of a figure where a profile says so', () => {
    expect(planStage(written(), 'ci', FULL, data).goals).toEqual({ refused: '<= 0', ack_p99_ms: '<= 200' });
  });

  const stages = readdirSync(join('load-tests', 'stages')).map((file) => file.slice(0, -'.json'.length));
  it.each(stages)('%s can be planned for every profile, and is short and small on ci', (name) => {
    for (const profile of namesIn('profiles', '.json')) {
      const stage = readStage(name, profile, readProfile(profile));
      for (const { channel } of stage?.crowds ?? []) expect(stage?.banks).toHaveProperty([channel]);
      for (const goal of Object.values(stage?.goals ?? {})) expect(() => parseGoal(goal)).not.toThrow();
    }
    const target = targetPerSecond(readStage(name, 'ci', readProfile('ci'))?.crowds ?? []);
    expect(target.length).toBeLessThanOrEqual(60);
    expect(Math.max(...target)).toBeLessThanOrEqual(200);
  });

  it('has a scenario for every stage', () => {
    const scenarios = namesIn('scenarios', '.ts');
    for (const name of stages) expect(scenarios).toContain(name);
    expect(readFileSync(join('load-tests', 'scenarios', 'overload.ts'), 'utf8')).toContain('../lib/crowd.ts');
  });
});
