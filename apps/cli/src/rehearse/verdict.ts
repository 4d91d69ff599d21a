/**
 * What came out of a rehearsal, as figures and one line. Void (it proves nothing): arrivals were dropped, a fault did not happen,
 * or the generator failed. Failed: it ran as planned and something is wrong.
 */
import type { AuditReport } from '#audit';
import { brokenRules } from '../audit/present';
import { atLeast, atMost, described, type Figure } from '../outcome';
import type { FaultReport } from './faults';
import type { Generated } from './generator';
import { withGoals } from './goals';
import type { Profile } from './profile';
import { type Words, words } from './report/words';

export interface Rehearsed {
  readonly profile: Profile;
  readonly generated: Generated;
  readonly faults: readonly FaultReport[];
  /** Null: it could not be made; `auditFailure` says why. */
  readonly audit: AuditReport | null;
  readonly auditFailure: string | null;
  /** What a rehearsal of congestion measured; there a refusal is an answer, and not everybody is let in. Null: everybody should be. */
  readonly flow: readonly Figure[] | null;
  /** Of figures, by name; in place of what they have. */
  readonly goals: Readonly<Record<string, string>>;
}

export interface RehearsalVerdict {
  readonly word: 'passed' | 'failed' | 'void';
  /** Why it is void or failed; empty if it passed. */
  readonly reasons: readonly string[];
  /** The same in both languages. */
  readonly said: readonly Words[];
  readonly figures: readonly Figure[];
}

export function judge({ profile, generated, faults, audit, auditFailure, flow, goals }: Rehearsed): RehearsalVerdict {
  const { metrics } = generated;
  const value = (metric: string, of: string): number | null => metrics?.[metric]?.values?.[of] ?? null;
  const count = (metric: string): number => value(metric, 'count') ?? 0;
  const duration = (metric: string, of: string): number | null => {
    const ms = value(metric, of);
    return ms === null ? null : Math.round(ms * 10) / 10;
  };
  const breaches = (rule: string): number | null => (audit === null ? null : (audit.byRule[rule] ?? 0));
  const dropped = count('dropped_iterations');
  const posted = metrics === null ? null : count('payments_posted');
  const notFinal =
    metrics === null
      ? null
      : count('payments_not_final') + (posted ?? 0) - count('payments_accepted') - count('payments_not_accepted');

  const acceptedCount = metrics === null ? null : count('payments_accepted');
  const found: Figure[] = [
    ...(flow === null
      ? [
          atLeast('payments_posted', posted, profile.payments, 'payments'),
          atLeast('accepted', acceptedCount, posted ?? profile.payments, 'payments'),
        ]
      : [
          // Arrivals at the seam of two phases may round to one more or less; those that had no payer are dropped_iterations.
          atLeast('payments_posted', posted, Math.floor(profile.payments * 0.99), 'payments'),
          atLeast('accepted', acceptedCount, 1, 'payments'),
          ...flow,
        ]),
    described('succeeded', count('payments_succeeded'), 'payments'),
    described('failed', count('payments_failed'), 'payments'),
    described('canceled', count('payments_canceled'), 'payments'),
    described('expired', count('payments_expired'), 'payments'),
    atMost('not_final', notFinal, 0, 'payments'),
    described('posts_repeated', count('posts_repeated'), 'requests'),
    described('ack_p50_ms', duration('acknowledge', 'p(50)'), 'ms'),
    described('ack_p99_ms', duration('acknowledge', 'p(99)'), 'ms'),
    described('end_to_end_p50_ms', duration('end_to_end', 'p(50)'), 'ms'),
    described('end_to_end_p99_ms', duration('end_to_end', 'p(99)'), 'ms'),
    described('end_to_end_ordinary_p99_ms', duration('end_to_end_ordinary', 'p(99)'), 'ms'),
    atMost('dropped_iterations', metrics === null ? null : dropped, 0, 'payments'),
    atMost('faults_not_happened', faults.filter((fault) => !fault.happened).length, 0, 'faults'),
    atMost('charged_twice', breaches('charged_twice'), 0, 'payments'),
    atMost('accepted_lost', breaches('accepted_but_lost'), 0, 'payments'),
    atMost(
      'violations',
      audit === null ? null : Object.values(audit.byRule).reduce((sum, n) => sum + n, 0),
      0,
      'breaches',
    ),
  ];
  const figures = withGoals(found, goals);

  const voids: Words[] = [];
  if (generated.exitCode !== 0 || metrics === null) {
    const { complaints, exitCode } = generated;
    voids.push(
      words(
        `k6 以 ${exitCode ?? '信号'} 结束：${complaints}`,
        `k6 ended with ${exitCode ?? 'a signal'}: ${complaints}`,
      ),
    );
  }
  if (dropped > 0)
    voids.push(
      words(
        `丢弃了 ${dropped} 次到达：压测机没有空闲的付款人，负载与所述不符`,
        `${dropped} arrivals were dropped: the generator had no payer free, so the load was not what it says`,
      ),
    );
  for (const { happened, name, seen } of faults)
    if (!happened) voids.push(words(`${name} 没有发生：${seen}`, `${name} did not happen: ${seen}`));

  const failures: Words[] = [];
  if (audit === null)
    failures.push(words(`未能核对：${auditFailure ?? '原因不明'}`, `no audit: ${auditFailure ?? 'unknown'}`));
  else if (!audit.ok)
    failures.push(words(`资金核对发现 ${brokenRules(audit)}`, `the audit found ${brokenRules(audit)}`));
  for (const { name, value: measured, goal, met } of figures) {
    const saidAlready = ['dropped_iterations', 'faults_not_happened', 'violations', 'charged_twice', 'accepted_lost'];
    // What was dropped could not be posted: that is the generator's failure, not the product's; and of the flow it says nothing.
    if (dropped > 0)
      saidAlready.push('payments_posted', ...(flow ?? []).map((figure) => figure.name), ...Object.keys(goals));
    if (met === false && !saidAlready.includes(name) && metrics !== null)
      failures.push(
        words(
          `${name} ${measured ?? '未测得'}（目标 ${goal}）`,
          `${name} ${measured ?? 'not measured'} (goal ${goal})`,
        ),
      );
  }
  const word = failures.length > 0 ? 'failed' : voids.length > 0 ? 'void' : 'passed';
  const said = [...failures, ...voids];
  return { word, reasons: said.map(({ en }) => en), said, figures };
}
