import { TOLD_EVERY_MS, isWorse } from './worsening';

const told = { level: 'busy', p90Ms: 2_000 } as const;
const later = TOLD_EVERY_MS;

describe('a wait that gets worse', () => {
  it('is said when the channel becomes more congested, and when it closes', () => {
    expect(isWorse(told, { level: 'congested', p90Ms: 2_000 }, later)).toBe(true);
    expect(isWorse(told, { level: 'closed', p90Ms: null }, later)).toBe(true);
  });

  it('is said when it is half as long again, and by more than half a second', () => {
    expect(isWorse(told, { level: 'busy', p90Ms: 3_001 }, later)).toBe(true);
    expect(isWorse(told, { level: 'busy', p90Ms: 3_000 }, later)).toBe(false);
    expect(isWorse({ level: 'busy', p90Ms: 300 }, { level: 'busy', p90Ms: 700 }, later)).toBe(false);
  });

  it('is not said again before a payer could have chosen', () => {
    expect(isWorse(told, { level: 'closed', p90Ms: null }, later - 1)).toBe(false);
  });

  it('is not said of a wait that gets better, or of a channel that is normal', () => {
    expect(isWorse(told, { level: 'busy', p90Ms: 500 }, later)).toBe(false);
    expect(isWorse({ level: 'normal', p90Ms: 200 }, { level: 'normal', p90Ms: 2_000 }, later)).toBe(false);
    expect(isWorse({ level: 'congested', p90Ms: null }, { level: 'busy', p90Ms: 9_000 }, later)).toBe(false);
  });
});
