import { BUILT_IN_SCENARIOS } from './built-in';
import { parseScenario, ScenarioError } from './parse-scenario';

const good = {
  name: 'one bank',
  about: { en: 'x', 'zh-CN': '某' },
  seconds: 60,
  channels: [{ id: 'icbc.quickpay', bank: { slots: 10, meanMs: 100, queueLimit: 50 } }],
  demand: [{ channel: 'icbc.quickpay', timesCapacity: 2 }],
};

function problemsOf(input: unknown): string[] {
  try {
    parseScenario(input);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ pointer, message }) => `${pointer} ${message}`);
    throw error;
  }
  return [];
}

describe('a scenario file', () => {
  it('may leave out what is usual', () => {
    const scenario = parseScenario(good);
    expect(scenario).toMatchObject({ loads: [1], events: [], site: { doors: 3, workers: 4 }, countFromS: 15 });
    expect(scenario.channels[0]?.limits).toMatchObject({ ratePerSecond: 1_000, longestWaitMs: 2_000 });
    expect(scenario.demand[0]).toMatchObject({ unitPerSecond: 100, curve: [[0, 2]], tier: 1 });
  });

  it('may name a bank of the simulator', () => {
    const channels = [{ id: 'ccb.quickpay', bank: 'ccb.quickpay' }];
    const scenario = parseScenario({ ...good, channels, demand: [{ channel: 'ccb.quickpay', perSecond: 5 }] });
    expect(scenario.channels[0]?.bank.collapse).not.toBeNull();
  });

  it('is told everything that is wrong with it at once, each with its place', () => {
    const wrong = {
      ...good,
      seconds: 0,
      channels: [
        { id: 'icbc.quickpay', bank: { slots: -1, meanMs: 100, queueLimit: 50 } },
        { id: 'icbc.quickpay', bank: 'icbc.cheques' },
      ],
      demand: [
        { channel: 'ccb.quickpay', perSecond: 5 },
        { channel: 'icbc.quickpay', perSecond: 5, timesCapacity: 1 },
        {
          channel: 'icbc.quickpay',
          perSecond: [
            [0.9, 1],
            [0.5, 2],
          ],
        },
      ],
      events: [{ do: 'rain', atS: 1 }],
      colour: 'red',
    };
    const problems = problemsOf(wrong);
    for (const place of [
      '/colour is not known',
      '/seconds must be a number from 1',
      '/channels/0/bank/slots',
      '/channels/1/bank',
      '/channels/1/id icbc.quickpay is already there',
      '/demand/0/channel must be one of icbc.quickpay',
      '/demand/1 must have either perSecond or timesCapacity',
      '/demand/2/perSecond/1 must not come before the point at second 0.9',
      '/events/0/do must be one of bank, drift, redis_gone, controller_dies',
    ]) {
      expect(problems.join('\n')).toContain(place);
    }
  });

  it('names the place of a change that a bank cannot be', () => {
    const events = [{ do: 'bank', atS: 5, channel: 'icbc.quickpay', change: { slotz: 3 } }];
    expect(problemsOf({ ...good, events })[0]).toMatch('/events/0/change/slotz is not known');
  });

  it('is what the built-in ones are', () => {
    const names = BUILT_IN_SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['steady', 'banks-in-turn', 'midnight', 'herd', 'retry-storm']));
  });
});
