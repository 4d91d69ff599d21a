/** Who goes first when a channel is short: lower is sooner. Inquiries and reversals have a lane of their own above all tiers. */
export const TIER = { paying: 1, bulk: 2 } as const;
export type Tier = (typeof TIER)[keyof typeof TIER];

/** Payers are put in stable cohorts, so that the same payer stays admitted through a whole checkout (DAGOR, SoCC'18). */
export const PAYER_COHORTS = 128;

/** Payments are divided in shards by hash(merchant, order number); a site owns shards, one epoch at a time. */
export const SHARDS = 64;
