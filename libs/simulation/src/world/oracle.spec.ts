import { parseScenario } from '../scenarios/parse-scenario';
import { NO_CONTROL } from './baselines/hand-written';
import { oracleOnTime } from './oracle';
import { playScenario } from './play';

const scenario = (over: object) =>
  parseScenario({
    name: 'two banks',
    about: { en: 'x', 'zh-CN': 'x' },
    seconds: 20,
    countFromS: 0,
    channels: ['a.quickpay', 'b.quickpay'].map((id) => ({
      id,
      bank: { slots: 10, meanMs: 100, sigma: 0, shape: 'fixed', queueLimit: 50 },
    })),
    payers: { patienceMs: 1_000, followShare: 1, answerMs: [1_000, 1_000] },
    demand: [
      {
        channel: 'a.quickpay',
        perSecond: [
          [0, 150],
          [18, 150],
          [18, 0],
        ],
        alsoHold: [{ channel: 'b.quickpay' }],
      },
    ],
    ...over,
  });

describe('the all-knowing router', () => {
  it('serves everybody where two banks together can', () => {
    const result = playScenario(scenario({}), NO_CONTROL, { seed: 1, load: 1 });
    const came = [...result.census.kinds.values()].reduce((sum, kind) => sum + kind.came, 0);
    expect(oracleOnTime(result)).toBeCloseTo(came, 3);
  });

  it('moves nobody who holds one card only, and then serves what the one bank can', () => {
    const alone = scenario({ demand: [{ channel: 'a.quickpay', perSecond: 150 }] });
    const result = playScenario(alone, NO_CONTROL, { seed: 1, load: 1 });
    // 20 s of 100 a second, as large as the payments were.
    expect(oracleOnTime(result)).toBeGreaterThan(1_900);
    expect(oracleOnTime(result)).toBeLessThanOrEqual(2_100);
  });

  it('is never beaten, not even by a bank that is left to itself', () => {
    const result = playScenario(scenario({}), NO_CONTROL, { seed: 2, load: 2 });
    const served = [...result.census.kinds.values()].reduce((sum, kind) => sum + kind.servedByEnd, 0);
    expect(served).toBeLessThanOrEqual(oracleOnTime(result));
  });
});
