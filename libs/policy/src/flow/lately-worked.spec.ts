import { headroomPerSecond } from '../door/headroom';
import { type LatelyWorked, NO_ANSWERS, stepLatelyWorked, workedShare } from './lately-worked';
import type { CallClass } from './words';

const TICK_MS = 200;

/** Twenty such answers a tick, for some ticks. */
function after(ticks: number, kind: CallClass, from: LatelyWorked = NO_ANSWERS): LatelyWorked {
  const ended = Array.from({ length: 20 }, () => ({ startedMs: 0, endedMs: 15, class: kind }));
  let state = from;
  for (let tick = 0; tick < ticks; tick += 1) state = stepLatelyWorked(state, ended, TICK_MS);
  return state;
}

describe('what a bank may be promised to other banks’ payers for', () => {
  const well = after(50, 'worked');

  it('is all of what leaves its queue, while it works or the payers’ accounts decline', () => {
    expect(workedShare(well)).toBe(1);
    expect(workedShare(after(50, 'declined', well))).toBe(1);
  });

  it('is nothing half a second after it began to say busy to all, however quickly the queue empties by that', () => {
    const headroom = { startedPerSecond: 120, waiting: 0, longestWaitMs: 2_000 };
    const fallen = workedShare(after(3, 'busy', well));
    expect(headroomPerSecond({ ...headroom, drainPerSecond: 193 })).toBeGreaterThan(60);
    expect(headroomPerSecond({ ...headroom, drainPerSecond: 193 * fallen })).toBe(0);
  });

  it('is nothing either where calls are dropped', () => {
    expect(workedShare(after(10, 'dropped', well))).toBeLessThan(0.15);
  });

  it('is not less for calls that we refused ourselves, nor for long for a single busy of a slow bank', () => {
    expect(workedShare(after(10, 'ignored', well))).toBe(1);
    let slow = stepLatelyWorked(NO_ANSWERS, [{ startedMs: 0, endedMs: 15, class: 'busy' }], TICK_MS);
    expect(workedShare(slow)).toBe(0);
    slow = stepLatelyWorked(slow, [], 800);
    expect(workedShare(slow)).toBe(1);
  });

  it('comes back as quickly once the bank works again', () => {
    expect(workedShare(after(10, 'worked', after(10, 'busy', well)))).toBeGreaterThan(0.85);
  });
});
