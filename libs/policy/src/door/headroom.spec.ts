import { headroomPerSecond } from './headroom';

const facts = { drainPerSecond: 100, startedPerSecond: 60, waiting: 0, longestWaitMs: 2_000 };

describe('what a channel can take beyond what it has', () => {
  it('is what leaves less what comes, and a little to keep a short queue', () => {
    expect(headroomPerSecond(facts)).toBeCloseTo(0.97 * 100 - 60 + 6, 6);
  });

  it('shrinks with what waits, to nothing while own customers wait long', () => {
    expect(headroomPerSecond({ ...facts, waiting: 30 })).toBeCloseTo(37, 6);
    expect(headroomPerSecond({ ...facts, startedPerSecond: 100, waiting: 15 })).toBe(0);
    expect(headroomPerSecond({ ...facts, waiting: 1_000 })).toBe(0);
  });

  it('is nothing where nothing drains', () => {
    expect(headroomPerSecond({ ...facts, drainPerSecond: 0 })).toBe(0);
  });
});
