/**
 * What does a behaviour do, step by step? `magic-instruments.ts` of #simulation says it to people; this table says it to the code.
 * Keeping the effects as data means that the operations have one path, not forty.
 */
import type { BehaviourName } from '#simulation';

/** How a finished answer leaves the house. */
export type Delivery =
  | 'plain'
  | 'reset'
  | 'silence'
  | 'drip'
  | 'garbage'
  | 'huge'
  | 'http_500'
  | 'http_502'
  | 'bad_signature'
  | 'unknown_word'
  | 'foreign_reference';

/** Which notifications follow a charge that was already answered, or precede it. */
export type NotifyPlan = 'early' | 'duplicate' | 'late' | 'out_of_order' | 'contradicting' | 'after_1s';

export interface Fate {
  /** Refused with this code instead of booked. */
  readonly reject?: string;
  /** Always BUSY. */
  readonly busy?: true;
  /** Lost on its first arrival, before anything was taken. */
  readonly firstArrival?: 'silence' | 'reset' | 'http_502';
  /** Decided only after `late_ms`: known as PENDING meanwhile, or `hidden` (nothing said, not found). */
  readonly later?: 'pending' | 'hidden';
  /** Adds `slow_ms` before the answer. */
  readonly slow?: true;
  /** Booked otherwise than asked. */
  readonly wrong?: 'amount' | 'currency';
  readonly delivery?: Delivery;
  readonly notify?: NotifyPlan;
  /** A simulated payer presses this button on the gateway page. */
  readonly payer?: 'pay' | 'cancel';
  readonly refund?: 'reject' | 'pending' | 'lost_answer';
  readonly reversal?: 'reject' | 'busy';
}

export const FATES: Readonly<Record<BehaviourName, Fate>> = {
  ok: {},
  insufficient_funds: { reject: '51' },
  do_not_honour: { reject: '05' },
  card_limit: { reject: '61' },
  expired_card: { reject: '54' },
  invalid: { reject: '14' },
  issuer_down: { reject: '91' },
  malfunction: { reject: '96' },
  busy: { busy: true },
  slow: { slow: true },
  pending: { later: 'pending' },
  pending_reject: { later: 'pending', reject: '05' },
  late_success: { later: 'hidden' },
  lost_answer: { delivery: 'reset' },
  lost_answer_notified: { delivery: 'reset', notify: 'after_1s' },
  half_open: { delivery: 'silence' },
  lost_request: { firstArrival: 'silence' },
  reset: { firstArrival: 'reset' },
  drip: { delivery: 'drip' },
  garbage: { delivery: 'garbage' },
  huge: { delivery: 'huge' },
  http_500: { delivery: 'http_500' },
  http_502: { firstArrival: 'http_502' },
  bad_signature: { delivery: 'bad_signature' },
  unknown_word: { delivery: 'unknown_word' },
  wrong_amount: { wrong: 'amount' },
  wrong_currency: { wrong: 'currency' },
  foreign_reference: { delivery: 'foreign_reference' },
  early_notification: { notify: 'early' },
  duplicate_notification: { notify: 'duplicate' },
  late_notification: { notify: 'late' },
  out_of_order_notification: { notify: 'out_of_order' },
  contradicting_notification: { notify: 'contradicting' },
  auto_pay: { payer: 'pay' },
  auto_cancel: { payer: 'cancel' },
  refund_reject: { refund: 'reject' },
  refund_pending: { refund: 'pending' },
  refund_lost_answer: { refund: 'lost_answer' },
  reversal_reject: { delivery: 'reset', reversal: 'reject' },
  reversal_busy: { delivery: 'reset', reversal: 'busy' },
};

const INSTRUMENT = /^tok_([a-z]+)_([a-z]+)_([a-z0-9_]+?)(?:-[A-Za-z0-9]{1,32})?$/;

/** The behaviour an instrument asks for on this channel; null if it is not an instrument of the channel (REJECT 14). */
export function behaviourOf(instrument: string, channel: string): BehaviourName | null {
  const parts = INSTRUMENT.exec(instrument);
  if (parts === null || `${parts[1]}.${parts[2]}` !== channel) return null;
  const name = parts[3] as string;
  return Object.hasOwn(FATES, name) ? (name as BehaviourName) : null;
}
