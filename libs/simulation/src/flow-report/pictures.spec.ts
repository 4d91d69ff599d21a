import { parseScenario } from '../scenarios';
import { FIXED_LIMIT_BOUNDED, playScenario, SLUICE } from '../world';
import { measure } from './measures';
import { flowPictures } from './pictures';

const scenario = parseScenario({
  name: 'a bank/<b>',
  about: { en: 'Twice what it can do.', 'zh-CN': '两倍需求。' },
  seconds: 12,
  countFromS: 4,
  channels: [{ id: 'icbc.quickpay', bank: { slots: 10, meanMs: 100, queueLimit: 50 } }],
  demand: [{ channel: 'icbc.quickpay', timesCapacity: 2 }],
});

const reported = () => {
  const drawn = [
    playScenario(scenario, SLUICE, { seed: 1, load: 1 }),
    playScenario(scenario, FIXED_LIMIT_BOUNDED, { seed: 1, load: 1 }),
  ];
  const [sluice, others] = drawn.map((result) => [measure(result)]);
  return { scenario, sluice: sluice ?? [], others: others ?? [], drawn };
};

describe('pictures of a scenario', () => {
  const pictures = flowPictures(reported());

  it('show the controls side by side and the limit of the channel, under names that are files', () => {
    expect(pictures.map(({ name }) => name)).toEqual(['a-bank-b--controls', 'a-bank-b--limit']);
  });

  it.each(pictures)(
    'stand by themselves: $name asks nothing of the network, runs nothing, follows light and dark',
    ({ svg }) => {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(svg).toContain('prefers-color-scheme:dark');
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/<script|<image|@import|url\(|https?:|<b>/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    },
  );

  it('are the same for the same seed', () => {
    expect(flowPictures(reported())).toEqual(pictures);
  });
});
