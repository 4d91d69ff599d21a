// What most systems have: no limit at all, or a number that somebody once set.
import type { BankCapacityConfig } from '../../bank-capacity-config';
import { OPEN_CEILING } from '../trial-script';
import type { TrialLimiter } from '../trial-limiter';

/** Everything that comes is sent, as far as the operator's ceiling lets it. */
export const NO_LIMIT: TrialLimiter<null> = {
  name: 'no control',
  create: () => null,
  step: () => ({ state: null, limit: OPEN_CEILING }),
};

/** Half more than the bank's slots: what a generous engineer sets who was told the truth on the day (flow-control.md §4). */
const OVER_SLOTS = 1.5;

/** A limit that was right once, first in first out. It knows the bank's slots, which nobody does, and never hears of a change. */
export function fixedLimit(bank: BankCapacityConfig): TrialLimiter<null> {
  const limit = Math.ceil(OVER_SLOTS * bank.slots);
  return { name: 'fixed limit + FIFO', create: () => null, step: () => ({ state: null, limit }) };
}
