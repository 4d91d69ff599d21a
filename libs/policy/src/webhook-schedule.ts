/**
 * What becomes of a delivery after one try: done, again later, or over.
 *
 * The plan is that of the Standard Webhooks specification (1.0): ten tries over 75 h 35 min 5 s, so that a receiver that breaks on a
 * Friday evening has heard everything on Monday evening. A redirect is a failure: followed, it would lead past the check of the address.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits between tries, ms: the first stands between the first try and the second. */
export const WEBHOOK_RETRY_PLAN_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** A receiver that comes back does not meet everything it missed in one second: each wait is off by up to a tenth. */
const JITTER = 0.1;
/** "Gone": the receiver says that it wants nothing more, ever. */
const GONE = 410;

/** Why there was no answer. `address_refused`: by our own guard, not a byte was sent. */
export type WebhookFailure = 'timeout' | 'connection_failed' | 'address_refused';

/** What one try met. */
export type WebhookAnswer =
  { readonly kind: 'answered'; readonly status: number } | { readonly kind: 'failed'; readonly reason: WebhookFailure };

export type WebhookVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly afterMs: number }
  /** `closesEndpoint`: the whole endpoint is to be disabled. */
  | { readonly kind: 'dead'; readonly closesEndpoint: boolean };

/**
 * @param tries how many tries there have been, this one included
 * @param random from 0 to 1
 */
export function judgeWebhookAnswer(answer: WebhookAnswer, tries: number, random: number): WebhookVerdict {
  if (answer.kind === 'answered') {
    if (answer.status >= 200 && answer.status < 300) return { kind: 'delivered' };
    if (answer.status === GONE) return { kind: 'dead', closesEndpoint: true };
  }
  const waitMs = WEBHOOK_RETRY_PLAN_MS[tries - 1];
  if (waitMs === undefined) return { kind: 'dead', closesEndpoint: false };
  return { kind: 'retry', afterMs: Math.round(waitMs * (1 - JITTER + 2 * JITTER * random)) };
}
