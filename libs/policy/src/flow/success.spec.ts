import type { CallClass } from './words';
import { type SuccessCounts, stepSuccess, totalSuccess } from './success';

const calls = (count: number, kind: CallClass) =>
  Array.from({ length: count }, () => ({ startedMs: 0, endedMs: 1, class: kind }));

describe('how well a channel has worked', () => {
  it('counts a decline as a working bank, and our own refusals not at all', () => {
    const ended = [...calls(5, 'worked'), ...calls(3, 'declined'), ...calls(2, 'dropped'), ...calls(9, 'ignored')];
    expect(totalSuccess(stepSuccess([], ended, 0))).toEqual({ answers: 10, worked: 8 });
  });

  it('forgets after five minutes, and keeps thirty numbers however long it runs', () => {
    let counts: SuccessCounts = [];
    for (let nowMs = 0; nowMs < 1_000_000; nowMs += 5_000) counts = stepSuccess(counts, calls(1, 'worked'), nowMs);
    expect(counts.length).toBeLessThanOrEqual(30);
    expect(totalSuccess(counts).answers).toBeLessThanOrEqual(60);
    expect(totalSuccess(stepSuccess(counts, [], 1_400_000))).toEqual({ answers: 0, worked: 0 });
  });
});
