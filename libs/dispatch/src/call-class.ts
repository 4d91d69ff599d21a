/**
 * What does the end of a call say about the bank's capacity? Money asks what became of the payment, and takes everything doubtful for
 * unknown; capacity asks whether the bank was at work, had too much, or was silent. So the same evidence is read a second time here.
 *
 *   worked       a result, or "we have it and are at it"         busy          it says that it has too much, or took it too late
 *   declined     a clear no: quick, and no fault of the bank's   dropped       our deadline, a reset, words that nobody understands
 *   unreachable  no byte left us, because nobody took it         ignored       no byte left us, because we would not send it
 */
import type { Evidence, UndoEvidence } from '#domain';
import type { CallClass } from '#policy';

/** Reasons of our own for which nothing was sent; any other `not_sent` is a line that is down. */
const OURS: ReadonlySet<string> = new Set(['guard_refused', 'too_late_to_send', 'pool_full', 'canceled']);
/** `unknown` for money, an answer for capacity: the bank has it and is at work. */
const AT_WORK: ReadonlySet<string> = new Set(['pending']);
/** An inquiry turned away at the bank's door. */
const TURNED_AWAY: ReadonlySet<string> = new Set(['inquiry_busy', 'inquiry_closed']);
/** Soft declines that are about the bank's load; the others are about our message. */
const OVERLOAD: ReadonlySet<string> = new Set(['bank_unavailable', 'refused_late']);

export function callClassOf(evidence: Evidence | UndoEvidence): CallClass {
  switch (evidence.class) {
    case 'succeeded':
    case 'action_required':
    case 'not_found':
    case 'acknowledged':
    case 'refused':
      return 'worked';
    case 'declined':
      return evidence.severity === 'soft' && OVERLOAD.has(evidence.reason) ? 'busy' : 'declined';
    case 'not_sent':
      return OURS.has(evidence.reason) ? 'ignored' : 'unreachable';
    case 'unknown':
      if (AT_WORK.has(evidence.reason)) return 'worked';
      return TURNED_AWAY.has(evidence.reason) ? 'busy' : 'dropped';
  }
}
