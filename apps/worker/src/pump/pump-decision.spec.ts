import * as fc from 'fast-check';
import { IDLE, TAKE_MAX, after, freePermits, jobsToTake, type QueueState } from './pump-decision';

const woken = after(IDLE, { kind: 'woken' });

describe('permit before payment', () => {
  it('takes what waits, no more than there are permits, and no more than one tick can start', () => {
    expect(jobsToTake(woken, 10, 3)).toBe(3);
    expect(jobsToTake(woken, 10, 30)).toBe(10);
    expect(jobsToTake(woken, 10_000, 10_000)).toBe(TAKE_MAX);
  });

  it('takes nothing from a closed channel, under a limit that makes no sense, or when nothing waits', () => {
    expect([0, -1, 0.9, NaN].map((limit) => jobsToTake(woken, limit, 5))).toEqual([0, 0, 0, 0]);
    expect(jobsToTake(woken, 5, 0)).toBe(0);
  });

  it('does not take again while a take is under way', () => {
    expect(jobsToTake(after(after(woken, { kind: 'asked', jobs: 2 }), { kind: 'woken' }), 10, 30)).toBe(0);
  });

  it('does not spin on a queue that gave less than asked, until something happens', () => {
    const short = after(after(woken, { kind: 'asked', jobs: 4 }), { kind: 'took', jobs: 0 });
    expect(jobsToTake(short, 10, 30)).toBe(0);
    expect(jobsToTake(after(short, { kind: 'woken' }), 10, 30)).toBe(10);
  });

  it('goes on at once where a take brought all it asked for', () => {
    const full = after(after(woken, { kind: 'asked', jobs: 4 }), { kind: 'took', jobs: 4 });
    expect(jobsToTake(full, 10, 30)).toBe(10);
  });

  it('does not forget a wake-up that came while a take was under way', () => {
    const asked = after(woken, { kind: 'asked', jobs: 4 });
    expect(jobsToTake(after(after(asked, { kind: 'woken' }), { kind: 'took', jobs: 1 }), 10, 3)).toBe(3);
  });

  it('keeps counting jobs as in flight after the limit shrinks, and takes again only below it', () => {
    let state = woken;
    for (let n = 0; n < 5; n += 1) state = after(state, { kind: 'started' });
    expect(freePermits(state, 2)).toBe(0);
    for (let n = 0; n < 3; n += 1) state = after(state, { kind: 'ended' });
    expect(jobsToTake(state, 2, 9)).toBe(0);
    expect(jobsToTake(after(state, { kind: 'ended' }), 2, 9)).toBe(1);
  });

  it('never holds more than its permits, whatever happens in whatever order, and gets every permit back', () => {
    const anEvent = fc.oneof(
      fc.record({ kind: fc.constant('limit' as const), to: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant('added' as const), jobs: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ kind: fc.constant('answer' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.constant({ kind: 'end' as const }),
    );
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 200 }), (events) => {
        let state: QueueState = IDLE;
        let limit = 5;
        let queued = 0;
        const answer = (share: number): void => {
          if (state.asked === 0) return;
          const jobs = Math.min(Math.round(state.asked * share), queued);
          queued -= jobs;
          state = after(state, { kind: 'took', jobs });
          for (let n = 0; n < jobs; n += 1) state = after(state, { kind: 'started' });
        };
        const decide = (): void => {
          const held = state.inFlight + state.asked;
          const jobs = jobsToTake(state, limit, queued);
          if (jobs > 0) state = after(state, { kind: 'asked', jobs });
          expect(state.inFlight + state.asked).toBeLessThanOrEqual(Math.max(limit, held));
          expect(state.inFlight).toBeGreaterThanOrEqual(0);
        };
        for (const event of events) {
          if (event.kind === 'limit') limit = event.to;
          if (event.kind === 'added') {
            queued += event.jobs;
            state = after(state, { kind: 'woken' });
          }
          if (event.kind === 'answer') answer(event.share);
          if (event.kind === 'end' && state.inFlight > 0) state = after(state, { kind: 'ended' });
          decide();
        }
        // Left alone with an open channel, everything queued is taken and every permit comes back.
        limit = 5;
        state = after(state, { kind: 'woken' });
        for (let n = 0; n < 20_000 && (queued > 0 || state.inFlight + state.asked > 0); n += 1) {
          decide();
          if (state.asked > 0) answer(1);
          else if (state.inFlight > 0) state = after(state, { kind: 'ended' });
        }
        expect([queued, state.inFlight, state.asked]).toEqual([0, 0, 0]);
      }),
    );
  });
});
