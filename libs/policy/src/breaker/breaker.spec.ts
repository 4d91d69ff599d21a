import * as fc from 'fast-check';
import type { ChannelHold } from '#domain';
import { CALL_CLASSES, type CallClass } from '../flow/words';
import type { EndedCall } from '../limiter/limiter';
import { type BreakerState, type BreakerStep, createBreaker, stepBreaker } from './breaker';

const TICK_MS = 200;

/** A breaker and its clock: each call of `tick` is one step of the controller. */
class Bench {
  nowMs = 0;
  state: BreakerState = createBreaker(0);
  last: BreakerStep | null = null;

  tick(
    ended: readonly EndedCall[] = [],
    underWay: readonly number[] = [],
    hold: ChannelHold | null = null,
  ): BreakerStep {
    this.nowMs += TICK_MS;
    // As after a change of controller: the state went through Redis.
    const state = JSON.parse(JSON.stringify(this.state)) as BreakerState;
    const underWayAgeMs = underWay.map((since) => this.nowMs - since);
    const input = { nowMs: this.nowMs, ended, underWaySinceMs: underWay, underWayAgeMs, hold };
    this.last = stepBreaker(state, input, () => 0.5);
    this.state = this.last.state;
    return this.last;
  }

  /** Calls that took `tookMs` and end within the coming tick. */
  calls(count: number, callClass: CallClass, tookMs = 100): EndedCall[] {
    return Array.from({ length: count }, (_, n) => {
      const endedMs = this.nowMs + 1 + (n * (TICK_MS - 2)) / Math.max(1, count);
      return { startedMs: endedMs - tookMs, endedMs, class: callClass };
    });
  }

  tickUntil(name: string, ended: () => EndedCall[] = () => [], bound = 1_000): number {
    for (let n = 0; n < bound; n += 1) if (this.tick(ended()).view.state === name) return this.nowMs;
    throw new Error(`never ${name}`);
  }

  get name(): string {
    return this.state.name;
  }
}

function opened(): Bench {
  const bench = new Bench();
  for (let n = 0; n < 10; n += 1)
    bench.tick(
      bench.calls(20, 'worked'),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(() => bench.nowMs),
    );
  bench.tickUntil('open', () => bench.calls(10, 'unreachable', 1));
  return bench;
}

describe('a dead channel', () => {
  it('opens when call after call begun since its last sign of life brings nothing, and lets nothing through', () => {
    const bench = opened();
    expect(bench.last).toMatchObject({
      permits: 0,
      view: { state: 'open', reason: { code: 'breaker_no_life', tries: 1 } },
    });
    expect(bench.last!.view.reopensInMs).toBe(1_000);
    expect(bench.nowMs).toBeLessThanOrEqual(2_000 + 800);
  });

  it('is not one that declines, says that it is busy, or is refused by ourselves', () => {
    for (const callClass of ['declined', 'busy', 'ignored'] as const) {
      const bench = new Bench();
      for (let n = 0; n < 100; n += 1) bench.tick(bench.calls(30, callClass));
      expect(bench.name).toBe('closed');
    }
  });

  it('is not one whose front door resets everything under way at once and goes on', () => {
    const bench = new Bench();
    for (let n = 0; n < 20; n += 1) bench.tick(bench.calls(40, 'worked', 150));
    const reset = Array.from({ length: 400 }, () => ({
      startedMs: bench.nowMs - 150,
      endedMs: bench.nowMs + 1,
      class: 'dropped' as const,
    }));
    bench.tick(reset);
    for (let n = 0; n < 20; n += 1) bench.tick(bench.calls(40, 'worked', 150));
    expect(bench.name).toBe('closed');
  });

  it('is one that still answers a few of many: it would make more unknown outcomes than payments', () => {
    const bench = new Bench();
    bench.tickUntil('open', () => [...bench.calls(9, 'dropped', 150), ...bench.calls(1, 'worked', 150)]);
    expect(bench.last!.view.reason.code).toBe('breaker_mostly_dead');
    const half = new Bench();
    for (let n = 0; n < 100; n += 1) half.tick([...half.calls(5, 'dropped', 150), ...half.calls(5, 'worked', 150)]);
    expect(half.name).toBe('closed');
  });

  it('is found before its calls reach their deadline, where they hang ten round trips and nothing else comes back', () => {
    const bench = new Bench();
    for (let n = 0; n < 20; n += 1) bench.tick(bench.calls(20, 'worked', 250));
    const cutMs = bench.nowMs;
    const hanging = Array.from({ length: 8 }, (_, n) => cutMs + 1 + n);
    for (let n = 0; n < 100 && bench.name === 'closed'; n += 1) bench.tick([], hanging);
    expect(bench.last!.view.reason).toMatchObject({ code: 'breaker_silent', calls: 8 });
    expect(bench.nowMs - cutMs).toBeLessThanOrEqual(3_400);
  });
});

describe('coming back', () => {
  it('takes three probes that are answered, then widens 6, 12, 24 … round trip by round trip to what it had', () => {
    const bench = opened();
    bench.tickUntil('half_open');
    expect(bench.last!.permits).toBe(3);
    bench.tick(bench.calls(2, 'worked', 0));
    expect(bench.name).toBe('half_open');
    bench.tick(bench.calls(1, 'busy', 0));
    const permits = [bench.last!.permits];
    for (let n = 0; n < 20 && bench.name === 'ramping'; n += 1)
      permits.push(bench.tick(bench.calls(permits.at(-1)!, 'worked', 0)).permits);
    expect(permits).toEqual([6, 12, null]);
    expect(bench.state.reason).toMatchObject({ code: 'breaker_recovered' });
  });

  it('is not proved by the late answers of calls begun before it opened', () => {
    const bench = opened();
    const before = bench.calls(50, 'worked', 60_000);
    bench.tick(before);
    expect(bench.name).toBe('open');
    bench.tickUntil('half_open');
    bench.tick(bench.calls(50, 'worked', 5_000));
    expect([bench.name, bench.last!.permits]).toEqual(['half_open', 3]);
  });

  it('is not undone by the late deaths of calls begun before it opened', () => {
    const bench = opened();
    bench.tickUntil('half_open');
    bench.tick([...bench.calls(3, 'worked', 0), ...bench.calls(50, 'dropped', 8_000)]);
    bench.tick(bench.calls(50, 'dropped', 8_000));
    expect(bench.name).toBe('ramping');
  });

  it('is known to the limit from the third answer for a minute, with the calls begun since then that got lost', () => {
    const bench = opened();
    expect(bench.last!.back).toBeNull();
    bench.tickUntil('half_open');
    expect(bench.tick(bench.calls(50, 'dropped', 8_000)).back).toBeNull();
    expect(bench.tick(bench.calls(3, 'worked', 0)).back).toEqual({ dead: 0 });
    bench.tickUntil('closed', () => bench.calls(12, 'worked', 0));
    const lost = [
      ...bench.calls(40, 'worked', 0),
      ...bench.calls(4, 'dropped', 0),
      ...bench.calls(9, 'dropped', 60_000),
    ];
    expect(bench.tick(lost).back).toEqual({ dead: 4 });
    const fromMs = bench.nowMs;
    while (bench.last!.back !== null && bench.nowMs < fromMs + 120_000) bench.tick(bench.calls(5, 'worked'));
    expect(bench.nowMs - fromMs).toBeLessThanOrEqual(60_000);
    expect(new Bench().tick().back).toBeNull();
  });

  it('survives one lost probe, not two; then it waits longer each time, half a minute at most', () => {
    const bench = opened();
    bench.tickUntil('half_open');
    bench.tick(bench.calls(1, 'dropped', 0));
    expect(bench.name).toBe('half_open');
    bench.tick(bench.calls(1, 'dropped', 0));
    const waits = [bench.last!.view.reopensInMs];
    for (let n = 0; n < 8; n += 1) {
      bench.tickUntil('half_open');
      bench.tick(bench.calls(2, 'unreachable', 0));
      waits.push(bench.last!.view.reopensInMs);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
    expect(bench.state.reason).toMatchObject({ code: 'breaker_probe_failed', tries: 10 });
  });

  it('opens again without waiting for a deadline when the probes hang', () => {
    const bench = opened();
    bench.tickUntil('half_open');
    const probes = [1, 2, 3].map(() => bench.nowMs + 10);
    for (let n = 0; n < 20 && bench.name === 'half_open'; n += 1) bench.tick([], probes);
    expect(bench.name).toBe('open');
  });

  it('never sticks half open: probes that vanished with their worker are simply replaced by the next payments', () => {
    const bench = opened();
    bench.tickUntil('half_open');
    for (let n = 0; n < 3_000; n += 1) bench.tick();
    expect(bench.last!.permits).toBe(3);
    bench.tick(bench.calls(3, 'declined', 0));
    expect(bench.name).toBe('ramping');
  });

  it('falls back when half of a wider round dies', () => {
    const bench = opened();
    bench.tickUntil('half_open');
    bench.tick(bench.calls(3, 'worked', 0));
    bench.tick([...bench.calls(2, 'worked', 0), ...bench.calls(2, 'dropped', 0)]);
    expect(bench.state).toMatchObject({ name: 'open', reason: { code: 'breaker_ramp_failed' }, tries: 2 });
  });

  it('ends its ramp within a minute also at night, when two payments come', () => {
    const bench = opened();
    bench.tickUntil('half_open');
    bench.tick(bench.calls(3, 'worked', 0));
    const fromMs = bench.nowMs;
    bench.tickUntil('closed');
    expect(bench.nowMs - fromMs).toBeLessThanOrEqual(60_000);
  });
});

describe('an operator’s hold', () => {
  it('isolates from any state, at once, and release begins with probes', () => {
    const bench = new Bench();
    bench.tick();
    expect(bench.tick([], [], 'isolate')).toMatchObject({ permits: 0, view: { state: 'isolated', reopensInMs: null } });
    for (let n = 0; n < 1_000; n += 1) bench.tick(bench.calls(5, 'worked'), [], 'isolate');
    expect(bench.state.reason).toEqual({ code: 'breaker_isolated', hold: 'isolate' });
    expect(bench.tick([], [], 'kill').state.reason).toEqual({ code: 'breaker_isolated', hold: 'kill' });
    expect(bench.tick()).toMatchObject({ permits: 3, view: { state: 'half_open' } });
  });

  it('lets nothing through under a pause, and takes it for no fault of the bank; a drain is carried out', () => {
    const bench = new Bench();
    expect(bench.tick([], [], 'pause')).toMatchObject({ permits: 0, view: { state: 'closed' } });
    expect(bench.tick([], [], 'drain')).toMatchObject({ permits: null, view: { state: 'closed' } });
  });
});

it('whatever happens, an open or isolated breaker lets nothing through, and every change says why', () => {
  const aTick = fc.record({
    classes: fc.array(fc.constantFrom(...CALL_CLASSES), { maxLength: 30 }),
    tookMs: fc.integer({ min: 0, max: 12_000 }),
    hanging: fc.integer({ min: 0, max: 20 }),
    hold: fc.option(fc.constantFrom('drain', 'pause', 'maintenance', 'isolate', 'kill'), { freq: 5 }),
  });
  fc.assert(
    fc.property(fc.array(aTick, { maxLength: 100 }), (ticks) => {
      const bench = new Bench();
      for (const { classes, hanging, hold, tookMs } of ticks) {
        const before = bench.state;
        const ended = classes.flatMap((callClass) => bench.calls(1, callClass, tookMs));
        const underWay = Array.from({ length: hanging }, () => bench.nowMs - tookMs);
        const { permits, state, view } = bench.tick(ended, underWay, hold as ChannelHold | null);
        if (view.state === 'open' || view.state === 'isolated') expect(permits).toBe(0);
        else if (permits !== null && permits > 0) expect(['half_open', 'ramping']).toContain(view.state);
        if (state.name !== before.name) expect(state.reason).not.toEqual(before.reason);
        expect(view.forMs).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
