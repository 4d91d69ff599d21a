import { type BankCapacityConfig, DEGRADATIONS, trueCapacityPerSecond } from './bank-capacity-config';
import { BANK_PRESETS, bankPreset } from './banks';
import { CapacityConfigError, parseCapacityConfig, patchCapacityConfig } from './parse-capacity-config';

const plain: BankCapacityConfig = {
  slots: 100,
  service: { shape: 'lognormal', meanMs: 200, sigma: 0.4 },
  answerDelayMs: 5,
  discipline: 'fifo',
  queueLimit: 300,
  busyFromQueue: 300,
  busyAnswerMs: 15,
  degradation: DEGRADATIONS.none,
  collapse: null,
  rateCap: null,
  pauses: null,
};

function problemsOf(input: unknown): string[] {
  try {
    parseCapacityConfig(input);
    return [];
  } catch (error) {
    if (!(error instanceof CapacityConfigError)) throw error;
    return error.problems.map((problem) => `${problem.pointer} ${problem.message}`);
  }
}

describe('the settings of a bank', () => {
  it('survive JSON: every built-in bank reads back as itself', () => {
    for (const { capacity } of BANK_PRESETS) {
      expect(parseCapacityConfig(JSON.parse(JSON.stringify(capacity)))).toEqual(capacity);
    }
  });

  it('take a degradation by name', () => {
    expect(parseCapacityConfig({ ...plain, degradation: 'hard' }).degradation).toEqual(DEGRADATIONS.hard);
  });

  it('are refused with every problem at once, each saying where and what would be right', () => {
    expect(
      problemsOf({
        ...plain,
        slots: 1.5,
        service: { shape: 'gaussian', meanMs: 0, sigma: 0.4 },
        busyFromQueue: 301,
        degradation: 'brutal',
        pauses: { everyMs: 1000, forMs: 1000, firstAtMs: 0 },
        collapse: { atLoad: 3, downMs: 10, recoverAtLoad: 3, drainSpeed: 0, refuses: 'yes' },
        qeueLimit: 3,
      }),
    ).toEqual([
      expect.stringMatching(/^\/qeueLimit is not known; there are slots/),
      '/slots must be a whole number from 0 to 100000, not 1.5',
      '/service/shape must be one of fixed, exponential, lognormal, not "gaussian"',
      '/service/meanMs must be a number from 1 to 60000, not 0',
      '/busyFromQueue must be a whole number from 0 to 300, not 301',
      '/degradation must be none, mild, hard or numbers, not "brutal"',
      '/collapse/recoverAtLoad must be below atLoad (3), or it never falls',
      '/collapse/refuses must be true or false, not "yes"',
      '/collapse/drainSpeed must be a number from 0.001 to 1, not 0',
      '/pauses/forMs must be less than everyMs (1000), or the bank never works',
    ]);
    expect(problemsOf(null)[0]).toMatch(/^\/ must be an object with slots/);
    expect(problemsOf({ ...plain, service: [] })[0]).toMatch(/^\/service must be an object/);
    expect(problemsOf({ ...plain, slots: NaN })).toHaveLength(1);
  });

  it('change one nested number and keep its neighbours', () => {
    const patched = patchCapacityConfig(plain, { slots: 40, service: { meanMs: 500 } });
    expect(patched).toEqual({ ...plain, slots: 40, service: { shape: 'lognormal', meanMs: 500, sigma: 0.4 } });
    expect(patchCapacityConfig(bankPreset('ccb.quickpay').capacity, { collapse: null }).collapse).toBeNull();
    expect(patchCapacityConfig(plain, { queueLimit: 50 }).busyFromQueue).toBe(50);
    expect(() => patchCapacityConfig(plain, { slots: -1 })).toThrow(CapacityConfigError);
    expect(() => patchCapacityConfig(plain, 'faster')).toThrow(CapacityConfigError);
  });

  it('give the true capacity: slots over the mean, less pauses, not above the hidden rate', () => {
    expect(trueCapacityPerSecond(plain)).toBe(500);
    expect(trueCapacityPerSecond({ ...plain, pauses: { everyMs: 10_000, forMs: 500, firstAtMs: 0 } })).toBeCloseTo(
      475,
      9,
    );
    expect(trueCapacityPerSecond({ ...plain, rateCap: { perSecond: 400, burst: 1, beyond: 'busy' } })).toBe(400);
    expect(trueCapacityPerSecond({ ...plain, slots: 0 })).toBe(0);
  });

  it('name an unknown channel together with the known ones', () => {
    expect(() => bankPreset('icbc.quick')).toThrow(/no bank channel icbc.quick; there are icbc.quickpay, icbc.gateway/);
  });
});
