import { ICBC, reportOf } from '../spec-kit/flow';
import { GhostJobs } from './ghost-jobs';

describe('jobs that Redis counts and nobody has', () => {
  let ghosts: GhostJobs;
  let nowMs: number;
  beforeEach(() => {
    ghosts = new GhostJobs();
    nowMs = 0;
  });

  function tick(active: number, taken: Record<string, number>): number {
    nowMs += 200;
    for (const [id, count] of Object.entries(taken)) ghosts.hear({ ...reportOf(id), taken: { [ICBC]: count } }, nowMs);
    ghosts.count(new Map([[ICBC, { waiting: 0, active, delayed: 0 }]]), nowMs);
    return ghosts.of(ICBC);
  }

  it('are none while the workers say of all that they have them, a tick late', () => {
    for (const active of [3, 20, 8, 30, 4, 25, 12, 30]) expect(tick(active, { one: 10, other: 5 })).toBe(0);
  });

  it('are what a killed worker held, from a second after its last word until Redis has let go of it', () => {
    for (let n = 0; n < 6; n += 1) tick(20, { one: 10, other: 10 });
    for (let n = 0; n < 9; n += 1) expect(tick(20, { one: 10 })).toBe(0);
    tick(20, { one: 10 });
    expect(tick(20, { one: 10 })).toBe(10);
    expect(tick(10, { one: 10 })).toBe(0);
  });

  it('are what a worker that left in order could not finish, within a second', () => {
    for (let n = 0; n < 6; n += 1) tick(20, { one: 10, other: 10 });
    ghosts.hear({ ...reportOf('other'), leaving: true }, nowMs);
    for (let n = 0; n < 4; n += 1) tick(13, { one: 10 });
    expect(tick(13, { one: 10 })).toBe(3);
  });
});
