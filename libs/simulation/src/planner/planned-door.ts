// How do counts of payments ask to come in? Through the very door of the live service: by counts (admitCounts of libs/policy), which costs
// the same for a hundred and for a million, or one by one, which a property holds it to.
import { type ChannelId, type MerchantId, PAYER_COHORTS, TIER, type Tier } from '#domain';
import { admitCounts, decideAtDoor, type DoorForecast, type DoorState } from '#policy';

/** Payers stay as long as the channel's longest wait is worth offering; the plan knows no other patience. */
export interface CountedAsk {
  readonly channelId: ChannelId;
  readonly tier: Tier;
  readonly patienceMs: number;
}

export interface LetIn {
  readonly admitted: number;
  /** Of the first that was let in; null where none was, or nobody promised anything. */
  readonly forecast: DoorForecast | null;
}

/** Lets a moment's payments ask. @param counts by payers' cohort */
export type AskAtDoor = (door: DoorState, ask: CountedAsk, counts: readonly number[], nowMs: number) => LetIn;

/** Merchants of a plan ask as one: shares among them do not change what a channel can do. */
const EVERYBODY = 'everybody' as MerchantId;

export const askByCounts: AskAtDoor = (door, ask, counts, nowMs) => {
  const decision = admitCounts(door, { ...ask, merchantId: EVERYBODY, rotation: 0 }, counts, nowMs);
  return decision === null ? NOBODY : { admitted: decision.admitted, forecast: decision.first };
};

export const askOneByOne: AskAtDoor = (door, ask, counts, nowMs) => {
  let letIn = NOBODY;
  counts.forEach((count, cohort) => {
    for (let i = 0; i < count; i += 1) {
      const decision = decideAtDoor(door, { ...ask, merchantId: EVERYBODY, rotation: 0, cohort }, nowMs);
      if (decision?.kind !== 'admit') continue;
      letIn = { admitted: letIn.admitted + 1, forecast: letIn.forecast ?? decision.forecast };
    }
  });
  return letIn;
};

const NOBODY: LetIn = { admitted: 0, forecast: null };

/** A count over the cohorts, as even as whole numbers are; what is left goes to cohorts in turn, so that none is favoured. */
export function overCohorts(count: number, turn: number): number[] {
  const each = Math.floor(count / PAYER_COHORTS);
  const counts = new Array<number>(PAYER_COHORTS).fill(each);
  for (let left = count % PAYER_COHORTS; left > 0; left -= 1) {
    const cohort = (turn + left) % PAYER_COHORTS;
    counts[cohort] = each + 1;
  }
  return counts;
}

export const TIERS: readonly Tier[] = [TIER.paying, TIER.bulk];
