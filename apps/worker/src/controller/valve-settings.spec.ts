import type { BreakerStateName } from '#policy';
import { handsFor } from '../pace/channel-paces';
import { ICBC, entryOf, snapshotOf } from '../spec-kit/flow';
import { changedSettings, valveSettings as settingsWith } from './valve-settings';

const entry = entryOf(ICBC, 40);
const registry = (one = entry) => ({ get: () => one });
const valveSettings = (
  ...[snapshot, channels]: [Parameters<typeof settingsWith>[0], Parameters<typeof settingsWith>[1]]
) => settingsWith(snapshot, channels, () => 0);
const saying = (effective: number, state: BreakerStateName = 'closed') =>
  snapshotOf([entry], ['w'], ({ breaker, limits }) => ({
    limits: { ...limits, pay: { ...limits.pay, effective } },
    breaker: { ...breaker, state },
  }));

describe('what Redis is told to hold', () => {
  it('is enough hands for what the controller found, under the operator’s ceiling', () => {
    expect(valveSettings(saying(17), registry())).toEqual([{ channelId: ICBC, limit: handsFor(17), paused: false }]);
    expect(valveSettings(saying(90), registry())).toMatchObject([{ limit: handsFor(40) }]);
    expect(valveSettings(saying(0), registry())).toMatchObject([{ limit: 0 }]);
  });

  it.each<[BreakerStateName, boolean]>([
    ['closed', false],
    ['open', true],
    ['half_open', false],
    ['ramping', false],
    ['isolated', true],
  ])('with the breaker %s: paused %s', (state, paused) => {
    expect(valveSettings(saying(5, state), registry())).toMatchObject([{ paused }]);
  });

  it('is more by the jobs that Redis counts and nobody has, but not behind an open breaker', () => {
    expect(settingsWith(saying(17), registry(), () => 9)).toMatchObject([{ limit: handsFor(17) + 9 }]);
    expect(settingsWith(saying(0), registry(), () => 9)).toMatchObject([{ limit: 0 }]);
  });

  it('is a pause where an operator has stopped the channel, and not where it drains', () => {
    expect(valveSettings(saying(5), registry(entryOf(ICBC, 40, 'pause')))).toMatchObject([{ paused: true }]);
    expect(valveSettings(saying(5), registry(entryOf(ICBC, 40, 'drain')))).toMatchObject([{ paused: false }]);
  });

  it('is told again only where it changed', () => {
    const told = valveSettings(saying(5), registry());
    expect(changedSettings(told, told)).toEqual([]);
    expect(changedSettings(valveSettings(saying(6), registry()), told)).toHaveLength(1);
    expect(changedSettings(valveSettings(saying(5, 'open'), registry()), told)).toHaveLength(1);
    expect(changedSettings(told, [])).toEqual(told);
  });
});
