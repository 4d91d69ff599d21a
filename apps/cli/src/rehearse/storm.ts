/** Payers press again and again under one key: is anybody paid twice, does the bank notice, and is it over when the crowd is? */
import { atLeast, atMost, type Figure } from '../outcome';
import type { PayerOutcome } from './client-outcomes';
import { isOnTime } from './on-time';
import { ratio } from './statistics';

/** Fewer POSTs than this for each payer are no storm. */
const STORM_FROM = 2;
/** A bank that says busy is asked once more; of repeats under one key it must see none. */
const BANK_CALLS_MOST = 1.05;
/** Payers who come after the storm should not feel it: a storm that feeds itself outlives its cause. */
const CALM_LEAST = 0.99;

/**
 * @param outcomes of the crowd
 * @param bankCalls payments' calls that the bank has received of it; null: nobody knows
 * @param calmAgain name of the phase after the storm
 */
export function stormFigures(
  outcomes: readonly PayerOutcome[],
  bankCalls: number | null,
  calmAgain: string,
  onTimeMs: number,
): Figure[] {
  const posts = outcomes.reduce((sum, one) => sum + one.posts, 0);
  const accepted = outcomes.filter(({ acceptedMs }) => acceptedMs !== null).length;
  const underOneKey = outcomes.reduce((most, { payments }) => Math.max(most, payments.size), 0);
  const after = outcomes.filter(({ phase }) => phase === calmAgain);
  const onTime = after.filter((one) => isOnTime(one, onTimeMs)).length;
  return [
    atLeast('posts_per_payer', ratio(posts, outcomes.length), STORM_FROM, 'requests'),
    atMost('payments_under_one_key', outcomes.length === 0 ? null : underOneKey, 1, 'payments'),
    atMost('bank_calls_per_payment', bankCalls === null ? null : ratio(bankCalls, accepted), BANK_CALLS_MOST, 'calls'),
    atLeast('on_time_after_storm', ratio(onTime, after.length), CALM_LEAST, 'ratio'),
  ];
}
