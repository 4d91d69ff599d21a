/**
 * I4: a payment's events are numbered 1, 2, 3 … up to its version, each move is in the table of legal moves, and the last event says
 * what the head says. Its attempts are numbered without a gap and at most one of them is open.
 */
import { isOpenAttempt, mayMove } from '#domain';
import type { Dossier } from './books';
import { type Breach, named } from './invariant';

export function legalHistory({ payment, attempts, events }: Dossier): Breach[] {
  const { head } = payment;
  const breaches: Breach[] = [];
  const breach = (rule: string, evidence: Record<string, unknown>): void => {
    breaches.push({ invariant: 'I4', rule, evidence: { ...named(payment), ...evidence } });
  };
  if (head === null) {
    breach('payment_without_head', {});
    return breaches;
  }
  events.forEach((event, index) => {
    if (event.version !== index + 1)
      breach('history_gap', { expected_version: index + 1, found_version: event.version });
    const before = events[index - 1];
    if (before === undefined) {
      if (event.state !== 'queued') breach('illegal_move', { from: null, to: event.state, version: event.version });
    } else if (!mayMove(before.state, event.state)) {
      breach('illegal_move', { from: before.state, to: event.state, version: event.version });
    }
  });
  const last = events.at(-1);
  if (last?.version !== head.version || last.state !== head.state) {
    breach('head_is_not_last_event', {
      head: { state: head.state, version: head.version },
      event: last === undefined ? null : { state: last.state, version: last.version },
    });
  }
  attempts.forEach((attempt, index) => {
    if (attempt.leg !== index + 1) breach('leg_gap', { expected_leg: index + 1, found_leg: attempt.leg });
  });
  const open = attempts.filter((attempt) => isOpenAttempt(attempt.state));
  if (open.length > 1) breach('two_open_attempts', { legs: open.map((attempt) => attempt.leg) });
  return breaches;
}
