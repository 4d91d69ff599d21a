/** An audit's report as a table for people, and as figures and violations for scripts. */
import type { AuditReport } from '#audit';
import { alignedTable, atMost, described, type Figure, type Violation } from '../outcome';
import type { AuditOutcome } from './run-audit';

export function auditTable({ report, clientLogs, waitedS }: AuditOutcome): string {
  const rows = report.verdicts.map(({ id, sentence, compared, breaches, notChecked }) => [
    `${id.padEnd(4)}${sentence}`,
    notChecked === null ? String(compared) : '–',
    notChecked === null ? String(breaches) : '–',
    notChecked === null ? (breaches === 0 ? 'holds' : 'BROKEN') : 'not checked',
  ]);
  const states = Object.entries(report.byState).sort(([a], [b]) => (a < b ? -1 : 1));
  const { final: _final, ...open } = report.byStanding;
  const notFinal = Object.entries(open).filter(([, count]) => count > 0);
  return [
    alignedTable([['invariant', 'compared', 'breaches', ''], ...rows]),
    `payments      ${report.payments}: ${states.map(([state, count]) => `${count} ${state}`).join(', ') || 'none'}`,
    ...(notFinal.length === 0
      ? []
      : [
          `not final     ${notFinal.map(([standing, count]) => `${count} ${standing.replaceAll('_', ' ')}`).join(', ')}`,
        ]),
    `books         ${report.ledgerLines} ledger lines, ${report.clientRequests ?? 0} client requests of ${clientLogs.length} logs` +
      (report.deliveries === null ? '' : `, ${report.deliveries} webhooks taken`) +
      (waitedS >= 1 ? `; waited ${waitedS.toFixed(1)} s for payments under way` : ''),
    ...reasons(report).map((reason) => `not checked   ${reason}`),
    ...report.examples
      .slice(0, EXAMPLES_SHOWN)
      .map(({ invariant, rule, evidence }) => `${invariant} ${rule}  ${JSON.stringify(evidence)}`),
    report.ok ? 'ok: the books agree' : `NOT OK: ${brokenRules(report)}`,
    '',
  ].join('\n');
}

/** On a screen; all that were kept are in the JSON. */
const EXAMPLES_SHOWN = 12;

/** `3 charged_twice, 1 not_final`. */
export function brokenRules(report: AuditReport): string {
  return Object.entries(report.byRule)
    .map(([rule, count]) => `${count} ${rule}`)
    .join(', ');
}

export function auditFigures(report: AuditReport): Figure[] {
  const breachesOf = (rule: string): number => report.byRule[rule] ?? 0;
  const state = (name: string): number => report.byState[name] ?? 0;
  const { late, bank_down: bankDown, waits_for_payer: payer, waits_for_person: person } = report.byStanding;
  return [
    described('payments', report.payments, 'payments'),
    described('succeeded', state('succeeded'), 'payments'),
    described('failed', state('failed'), 'payments'),
    described('canceled', state('canceled'), 'payments'),
    described('expired', state('expired'), 'payments'),
    described('ledger_lines', report.ledgerLines, 'lines'),
    described('client_requests', report.clientRequests, 'requests'),
    described('webhooks_taken', report.deliveries, 'deliveries'),
    atMost('charged_twice', breachesOf('charged_twice'), 0, 'payments'),
    report.clientRequests === null
      ? described('accepted_lost', null, 'payments')
      : atMost('accepted_lost', breachesOf('accepted_but_lost'), 0, 'payments'),
    atMost('not_final', late, 0, 'payments'),
    described('unknown_while_bank_is_down', bankDown, 'payments'),
    described('waits_for_payer', payer, 'payments'),
    described('waits_for_person', person, 'payments'),
    atMost(
      'violations',
      Object.values(report.byRule).reduce((sum, count) => sum + count, 0),
      0,
      'breaches',
    ),
  ];
}

export function auditViolations(report: AuditReport): Violation[] {
  return report.examples.map(({ invariant, rule, evidence }) => ({ rule, evidence: { invariant, ...evidence } }));
}

function reasons(report: AuditReport): string[] {
  return report.verdicts.flatMap(({ id, notChecked }) => (notChecked === null ? [] : [`${id}: ${notChecked}`]));
}
