import fc from 'fast-check';
import { CALL_CLASSES } from '../flow/words';
import { createLimiter, type LimiterInput, stepLimiter } from './limiter';
import type { LimiterState } from './limiter-state';

/** One step of a made-up life: how many calls begin, and how those under way end. */
interface Turn {
  readonly elapsedMs: number;
  readonly ceiling: number;
  readonly starts: number;
  readonly endings: readonly { readonly class: (typeof CALL_CLASSES)[number]; readonly tookMs: number }[];
}

const turn: fc.Arbitrary<Turn> = fc.record({
  elapsedMs: fc.integer({ min: 0, max: 2_000 }),
  ceiling: fc.integer({ min: 1, max: 400 }),
  starts: fc.integer({ min: 0, max: 40 }),
  endings: fc.array(
    fc.record({ class: fc.constantFrom(...CALL_CLASSES), tookMs: fc.integer({ min: 0, max: 5_000 }) }),
    { maxLength: 40 },
  ),
});
const life = fc.record({
  initial: fc.integer({ min: 1, max: 100 }),
  turns: fc.array(turn, { minLength: 1, maxLength: 60 }),
});

/** Inputs as a controller would put them together, from turns. */
function inputsOf(turns: readonly Turn[]): LimiterInput[] {
  let nowMs = 0;
  let underWay: number[] = [];
  return turns.map(({ elapsedMs, ceiling, starts, endings }) => {
    nowMs += elapsedMs;
    const ended = underWay.slice(0, endings.length).map((startedMs, i) => ({
      startedMs,
      endedMs: Math.min(nowMs, startedMs + endings[i]!.tookMs),
      class: endings[i]!.class,
    }));
    underWay = [...underWay.slice(endings.length), ...Array<number>(starts).fill(nowMs - elapsedMs / 2)];
    const underWayAgeMs = underWay.map((sinceMs) => nowMs - sinceMs);
    return { nowMs, ceiling, started: starts, ended, underWaySinceMs: underWay, underWayAgeMs };
  });
}

const half = (): number => 0.5;

describe('the limiter, whatever it hears', () => {
  it('gives an integer from 1 to the operator’s ceiling', () => {
    fc.assert(
      fc.property(life, ({ initial, turns }) => {
        let state = createLimiter({ initial, nowMs: 0 });
        for (const input of inputsOf(turns)) {
          const step = stepLimiter(state, input, half);
          expect(Number.isInteger(step.limit)).toBe(true);
          expect(step.limit).toBeGreaterThanOrEqual(1);
          expect(step.limit).toBeLessThanOrEqual(input.ceiling);
          state = step.state;
        }
      }),
    );
  });

  it('decides the same from a state that was written down as JSON and read back, to the last byte', () => {
    fc.assert(
      fc.property(life, ({ initial, turns }) => {
        let state = createLimiter({ initial, nowMs: 0 });
        for (const input of inputsOf(turns)) {
          const read = JSON.parse(JSON.stringify(state)) as LimiterState;
          const step = stepLimiter(state, input, half);
          expect(JSON.stringify(stepLimiter(read, input, half))).toBe(JSON.stringify(step));
          state = step.state;
        }
      }),
    );
  });

  it('raises the limit once at most where nothing comes back any more', () => {
    fc.assert(
      fc.property(life, fc.integer({ min: 1, max: 30 }), ({ initial, turns }, silentSteps) => {
        let state = createLimiter({ initial, nowMs: 0 });
        let last = inputsOf(turns)[0]!;
        for (const input of inputsOf(turns)) {
          state = stepLimiter(state, input, half).state;
          last = input;
        }
        let limit = state.limit;
        // Answers gathered before may still be acted on once, when those under way are late enough to say that they were the quick ones
        // (seed 1633617160); silence itself must not sound like consent.
        let raises = 0;
        for (let i = 1; i <= silentSteps; i += 1) {
          const nowMs = last.nowMs + i * 200;
          const underWayAgeMs = last.underWaySinceMs.map((sinceMs) => nowMs - sinceMs);
          const silent = { ...last, nowMs, started: 0, ended: [], underWayAgeMs };
          state = stepLimiter(state, silent, half).state;
          if (state.limit > limit) raises += 1;
          limit = state.limit;
        }
        expect(raises).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not change what it was given', () => {
    fc.assert(
      fc.property(life, ({ initial, turns }) => {
        let state = createLimiter({ initial, nowMs: 0 });
        for (const input of inputsOf(turns)) {
          const before = JSON.stringify([state, input]);
          const next = stepLimiter(state, input, half).state;
          expect(JSON.stringify([state, input])).toBe(before);
          state = next;
        }
      }),
    );
  });
});
