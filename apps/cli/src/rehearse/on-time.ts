/** Was a payer paid in time? The one question that every figure of the flow comes down to. */
import type { PayerOutcome } from './client-outcomes';

/** @param onTimeMs from the first POST until the payer knew */
export function isOnTime(
  { endMs, postedMs, state }: Pick<PayerOutcome, 'endMs' | 'postedMs' | 'state'>,
  onTimeMs: number,
): boolean {
  return state === 'succeeded' && endMs !== null && endMs - postedMs <= onTimeMs;
}
