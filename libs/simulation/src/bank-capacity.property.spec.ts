import fc from 'fast-check';
import { abandon, advance, createCapacity, offer } from './bank-capacity';
import { type BankCapacityConfig, DEGRADATIONS, trueCapacityPerSecond } from './bank-capacity-config';
import { type BankCapacity, type CapacityFacts, capacityFacts, type Completion } from './bank-capacity-state';
import { seededRandom } from './prng';

const anyConfig: fc.Arbitrary<BankCapacityConfig> = fc
  .record({
    slots: fc.integer({ min: 1, max: 6 }),
    service: fc.record({
      shape: fc.constantFrom('fixed' as const, 'exponential' as const, 'lognormal' as const),
      meanMs: fc.integer({ min: 5, max: 200 }),
      sigma: fc.constantFrom(0, 0.5, 1),
    }),
    discipline: fc.constantFrom('fifo' as const, 'processor_sharing' as const),
    queueLimit: fc.integer({ min: 0, max: 12 }),
    degradation: fc.constantFrom(DEGRADATIONS.none, DEGRADATIONS.mild, DEGRADATIONS.hard),
    collapse: fc.option(
      fc.record({
        atLoad: fc.integer({ min: 2, max: 4 }),
        downMs: fc.integer({ min: 0, max: 500 }),
        recoverAtLoad: fc.constantFrom(0, 0.5, 1),
        drainSpeed: fc.constantFrom(0.1, 1),
        refuses: fc.boolean(),
      }),
    ),
    rateCap: fc.option(
      fc.record({
        perSecond: fc.integer({ min: 5, max: 200 }),
        burst: fc.integer({ min: 1, max: 5 }),
        beyond: fc.constantFrom('busy' as const, 'wait' as const),
      }),
    ),
    pauses: fc.option(
      fc.record({
        everyMs: fc.integer({ min: 100, max: 400 }),
        forMs: fc.integer({ min: 1, max: 99 }),
        firstAtMs: fc.nat(300),
      }),
    ),
  })
  .map((drawn) => ({ ...drawn, answerDelayMs: 3, busyFromQueue: Math.floor(drawn.queueLimit / 2), busyAnswerMs: 5 }));

const anyHistory = fc.array(
  fc.record({
    gapMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 60, noNaN: true })),
    act: fc.constantFrom('offer', 'offer', 'offer', 'offer', 'advance', 'abandon'),
    victim: fc.nat(8),
  }),
  { maxLength: 120 },
);
type History = { gapMs: number; act: string; victim: number }[];

/** Plays a history and then lets the bank run empty; `check` sees it after every step. */
function play(
  config: BankCapacityConfig,
  history: History,
  seed: number,
  check = (_: BankCapacity): void => {},
): Completion[] {
  const bank = createCapacity(config);
  const random = seededRandom(seed);
  const done: Completion[] = [];
  let nowMs = 0;
  let id = 0;
  history.forEach(({ gapMs, act, victim }) => {
    nowMs += gapMs;
    if (act !== 'look') id += 1;
    else done.push(...advance(bank, nowMs));
    if (act === 'offer') offer(bank, id, nowMs, random);
    if (act === 'advance') done.push(...advance(bank, nowMs));
    if (act === 'abandon') abandon(bank, id - victim, nowMs);
    check(bank);
  });
  // An hour is more than any of these banks needs: 120 payments × 200 ms at a hundredth of the speed.
  done.push(...advance(bank, nowMs + 3_600_000));
  check(bank);
  return done;
}

describe('any bank, any history', () => {
  it('conserves payments: offered = served + busy + abandoned + in service + queued, after every step', () => {
    fc.assert(
      fc.property(anyConfig, anyHistory, fc.nat(), (config, history, seed) => {
        const done = play(config, history, seed, (bank) => {
          const facts = capacityFacts(bank);
          const busy = Object.values(facts.busy).reduce((sum, count) => sum + count, 0);
          expect(facts.served + busy + facts.abandoned + facts.inService + facts.queued).toBe(facts.offered);
          expect(facts.busySlots + facts.waiting).toBe(facts.inService + facts.queued);
        });
        expect(new Set(done.map(({ id }) => id)).size).toBe(done.length);
      }),
      { numRuns: 60 },
    );
  });

  it('never works on more payments than it has slots, nor holds more than its queue', () => {
    fc.assert(
      fc.property(anyConfig, anyHistory, fc.nat(), (config, history, seed) => {
        play(config, history, seed, (bank) => {
          const facts = capacityFacts(bank);
          if (config.discipline === 'fifo') expect(facts.inService).toBeLessThanOrEqual(config.slots);
          // A pacing bank may have idle slots beside waiting payments; the total is bounded all the same.
          expect(facts.inService + facts.queued).toBeLessThanOrEqual(config.slots + config.queueLimit);
          expect(facts.workedSlotMs).toBeLessThanOrEqual(facts.busySlotMs * (1 + 1e-9));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('always runs empty, and finishes payments in the order of time, none before it started', () => {
    fc.assert(
      fc.property(anyConfig, anyHistory, fc.nat(), (config, history, seed) => {
        let last: BankCapacity | undefined;
        const done = play(config, history, seed, (bank) => (last = bank));
        done.forEach((one, i) => {
          expect(one.finishedMs).toBeGreaterThanOrEqual(done[i - 1]?.finishedMs ?? 0);
          expect(one.startedMs).toBeGreaterThanOrEqual(one.offeredMs);
          expect(one.finishedMs).toBeGreaterThanOrEqual(one.startedMs);
        });
        if (last !== undefined) expect(capacityFacts(last)).toMatchObject({ inService: 0, queued: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same trace for the same seed', () => {
    fc.assert(
      fc.property(anyConfig, anyHistory, fc.nat(), (config, history, seed) => {
        expect(play(config, history, seed)).toEqual(play(config, history, seed));
      }),
      { numRuns: 30 },
    );
  });

  it('does not care how often its caller looks: extra advances change no answer', () => {
    fc.assert(
      fc.property(anyConfig, anyHistory, fc.nat(), (config, history, seed) => {
        const looks = history.flatMap((step) => [
          { gapMs: step.gapMs / 2, act: 'look', victim: 0 },
          { ...step, gapMs: step.gapMs / 2 },
        ]);
        const seldom = play(config, history, seed);
        const often = play(config, looks, seed);
        expect(often.length).toBe(seldom.length);
        const times = (done: Completion[]): number[] => done.map((one) => one.finishedMs);
        times(often).forEach((atMs, i) => expect(atMs).toBeCloseTo(times(seldom)[i] as number, 6));
      }),
      { numRuns: 30 },
    );
  });
});

describe('against queueing theory', () => {
  /** Offers a Poisson stream for `payments` payments and returns the facts. */
  function stream(config: BankCapacityConfig, load: number, payments: number): CapacityFacts {
    const arrivals = seededRandom(11, 'arrivals');
    const chance = seededRandom(11, 'service');
    const bank = createCapacity(config);
    let nowMs = 0;
    for (let id = 0; id < payments; id += 1) {
      nowMs += (-Math.log(1 - arrivals()) * 1000) / (load * trueCapacityPerSecond(config));
      offer(bank, id, nowMs, chance);
      advance(bank, nowMs);
    }
    return capacityFacts(bank);
  }
  const deep: BankCapacityConfig = {
    slots: 1,
    service: { shape: 'fixed', meanMs: 100, sigma: 0 },
    answerDelayMs: 0,
    discipline: 'fifo',
    queueLimit: 100_000,
    busyFromQueue: 100_000,
    busyAnswerMs: 15,
    degradation: DEGRADATIONS.none,
    collapse: null,
    rateCap: null,
    pauses: null,
  };

  it('waits as M/M/1 does: at load .8 four service times', () => {
    const facts = stream({ ...deep, service: { shape: 'exponential', meanMs: 100, sigma: 0 } }, 0.8, 150_000);
    expect(facts.waitingMs / facts.served / 100).toBeGreaterThan(3.7);
    expect(facts.waitingMs / facts.served / 100).toBeLessThan(4.3);
  });

  it('waits as M/G/1 does: a lognormal spread costs (1 + c²)/2 times as much', () => {
    const facts = stream({ ...deep, service: { shape: 'lognormal', meanMs: 100, sigma: 0.5 } }, 0.8, 150_000);
    const expected = (0.8 / 0.2) * (Math.exp(0.25) / 2); // Pollaczek and Khinchine
    expect(facts.waitingMs / facts.served / 100 / expected).toBeGreaterThan(0.93);
    expect(facts.waitingMs / facts.served / 100 / expected).toBeLessThan(1.07);
  });

  it('serves its true capacity when it always has work, pauses taken off', () => {
    const config = {
      ...deep,
      slots: 20,
      queueLimit: 200,
      busyFromQueue: 200,
      pauses: { everyMs: 1000, forMs: 100, firstAtMs: 0 },
    };
    const facts = stream(config, 2, 50_000);
    expect(facts.served / (facts.atMs / 1000) / trueCapacityPerSecond(config)).toBeCloseTo(1, 2);
  });
});
