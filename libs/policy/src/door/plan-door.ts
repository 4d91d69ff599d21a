/**
 * Who is let in while more ask than can be served?
 *
 * The queue is bounded by time, and kept at a part of that bound while payers are turned away: empty, the bank would idle whenever chance
 * brings few; full, payments would expire. What is let in is what leaves, and a little more or less as the queue is below or above its
 * mark (a proportional controller; the queue itself integrates, so nothing is left over):
 *
 *   let in = drain + (mark − waiting) / τ        τ = 1.25 s against a delay of .4 s: no oscillation below a gain of 1/e per delay
 *
 *            0        .15      .25                      .7       .9      1 × longest wait
 *            ├─────────┼────────┼────────────────────────┼────────┼───────┤
 *                    bulk's   bulk's                  paying    admissions of all doors
 *                     mark    longest                  mark     may fill it to here before the next word
 *
 * Paying customers come first: bulk gets what they leave, and only while the queue is short. Inside a tier, merchants share max-min
 * fairly; of each merchant's payers a stable share is let in, the same ones through a whole checkout.
 */
import { type MerchantId, TIER, type Tier } from '#domain';
import { type DoorPlan, OTHER_MERCHANTS, type TierPlan, UNHEARD_DOOR } from '../flow/words';
import { type TierDemand, crowding } from './demand';
import { fairLevel } from './fair-share';
import { OFFER_ANSWER_MS } from './headroom';
import { partsOf, splitBudget } from './split-budget';

/** The queue's mark while paying customers are turned away, of the longest wait. */
const PAYING_MARK = 0.7;
/** Bulk's longest wait and mark: what it fills is in the way of those who come next. */
const BULK_LONGEST = 0.25;
const BULK_MARK = 0.15;
/** Admissions may fill the queue so far before they are counted: under what expires at dequeue. */
const FULL = 0.9;
const TAU_S = 1.25;
/** Merchants named in one tier of one channel: a heavy one costs a line in every door's snapshot. */
const NAMED = 32;
/** A share that differs less from the others' is not worth a name. */
const WORTH_NAMING = 0.02;

export interface DoorFacts {
  /** Something may come in, by operator and breaker. */
  readonly admits: boolean;
  readonly drainPerSecond: number;
  readonly waiting: number;
  /** Calls that could start at once. */
  readonly freeSlots: number;
  readonly longestWaitMs: number;
  readonly demand: Readonly<Record<Tier, TierDemand>>;
  /** What the channel could take beyond what it has, before open offers. */
  readonly headroomPerSecond: number;
  /** Doors that were heard of, in any order. */
  readonly doors: readonly DoorUse[];
}

export interface DoorUse {
  readonly doorId: string;
  readonly offeredPerSecond: number;
  /** Payments its open offers may still bring. */
  readonly reserved: number;
}

export function planDoors(facts: DoorFacts): Readonly<Record<string, DoorPlan>> {
  const { admits, doors, drainPerSecond, freeSlots, headroomPerSecond, longestWaitMs, waiting } = facts;
  const tiers = planTiers(facts);
  const longest = (drainPerSecond * longestWaitMs) / 1_000;
  // Each door can let at least one in while nothing waits, however slow the bank.
  const least = admits && waiting === 0 ? doors.length + 1 : 0;
  const roomUpTo = (mark: number): number =>
    admits ? Math.max(least, Math.floor(freeSlots + mark * longest - waiting)) : 0;
  const offers = Math.floor((headroomPerSecond * OFFER_ANSWER_MS) / 1_000);
  const reserved = doors.reduce((sum, door) => sum + door.reserved, 0);
  // A door that nobody has heard of yet gets a door's part too.
  const all = [...doors, { doorId: UNHEARD_DOOR, offeredPerSecond: 0, reserved: 0 }];
  const parts = partsOf(all.map(({ offeredPerSecond }) => offeredPerSecond));
  const budgets = splitBudget(roomUpTo(FULL), parts);
  const bulkBudgets = splitBudget(roomUpTo(BULK_LONGEST), parts);
  const offerBudgets = splitBudget(Math.max(0, Math.floor(offers - reserved)), parts);
  return Object.fromEntries(
    all.map(({ doorId }, place): [string, DoorPlan] => [
      doorId,
      {
        tiers,
        budget: budgets[place]!,
        bulkBudget: bulkBudgets[place]!,
        ratePerSecond: admits ? drainPerSecond * parts[place]! : 0,
        // What it has promised already, and its part of what nobody was promised: an offer is not forgotten before it is counted.
        offerBudget: all[place]!.reserved + offerBudgets[place]!,
      },
    ]),
  );
}

function planTiers(facts: DoorFacts): Readonly<Record<Tier, TierPlan>> {
  const { admits, demand, drainPerSecond, longestWaitMs, waiting } = facts;
  const paying = demand[TIER.paying];
  const bulk = demand[TIER.bulk];
  const longest = (drainPerSecond * longestWaitMs) / 1_000;
  const letIn = (mark: number): number =>
    admits ? Math.max(0, drainPerSecond + (mark * longest - waiting) / TAU_S) : 0;
  const forPaying = letIn(PAYING_MARK);
  const forBulk = letIn(BULK_MARK) - Math.min(paying.perSecond, forPaying);
  return {
    [TIER.paying]: { ...shareAmong(paying, forPaying * crowding(paying)), longestWaitMs },
    [TIER.bulk]: {
      ...shareAmong(bulk, Math.max(0, forBulk) * crowding(bulk)),
      longestWaitMs: BULK_LONGEST * longestWaitMs,
    },
  };
}

/** The share of its payers each merchant gets in when `capacity` payments a second can be let in. */
function shareAmong(demand: TierDemand, capacity: number): Pick<TierPlan, 'share' | 'merchants'> {
  const { merchants, othersPerSecond, perSecond } = demand;
  // Nobody asks: whoever comes is let in where anybody could be. The budget bounds what that can do.
  if (perSecond <= capacity || perSecond <= 0) return { share: capacity > 0 ? 1 : 0, merchants: {} };
  const slow = merchants.reduce((sum, one) => sum + one.perSecond, othersPerSecond);
  if (slow <= 0) return { share: capacity / perSecond, merchants: {} };
  // The sum is the quick one's, the parts are the slow ones'.
  const scale = perSecond / slow;
  const wants = merchants.map((one) => ({ wanted: one.perSecond * scale }));
  const smallest = wants.at(-1)?.wanted ?? othersPerSecond * scale;
  const others = { wanted: smallest, count: smallest > 0 ? (othersPerSecond * scale) / smallest : 0 };
  const level = fairLevel(capacity, [...wants, others]);
  const shares = wants.map(({ wanted }) => Math.min(1, level / wanted));
  const shareOfOthers = smallest > 0 ? Math.min(1, level / smallest) : 1;
  return nameMerchants(demand, shares, shareOfOthers);
}

/** The heaviest are named with their own share; all others together get what theirs would be on average. */
function nameMerchants(
  { merchants, othersPerSecond }: TierDemand,
  shares: readonly number[],
  shareOfOthers: number,
): Pick<TierPlan, 'share' | 'merchants'> {
  const rest = merchants.slice(NAMED).map(({ perSecond }, place) => ({ perSecond, share: shares[NAMED + place]! }));
  rest.push({ perSecond: othersPerSecond, share: shareOfOthers });
  const asked = rest.reduce((sum, { perSecond }) => sum + perSecond, 0);
  // Without anybody unnamed, a newcomer is treated as the smallest of the named.
  const share =
    asked > 0
      ? rest.reduce((sum, one) => sum + one.perSecond * one.share, 0) / asked
      : (shares[Math.min(NAMED, shares.length) - 1] ?? shareOfOthers);
  const named = merchants
    .slice(0, NAMED)
    .map(({ merchantId }, place): [MerchantId, number] => [merchantId, shares[place]!])
    .filter(([merchantId, own]) => merchantId !== OTHER_MERCHANTS && Math.abs(own - share) > WORTH_NAMING * share);
  return { share, merchants: Object.fromEntries(named) };
}
