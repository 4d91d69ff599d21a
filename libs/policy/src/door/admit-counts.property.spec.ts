import * as fc from 'fast-check';
import { type ChannelId, type ErrorCode, type MerchantId, PAYER_COHORTS, TIER, type Tier } from '#domain';
import { doorAt, flowOf, planOf } from '../spec-kit/flow';
import { admitCounts } from './admit-counts';
import { decideAtDoor } from './decide-at-door';
import { takeDoorReport } from './door-report';

const aTier = fc.constantFrom<Tier>(TIER.paying, TIER.bulk);
const correction = fc.record({ median: fc.double({ min: 0.5, max: 2, noNaN: true }), p90: fc.constant(2) });
const aFlow = fc
  .record({
    backlog: fc.integer({ min: 0, max: 300 }),
    freeSlots: fc.integer({ min: 0, max: 30 }),
    drain: fc.double({ min: 0.5, max: 500, noNaN: true }),
    roundTripMs: fc.double({ min: 1, max: 3_000, noNaN: true }),
    opensInMs: fc.constantFrom(0, 0, 300),
    state: fc.constantFrom('closed', 'closed', 'half_open', 'isolated'),
    hold: fc.constantFrom(null, null, null, 'pause', 'drain'),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    budget: fc.integer({ min: 0, max: 400 }),
    corrections: fc.tuple(correction, correction, correction, correction, correction),
  })
  .map(({ backlog, budget, corrections, drain, freeSlots, hold, opensInMs, roundTripMs, share, state }) => {
    const tiers = {
      [TIER.paying]: { share, merchants: {}, longestWaitMs: 2_000 },
      [TIER.bulk]: { share: share / 2, merchants: { m: share }, longestWaitMs: 500 },
    };
    const base = flowOf();
    return flowOf(
      {
        backlog,
        freeSlots,
        hold: hold as 'pause' | 'drain' | null,
        breaker: { ...base.breaker, state: state as 'closed' | 'half_open' | 'isolated' },
        wait: {
          ...base.wait,
          drainPerSecond: drain,
          roundTripMs,
          opensInMs,
          corrections: base.wait.corrections.map((one, bin) => ({ ...one, ...corrections[bin] })),
        },
      },
      planOf({ tiers, budget, bulkBudget: Math.floor(budget / 2), ratePerSecond: drain / 2 }),
    );
  });
const aBatch = fc.record({
  tier: aTier,
  merchantId: fc.constantFrom('m', 'n'),
  patienceMs: fc.constantFrom(0, 300, 1_500, 10_000),
  counts: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: PAYER_COHORTS, maxLength: PAYER_COHORTS }),
  afterMs: fc.integer({ min: 0, max: 400 }),
});

it('a door decides about counts as it does one by one', () => {
  fc.assert(
    fc.property(aFlow, fc.array(aBatch, { minLength: 1, maxLength: 3 }), (flow, batches) => {
      const [counted, single] = [doorAt(flow), doorAt(flow)];
      let nowMs = 0;
      for (const { afterMs, counts, merchantId, patienceMs, tier } of batches) {
        nowMs += afterMs;
        const channelId = 'icbc.quickpay' as ChannelId;
        const ask = { channelId, merchantId: merchantId as MerchantId, tier, rotation: 3, patienceMs };
        const together = admitCounts(counted, ask, counts, nowMs)!;
        let admitted = 0;
        const refused: Partial<Record<ErrorCode, number>> = {};
        for (const [cohort, count] of counts.entries()) {
          for (let payment = 0; payment < count; payment += 1) {
            const decision = decideAtDoor(single, { ...ask, cohort }, nowMs)!;
            if (decision.kind === 'admit') admitted += 1;
            else refused[decision.code] = (refused[decision.code] ?? 0) + 1;
          }
        }
        expect({ admitted: together.admitted, refused: together.refused }).toEqual({ admitted, refused });
      }
      expect(counted.channels).toEqual(single.channels);
      expect(takeDoorReport(counted, () => 0)).toEqual(takeDoorReport(single, () => 0));
    }),
    { numRuns: 300 },
  );
});
