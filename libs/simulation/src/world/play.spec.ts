import { BUILT_IN_SCENARIOS } from '../scenarios/built-in';
import { parseScenario } from '../scenarios/parse-scenario';
import type { Scenario } from '../scenarios/scenario';
import { measure } from '../flow-report/measures';
import { GRADIENT2, NO_CONTROL } from './baselines/hand-written';
import { playScenario } from './play';
import { SLUICE } from './sluice-control';

const builtIn = (name: string): Scenario => BUILT_IN_SCENARIOS.find((one) => one.name === name) as Scenario;
const shorter = (scenario: Scenario, seconds: number): Scenario => ({ ...scenario, seconds });

/** A bank of 100 payments a second under twice that: small, so that a spec is quick. */
const small = (over: object): Scenario =>
  parseScenario({
    name: 'one bank',
    about: { en: 'x', 'zh-CN': 'x' },
    seconds: 60,
    countFromS: 15,
    channels: [{ id: 'icbc.quickpay', bank: { slots: 20, meanMs: 200, queueLimit: 100 } }],
    demand: [{ channel: 'icbc.quickpay', timesCapacity: 2 }],
    ...over,
  });

describe('a world', () => {
  it('is the same under the same seed, to the last payment', () => {
    const scenario = shorter(builtIn('herd'), 12);
    const [first, again] = [1, 2].map(() => playScenario(scenario, SLUICE, { seed: 7, load: 1 }));
    expect(again?.census).toEqual(first?.census);
    expect(playScenario(scenario, SLUICE, { seed: 8, load: 1 }).census).not.toEqual(first?.census);
  });

  it('shows every control the same payers', () => {
    const scenario = shorter(builtIn('herd'), 10);
    const [a, b] = [SLUICE, GRADIENT2].map((control) =>
      playScenario<never>(scenario, control as never, { seed: 3, load: 1 }),
    );
    expect([...(a?.census.demand ?? [])]).toEqual([...(b?.census.demand ?? [])]);
  });

  it('loses no payer: whoever is refused once and does not come back is counted', () => {
    const scenario = small({ seconds: 20, countFromS: 0 });
    for (const control of [SLUICE, NO_CONTROL]) {
      const { census } = playScenario<never>(scenario, control as never, { seed: 5, load: 1 });
      const ended = Object.values(census.ends).reduce((sum, count) => sum + count, 0);
      expect(ended).toBe([...census.kinds.values()].reduce((sum, { came }) => sum + came, 0));
    }
  });

  it('keeps what it had under way, and no more, while Redis is gone', () => {
    const result = playScenario(small({ seconds: 50, events: [{ do: 'redis_gone', atS: 20, untilS: 45 }] }), SLUICE, {
      seed: 11,
      load: 1,
    });
    const { redisGone } = measure(result);
    expect(redisGone?.overcommit).toBeLessThanOrEqual(0.1);
    expect(redisGone?.goodput).toBeGreaterThanOrEqual(0.7);
  });

  it('does not exceed a contract in any sliding second', () => {
    const limits = { ratePerSecond: 60, burst: 6 };
    const channels = [{ id: 'icbc.quickpay', bank: { slots: 20, meanMs: 200, queueLimit: 100 }, limits }];
    const scenario = small({ seconds: 40, channels });
    const result = playScenario(scenario, SLUICE, { seed: 13, load: 1, keepReceipts: true });
    expect(measure(result).rate).toMatchObject({ exceededSeconds: 0 });
  });

  it('goes on after the death of a controller, from what it had left', () => {
    const result = playScenario(small({ seconds: 50, events: [{ do: 'controller_dies', atS: 25 }] }), SLUICE, {
      seed: 17,
      load: 1,
    });
    expect(measure(result).onTimeOverOracle).toBeGreaterThan(0.85);
  });
});
