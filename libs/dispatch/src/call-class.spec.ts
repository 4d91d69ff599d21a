import type { BankReference, Evidence, UndoEvidence } from '#domain';
import { callClassOf } from './call-class';

const decline = (
  severity: 'hard' | 'soft',
  reason: 'insufficient_funds' | 'bank_unavailable' | 'refused_late' | 'other',
) => ({ class: 'declined', severity, reason, bankCode: '', bankMessage: '', reference: '' as BankReference }) as const;

describe('what the end of a call says about the bank’s capacity', () => {
  it.each<[Evidence | UndoEvidence, string]>([
    [{ class: 'not_found' }, 'worked'],
    [{ class: 'unknown', reason: 'pending' }, 'worked'],
    [{ class: 'refused', bankCode: '12', bankMessage: '' }, 'worked'],
    [decline('hard', 'insufficient_funds'), 'declined'],
    [decline('soft', 'other'), 'declined'],
    [decline('soft', 'bank_unavailable'), 'busy'],
    [decline('soft', 'refused_late'), 'busy'],
    [{ class: 'unknown', reason: 'inquiry_busy' }, 'busy'],
    [{ class: 'unknown', reason: 'deadline' }, 'dropped'],
    [{ class: 'unknown', reason: 'word_WHATEVER_77' }, 'dropped'],
    [{ class: 'not_sent', reason: 'connect_failed' }, 'unreachable'],
    [{ class: 'not_sent', reason: 'guard_refused' }, 'ignored'],
    [{ class: 'not_sent', reason: 'pool_full' }, 'ignored'],
    [{ class: 'not_sent', reason: 'too_late_to_send' }, 'ignored'],
  ])('%j: %s', (evidence, expected) => {
    expect(callClassOf(evidence)).toBe(expected);
  });
});
