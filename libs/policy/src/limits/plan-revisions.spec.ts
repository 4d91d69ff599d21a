import fc from 'fast-check';
import { type LimitRevision, type LimitValues, revisionAt } from '#domain';
import { type LimitChange, planRevisions, valuesAt } from './plan-revisions';

const BASE: LimitValues = {
  ratePerSecond: 800,
  burst: 80,
  inFlightMax: 200,
  longestWaitMs: 2_000,
  timeoutMs: 3_000,
  amountMin: 1,
  amountMax: 5_000_000,
};
const NOW = 1_000_000;
const limitNames = Object.keys(BASE) as (keyof LimitValues)[];
const change = (id: number, changes: Partial<LimitValues>, from: number, until: number | null = null): LimitChange => ({
  id,
  changes,
  effectiveFrom: from,
  until,
  rollsBackTo: null,
});
const told = (changes: readonly LimitChange[]) =>
  planRevisions(BASE, changes, { cause: 'change', changeId: 1 }, NOW).map(({ effectiveFrom, cause, values }) => [
    effectiveFrom - NOW,
    cause,
    values.ratePerSecond,
    values.inFlightMax,
  ]);

describe('revisions of limits', () => {
  it('bring back the former limits when an override ends', () => {
    expect(told([change(1, { ratePerSecond: 300 }, NOW, NOW + 60_000)])).toEqual([
      [0, 'change', 300, 200],
      [60_000, 'return', 800, 200],
    ]);
  });

  it('keep what somebody else changed for good while an override was in force', () => {
    const override = change(1, { ratePerSecond: 300 }, NOW - 1_000, NOW + 60_000);
    expect(told([override, change(2, { inFlightMax: 100 }, NOW)])).toEqual([
      [0, 'change', 300, 100],
      [60_000, 'return', 800, 100],
    ]);
  });

  it('let a change for good of the same member end the override, and nothing returns', () => {
    const override = change(1, { ratePerSecond: 300 }, NOW - 1_000, NOW + 60_000);
    expect(told([override, change(2, { ratePerSecond: 700 }, NOW)])).toEqual([[0, 'change', 700, 200]]);
  });

  it('carry a change into what is scheduled after it, so that a schedule undoes nothing but what it names', () => {
    const tonight = change(1, { ratePerSecond: 600 }, NOW + 3_600_000);
    expect(told([tonight, change(2, { inFlightMax: 100 }, NOW)])).toEqual([
      [0, 'change', 800, 100],
      [3_600_000, 'change', 600, 100],
    ]);
  });

  it('begin and end overrides that meet, in the order of their begin', () => {
    const first = change(1, { ratePerSecond: 300 }, NOW, NOW + 60_000);
    const second = change(2, { ratePerSecond: 100 }, NOW + 30_000, NOW + 90_000);
    expect(told([first, second])).toEqual([
      [0, 'change', 300, 200],
      [30_000, 'override', 100, 200],
      [90_000, 'return', 800, 200],
    ]);
  });
});

/** What is written down, over any history of changes and calls-off, says at every moment what was asked for. */
it('say at every moment what the changes say, however they were made and called off', () => {
  const members = fc.constantFrom<keyof LimitValues>('ratePerSecond', 'inFlightMax', 'timeoutMs');
  const act = fc.record({
    afterMs: fc.integer({ min: 0, max: 50 }),
    startsInMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
    lastsMs: fc.option(fc.integer({ min: 1, max: 60 })),
    member: members,
    value: fc.integer({ min: 100, max: 999 }),
    callsOff: fc.option(fc.nat(10), { freq: 4 }),
  });
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), (acts) => {
      let nowMs = NOW;
      let standing: LimitChange[] = [];
      const written: LimitRevision[] = [{ ...BASE, channelId: '' as never, revision: 1, effectiveFrom: 0 }];
      for (const [index, { afterMs, startsInMs, lastsMs, member, value, callsOff }] of acts.entries()) {
        nowMs += afterMs;
        const ahead = written.some(({ effectiveFrom }) => effectiveFrom > nowMs);
        const from = nowMs + startsInMs;
        const off = callsOff === null ? undefined : standing[callsOff % Math.max(standing.length, 1)];
        let first: Parameters<typeof planRevisions>[2] = { cause: 'called_off', changeId: null };
        if (off) standing = standing.filter((one) => one !== off);
        else {
          standing = [
            ...standing,
            change(index + 1, { [member]: value }, from, lastsMs === null ? null : from + lastsMs),
          ];
          if (startsInMs > 0) first = ahead ? { cause: 'replanned', changeId: null } : null;
        }
        for (const { values, effectiveFrom } of planRevisions(BASE, standing, first, nowMs)) {
          written.push({ ...values, channelId: '' as never, revision: written.length + 1, effectiveFrom });
        }
        for (let atMs = nowMs; atMs < nowMs + 130; atMs += 1) {
          const asked = valuesAt(BASE, standing, atMs);
          const wrong = limitNames.filter((name) => revisionAt(written, atMs)[name] !== asked[name]);
          if (wrong.length > 0) throw new Error(`${wrong.join()} after ${atMs - NOW} ms: ${JSON.stringify(written)}`);
        }
      }
    }),
    { numRuns: 150 },
  );
});
