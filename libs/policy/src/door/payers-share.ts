/**
 * Which payers are let in while not all can be? Of each merchant a share, and always the same payers: those whose cohort stands low. Who
 * stands low changes by the hour, and from channel to channel, so that nobody is left out for a day or by all.
 */
import { PAYER_COHORTS } from '#domain';
import type { DoorAsk } from './door-words';
import { type DoorChannel, exact } from './door';

/** 37 has no factor in common with 128: every cohort comes to every place. */
const ROTATION_STEP = 37;
const HOUR_MS = 3_600_000;

/** Which hour it is: the rotation of payers' cohorts. @param epochMs wall clock */
export function cohortRotation(epochMs: number): number {
  return Math.floor(epochMs / HOUR_MS);
}

/** The share of this payer's merchant and tier that is let in. */
export function shareOf({ plan }: DoorChannel, { merchantId, tier }: Pick<DoorAsk, 'merchantId' | 'tier'>): number {
  const { merchants, share } = plan.tiers[tier];
  return merchants[merchantId] ?? share;
}

/** Where a payer's cohort stands now, 0 to PAYER_COHORTS − 1: other places on other channels, so that nobody is turned away by all. */
export function placeOf({ channelId, cohort, rotation }: Pick<DoorAsk, 'channelId' | 'cohort' | 'rotation'>): number {
  let place = cohort + rotation * ROTATION_STEP;
  for (let i = 0; i < channelId.length; i += 1) place += channelId.charCodeAt(i) * (i + 1);
  return place % PAYER_COHORTS;
}

/** The part of a cohort's payments that is let in. In 1024ths: sums of them are exact, so a thousand at once are as a thousand singly. */
export function partLetIn(share: number, place: number): number {
  return exact(Math.min(1, Math.max(0, share * PAYER_COHORTS - place)));
}
