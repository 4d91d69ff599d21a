import * as fc from 'fast-check';
import { type MerchantId, TIER } from '#domain';
import { UNHEARD_DOOR } from '../flow/words';
import { NO_DEMAND, type TierDemand } from './demand';
import { type DoorFacts, planDoors } from './plan-door';

const LONGEST_MS = 2_000;

/** Merchants with these rates, the largest first as the demand keeps them. */
function demandOf(rates: readonly number[], othersPerSecond = 0): TierDemand {
  const sorted = [...rates].sort((a, b) => b - a);
  const merchants = sorted.map((perSecond, place) => ({ merchantId: `m_${place}` as MerchantId, perSecond }));
  const perSecond = sorted.reduce((sum, rate) => sum + rate, othersPerSecond);
  return { ...NO_DEMAND, perSecond, merchants, othersPerSecond };
}

function factsOf(changes: Partial<DoorFacts> = {}): DoorFacts {
  return {
    admits: true,
    drainPerSecond: 100,
    waiting: 0,
    freeSlots: 0,
    longestWaitMs: LONGEST_MS,
    demand: { [TIER.paying]: NO_DEMAND, [TIER.bulk]: NO_DEMAND },
    headroomPerSecond: 0,
    doors: [{ doorId: 'a', offeredPerSecond: 1, reserved: 0 }],
    ...changes,
  };
}
const tiersOf = (facts: DoorFacts) => planDoors(facts)['a']!.tiers;
const paying = (demand: TierDemand) => ({ [TIER.paying]: demand, [TIER.bulk]: NO_DEMAND });

const rate = fc.double({ min: 0.1, max: 2_000, noNaN: true });
const aDemand = fc
  .tuple(fc.array(rate, { maxLength: 64 }), fc.double({ min: 0, max: 500, noNaN: true }))
  .map(([rates, others]) => demandOf(rates, others));
const someFacts = fc.record({
  drainPerSecond: fc.double({ min: 0.1, max: 5_000, noNaN: true }),
  waiting: fc.integer({ min: 0, max: 20_000 }),
  freeSlots: fc.integer({ min: 0, max: 500 }),
  headroomPerSecond: fc.double({ min: 0, max: 500, noNaN: true }),
  demand: fc.tuple(aDemand, aDemand).map(([one, two]) => ({ [TIER.paying]: one, [TIER.bulk]: two })),
  doors: fc
    .array(
      fc.record({
        offeredPerSecond: fc.double({ min: 0, max: 5_000, noNaN: true }),
        reserved: fc.double({ min: 0, max: 50, noNaN: true }),
      }),
      { maxLength: 8 },
    )
    .map((doors) => doors.map((door, place) => ({ ...door, doorId: `door-${place}` }))),
});

/** What would come in a second if the shares were met exactly. */
function letIn(
  { merchants, othersPerSecond }: TierDemand,
  plan: { share: number; merchants: Record<string, number> },
): number {
  const share = (merchantId: string): number => plan.merchants[merchantId] ?? plan.share;
  return merchants.reduce((sum, one) => sum + one.perSecond * share(one.merchantId), othersPerSecond * plan.share);
}

describe('what the doors may let in', () => {
  it('all budgets together fill the queue up to its bound and no further, whatever the doors do', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const facts = factsOf(some);
        const plans = Object.values(planDoors(facts));
        const whole = plans.reduce((sum, { budget }) => sum + budget, 0);
        const room = facts.freeSlots + (facts.drainPerSecond * LONGEST_MS) / 1_000 - facts.waiting;
        expect(whole).toBeLessThanOrEqual(Math.max(room, facts.waiting === 0 ? plans.length : 0));
        for (const { budget } of plans) expect(Number.isInteger(budget) && budget >= 0).toBe(true);
        const bulk = plans.reduce((sum, { bulkBudget }) => sum + bulkBudget, 0);
        const short = facts.freeSlots + (0.25 * facts.drainPerSecond * LONGEST_MS) / 1_000 - facts.waiting;
        expect(bulk).toBeLessThanOrEqual(Math.max(short, facts.waiting === 0 ? plans.length : 0));
        const rates = plans.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
        expect(rates).toBeCloseTo(facts.drainPerSecond, 6);
      }),
    );
  });

  it('offers of all doors together are no more than the headroom of the time that payers take to answer', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const facts = factsOf(some);
        const reserved = facts.doors.reduce((sum, door) => sum + door.reserved, 0);
        const offers = Object.values(planDoors(facts)).reduce((sum, { offerBudget }) => sum + offerBudget, 0);
        expect(offers).toBeLessThanOrEqual(Math.max(reserved, 5 * facts.headroomPerSecond) + 1e-6);
      }),
    );
  });

  it('a door that nobody has heard of yet has a part too, and a closed channel gives nobody any', () => {
    const open = planDoors(factsOf());
    expect(open[UNHEARD_DOOR]!.budget).toBeGreaterThan(0);
    const closed = planDoors(factsOf({ admits: false, demand: paying(demandOf([10])) }));
    for (const { budget, ratePerSecond, tiers } of Object.values(closed)) {
      expect([budget, ratePerSecond, tiers[TIER.paying].share]).toEqual([0, 0, 0]);
    }
  });
});

describe('the shares of a tier', () => {
  it('let everybody in while all can be served', () => {
    expect(tiersOf(factsOf({ demand: paying(demandOf([60, 39])) }))[TIER.paying]).toMatchObject({
      share: 1,
      merchants: {},
    });
  });

  it('let in what drains, and more or less as the queue is below or above its mark', () => {
    const demand = demandOf([400, 300, 200, 100]);
    const at = (waiting: number): number =>
      letIn(demand, tiersOf(factsOf({ waiting, demand: paying(demand) }))[TIER.paying]);
    expect(at(140)).toBeCloseTo(100, 0);
    expect(at(100)).toBeGreaterThan(at(140));
    expect(at(180)).toBeLessThan(at(140));
    expect(at(300)).toBe(0);
  });

  it('only fall when more is waiting, and only rise when more drains', () => {
    fc.assert(
      fc.property(someFacts, fc.integer({ min: 0, max: 500 }), (some, more) => {
        const facts = factsOf({ ...some, doors: factsOf().doors });
        const demand = facts.demand[TIER.paying];
        const now = letIn(demand, tiersOf(facts)[TIER.paying]);
        const fuller = letIn(demand, tiersOf({ ...facts, waiting: facts.waiting + more })[TIER.paying]);
        const quicker = letIn(demand, tiersOf({ ...facts, drainPerSecond: facts.drainPerSecond * 1.5 })[TIER.paying]);
        expect(fuller).toBeLessThanOrEqual(now + 0.05 * now + 1e-6);
        expect(quicker).toBeGreaterThanOrEqual(now - 0.05 * now - 1e-6);
      }),
    );
  });

  it('give merchants their max-min fair part: Jain’s index stays above .95 however unequal they are', () => {
    fc.assert(
      fc.property(
        fc.array(rate, { minLength: 2, maxLength: 60 }),
        fc.double({ min: 1, max: 500, noNaN: true }),
        (rates, drain) => {
          const demand = demandOf(rates);
          const plan = tiersOf(factsOf({ drainPerSecond: drain, waiting: 1.4 * drain, demand: paying(demand) }))[
            TIER.paying
          ];
          const got = demand.merchants.map(
            ({ merchantId, perSecond }) => perSecond * (plan.merchants[merchantId] ?? plan.share),
          );
          const served = got.reduce((sum, one) => sum + one, 0);
          const fair = maxMin(
            demand.merchants.map(({ perSecond }) => perSecond),
            served,
          );
          const parts = got.map((one, place) => one / fair[place]!);
          const sum = parts.reduce((total, part) => total + part, 0);
          const jain = (sum * sum) / (parts.length * parts.reduce((total, part) => total + part * part, 0));
          expect(jain).toBeGreaterThan(0.95);
          expect(Object.keys(plan.merchants).length).toBeLessThanOrEqual(32);
        },
      ),
    );
  });

  it('give paying customers all they ask for before bulk gets anything', () => {
    fc.assert(
      fc.property(someFacts, (some) => {
        const facts = factsOf({ ...some, doors: factsOf().doors });
        const tiers = tiersOf(facts);
        const payingIn = letIn(facts.demand[TIER.paying], tiers[TIER.paying]);
        const bulkIn = letIn(facts.demand[TIER.bulk], tiers[TIER.bulk]);
        const turnedAway = payingIn < facts.demand[TIER.paying].perSecond * 0.99;
        if (turnedAway) expect(bulkIn).toBeLessThanOrEqual(1e-6);
        expect(tiers[TIER.bulk].longestWaitMs).toBeLessThan(tiers[TIER.paying].longestWaitMs);
      }),
    );
  });

  it('grow where those who ask are mostly those who were turned away before', () => {
    const demand = demandOf([1_000]);
    const even = tiersOf(factsOf({ waiting: 140, demand: paying(demand) }))[TIER.paying].share;
    const crowded = { ...demand, expected: 100, within: 25 };
    const more = tiersOf(factsOf({ waiting: 140, demand: paying(crowded) }))[TIER.paying].share;
    expect(more).toBeCloseTo(4 * even, 6);
  });
});

/** By its definition, slowly: fills everybody drop by drop. */
function maxMin(demands: readonly number[], total: number): number[] {
  const parts = demands.map(() => 0);
  let left = total;
  const order = demands.map((_, place) => place).sort((a, b) => demands[a]! - demands[b]!);
  for (const [done, place] of order.entries()) {
    parts[place] = Math.min(demands[place]!, left / (order.length - done));
    left -= parts[place];
  }
  return parts;
}
