/**
 * What do the bank's codes mean in our words? One table per kind of order; docs/bank-protocol.md section 3 is the source.
 *
 * A code stands here only where the protocol lets that operation answer it. What is not here is unknown: a refusal that the bank's
 * own page does not explain is not a clear no.
 */
import type { DeclineReason } from '#domain';

export interface Refusal {
  readonly severity: 'hard' | 'soft';
  readonly reason: DeclineReason;
}

const hard = (reason: DeclineReason): Refusal => ({ severity: 'hard', reason });
const soft = (reason: DeclineReason): Refusal => ({ severity: 'soft', reason });

/** REJECT of a payment that the bank settled later: said by an inquiry or a notification. */
const SETTLED_PAYMENT: readonly (readonly [code: string, refusal: Refusal])[] = [
  ['05', hard('other')],
  ['14', hard('card_invalid')],
  ['17', hard('canceled_by_payer')],
  ['51', hard('insufficient_funds')],
  ['54', hard('card_invalid')],
  ['57', hard('not_permitted')],
  ['61', hard('card_limit')],
  // The payer left the page open too long, or the bank took it too late. Hard: minutes later nobody is charged elsewhere unasked.
  ['68', hard('expired')],
  ['91', soft('bank_unavailable')],
  ['96', soft('bank_unavailable')],
];

export const SETTLED_PAYMENT_REFUSALS: ReadonlyMap<string, Refusal> = new Map(SETTLED_PAYMENT);

/** REJECT in the answer of `pay`. 68 here means that the bank was too slow to take it in time: its trouble, not the payer's. */
export const PAYMENT_REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ...SETTLED_PAYMENT,
  ['68', soft('refused_late')],
]);

/** REJECT of a refund. */
export const REFUND_REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ['12', hard('not_permitted')],
  ['25', hard('not_permitted')],
  ['57', hard('not_permitted')],
  ['61', hard('not_permitted')],
  ['91', soft('bank_unavailable')],
  ['96', soft('bank_unavailable')],
]);

/** REJECT of a reversal: the bank will not undo it, and the payment stands as it was. */
export const REVERSAL_REFUSALS: ReadonlySet<string> = new Set(['12', '25', '57']);

/** Words that refuse *this message* at the door, with their codes and statuses. Nothing of it was taken or remembered. */
export interface DoorWord {
  readonly codes: readonly string[];
  readonly statuses: readonly number[];
  readonly reason: DeclineReason;
}

export const DOOR_WORDS: ReadonlyMap<string, DoorWord> = new Map([
  ['BUSY', { codes: ['N1'], statuses: [503], reason: 'bank_unavailable' }],
  ['CLOSED', { codes: ['90'], statuses: [503], reason: 'bank_unavailable' }],
  // Our message or our key is at fault. The payer cannot help that, and another channel may do: soft.
  ['INVALID', { codes: ['30'], statuses: [400, 404, 413], reason: 'other' }],
  ['DENIED', { codes: ['63'], statuses: [401], reason: 'not_permitted' }],
]);
