import { LastFlow } from './last-flow';
import { snapshotOf } from './spec-kit/snapshot';

describe('whom a process follows', () => {
  it('the newest word of one controller, whatever order they arrive in', () => {
    const flow = new LastFlow();
    expect(flow.ageMs(5)).toBe(Infinity);
    expect(flow.hear(snapshotOf(1, 2), 1_000)).toBe(true);
    expect(flow.hear(snapshotOf(1, 1), 1_200)).toBe(false);
    expect(flow.hear(snapshotOf(1, 2), 1_200)).toBe(false);
    expect(flow.snapshot).toEqual(snapshotOf(1, 2));
    expect(flow.ageMs(1_500)).toBe(500);
  });

  it('the higher term, and not the old controller that wakes up', () => {
    const flow = new LastFlow();
    flow.hear(snapshotOf(1, 900), 0);
    expect(flow.hear(snapshotOf(2, 1, 'two'), 200)).toBe(true);
    expect(flow.hear(snapshotOf(1, 901), 400)).toBe(false);
    flow.hear(snapshotOf(2, 2, 'two'), 60_000);
    expect(flow.hear(snapshotOf(1, 902), 62_900)).toBe(false);
    expect(flow.snapshot?.controllerId).toBe('two');
  });

  it('a controller that begins at 1 again after Redis was wiped, once nobody of the old terms can be alive', () => {
    const flow = new LastFlow();
    flow.hear(snapshotOf(7, 100), 0);
    expect(flow.hear(snapshotOf(1, 1, 'new'), 2_900)).toBe(false);
    expect(flow.hear(snapshotOf(1, 2, 'new'), 3_100)).toBe(true);
  });
});
