import { measure } from '../flow-report/measures';
import { BUILT_IN_SCENARIOS } from '../scenarios/built-in';
import type { Scenario } from '../scenarios/scenario';
import type { Control } from './control';
import { playScenario } from './play';
import { BEST_LOOKING, SLUICE } from './sluice-control';

// The first half of `npm run simulate -- banks-in-turn`, everything sooner: two banks fall, and others have a little room.
const whole = BUILT_IN_SCENARIOS.find(({ name }) => name === 'banks-in-turn') as Scenario;
const scenario: Scenario = {
  ...whole,
  seconds: 75,
  countFromS: 15,
  events: whole.events.filter(({ atS }) => atS < 100).map((event) => ({ ...event, atS: event.atS - 25 })),
};

function movedThenFailed<W>(control: Control<W>): { moved: number; share: number } {
  const { moved, movedThenFailed: failed } = measure(playScenario(scenario, control, { seed: 20121111, load: 0.85 }));
  return { moved, share: failed / moved };
}

describe('payers who follow a suggestion while banks fail in turn', () => {
  it('do not fail where they go: an offer holds headroom', () => {
    const { moved, share } = movedThenFailed(SLUICE);
    expect(moved).toBeGreaterThanOrEqual(1_000);
    expect(share).toBeLessThanOrEqual(0.01);
  });

  it('fell the next bank where everybody is sent to what looked best, and nothing is held', () => {
    expect(movedThenFailed(BEST_LOOKING).share).toBeGreaterThan(0.05);
  });
});
