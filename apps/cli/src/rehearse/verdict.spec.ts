import type { AuditReport } from '#audit';
import { judge, type Rehearsed } from './verdict';

const profile = {
  what: '',
  payments: 10,
  rate_per_second: 1,
  payers_ready: 1,
  payers_max: 1,
  follow_seconds: 1,
  stages: { scale: 1, rate_max: 1, seconds_max: 1 },
};
const audit = (byRule: Record<string, number> = {}): AuditReport => ({
  ok: Object.keys(byRule).length === 0,
  verdicts: [],
  examples: [],
  byRule,
  payments: 10,
  byState: {},
  byStanding: { final: 10, waits_for_payer: 0, waits_for_person: 0, bank_down: 0, late: 0 },
  ledgerLines: 10,
  clientRequests: 20,
  deliveries: null,
  auditHead: null,
});
const counters = (change: Record<string, number> = {}) =>
  Object.fromEntries(
    Object.entries({ payments_posted: 10, payments_accepted: 10, payments_succeeded: 10, ...change }).map(
      ([name, count]) => [name, { values: { count } }],
    ),
  );
const rehearsed = (change: Partial<Rehearsed> = {}): Rehearsed => ({
  profile,
  generated: { exitCode: 0, complaints: '', metrics: counters() },
  faults: [],
  audit: audit(),
  auditFailure: null,
  flow: null,
  goals: {},
  ...change,
});
const withMetrics = (change: Record<string, number>): Rehearsed =>
  rehearsed({ generated: { exitCode: 0, complaints: '', metrics: counters(change) } });

describe('the verdict of a rehearsal', () => {
  it('passes when every payment was posted, accepted and ended, and the books agree', () => {
    expect(judge(rehearsed())).toMatchObject({ word: 'passed', reasons: [] });
  });

  it('is void when arrivals were dropped: then the load was not what it says', () => {
    expect(judge(withMetrics({ dropped_iterations: 3, payments_posted: 7, payments_accepted: 7 }))).toMatchObject({
      word: 'void',
      reasons: [expect.stringMatching(/^3 arrivals were dropped/)],
    });
  });

  it('is void when a fault that was asked for did not happen', () => {
    const faults = [{ name: 'kill-worker' as const, atS: 8, happened: false, seen: 'no such process' }];
    expect(judge(rehearsed({ faults }))).toMatchObject({
      word: 'void',
      reasons: ['kill-worker did not happen: no such process'],
    });
  });

  it('fails, and does not call it void, when money is wrong as well', () => {
    const verdict = judge({ ...withMetrics({ dropped_iterations: 3 }), audit: audit({ charged_twice: 1 }) });
    expect(verdict.word).toBe('failed');
    expect(verdict.reasons[0]).toBe('the audit found 1 charged_twice');
    expect(verdict.figures).toContainEqual(expect.objectContaining({ name: 'charged_twice', value: 1, met: false }));
  });

  it('counts a payment that was posted and of which nothing was heard since as not final', () => {
    expect(judge(withMetrics({ payments_accepted: 9 }))).toMatchObject({
      word: 'failed',
      reasons: ['accepted 9 (goal >= 10)', 'not_final 1 (goal <= 0)'],
    });
  });

  it('fails without an audit, whatever the load looked like', () => {
    expect(judge(rehearsed({ audit: null, auditFailure: 'the bank is gone' }))).toMatchObject({
      word: 'failed',
      reasons: ['no audit: the bank is gone'],
    });
  });

  it('lets a bank refuse payers in a rehearsal of congestion, and fails where a figure of the flow does', () => {
    const refused = withMetrics({ payments_accepted: 4, payments_not_accepted: 6 });
    const goodput = (value: number) => [
      { name: 'goodput_2x', value, unit: 'ratio', goal: '>= 0.9', met: value >= 0.9 },
    ];
    expect(judge({ ...refused, flow: goodput(0.93) })).toMatchObject({ word: 'passed', reasons: [] });
    expect(judge({ ...refused, flow: goodput(0.5) })).toMatchObject({
      word: 'failed',
      reasons: ['goodput_2x 0.5 (goal >= 0.9)'],
    });
    const dropped = withMetrics({ dropped_iterations: 3, payments_accepted: 4, payments_not_accepted: 6 });
    expect(judge({ ...dropped, flow: goodput(0.5) })).toMatchObject({ word: 'void' });
  });

  it('fails where a goal of the stage is not met, or was not measured', () => {
    expect(judge(rehearsed({ goals: { expired: '<= 0' } }))).toMatchObject({ word: 'passed' });
    expect(judge(rehearsed({ goals: { succeeded: '>= 11', moved_then_failed: '<= 0.01' } }))).toMatchObject({
      word: 'failed',
      reasons: ['succeeded 10 (goal >= 11)', 'moved_then_failed not measured (goal <= 0.01)'],
    });
  });

  it('is void when k6 broke off, and shows no figure as met that it does not have', () => {
    const verdict = judge(rehearsed({ generated: { exitCode: 107, complaints: 'script error', metrics: null } }));
    expect(verdict).toMatchObject({ word: 'void', reasons: ['k6 ended with 107: script error'] });
    expect(verdict.figures.find(({ name }) => name === 'payments_posted')).toMatchObject({ value: null, met: false });
  });
});
