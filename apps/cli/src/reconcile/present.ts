/** What a reconciliation found, as a table for people and as figures and violations for scripts. */
import type { DayReconciled } from '#dispatch';
import { type Figure, type Violation, alignedTable, atMost, described } from '../outcome';

type Matched = Extract<DayReconciled, { kind: 'matched' }>;

/** On a screen; all are in the JSON and on the worklist. */
const BREAKS_SHOWN = 20;

const isMatched = (day: DayReconciled): day is Matched => day.kind === 'matched';

export function reconcileTable(days: readonly DayReconciled[]): string {
  const rows = days.map((day) => {
    if (day.kind === 'unusable') return [day.channelId, '–', '–', '–', '–', '–', '–', 'NO STATEMENT'];
    const settled = String(day.settledByPresence + day.settledByAbsence);
    const agreeing = String(day.lines.agrees ?? 0);
    const waiting = String(waitingIn(day));
    const breaks = String(day.breaks.length);
    return [
      day.channelId,
      String(linesOf(day)),
      agreeing,
      settled,
      waiting,
      breaks,
      day.loaded,
      day.closed ? 'closed' : 'open',
    ];
  });
  const matched = days.filter(isMatched);
  const breaks = matched.flatMap((day) => day.breaks);
  const unusable = days.flatMap((day) => (day.kind === 'unusable' ? [`${day.channelId}: ${day.reason}`] : []));
  return [
    alignedTable([['channel', 'lines', 'agree', 'settled', 'wait', 'breaks', 'file', 'day'], ...rows]),
    ...unusable,
    ...matched.filter(({ cutShort }) => cutShort).map(({ channelId }) => `${channelId}: ${CUT_SHORT}`),
    ...breaks.slice(0, BREAKS_SHOWN).map(({ kind, subject, facts }) => `${kind}  ${subject}  ${JSON.stringify(facts)}`),
    ...(breaks.length > BREAKS_SHOWN ? [`… and ${breaks.length - BREAKS_SHOWN} more, all on the worklist`] : []),
    isOk(days) ? 'ok: the books agree' : `NOT OK: ${breaks.length} breaks, ${unusable.length} statements missing`,
    '',
  ].join('\n');
}

export function isOk(days: readonly DayReconciled[]): boolean {
  return days.every((day) => isMatched(day) && day.breaks.length === 0 && !day.cutShort);
}

/** The names of the breaks, each a figure of its own. */
export const BREAK_KINDS = {
  break_long: '长款: the bank has it, we do not',
  break_short: '短款: we have it, the bank does not',
  break_amount: 'the bank booked another amount',
  break_currency: 'the bank booked another currency',
  break_duplicate: 'the bank booked a reference or a transaction twice',
  break_unreversed: 'we have it reversed, the bank has not',
  statement_changed: 'a closed day reads otherwise than before',
} as const;

export function reconcileFigures(days: readonly DayReconciled[]): Figure[] {
  const matched = days.filter(isMatched);
  const sum = (of: (day: Matched) => number) => matched.reduce((total, day) => total + of(day), 0);
  const breaks = (name: string) => sum((day) => day.breaks.filter(({ kind }) => kind === name).length);
  return [
    described('lines', sum(linesOf), 'lines'),
    described(
      'lines_agreeing',
      sum(({ lines }) => lines.agrees ?? 0),
      'lines',
    ),
    described(
      'settled_by_presence',
      sum((day) => day.settledByPresence),
      'attempts',
    ),
    described(
      'settled_by_absence',
      sum((day) => day.settledByAbsence),
      'attempts',
    ),
    described(
      'left_open',
      sum((day) => day.leftOpen),
      'attempts',
    ),
    described('waiting', sum(waitingIn), 'entries'),
    atMost('statements_unusable', days.length - matched.length, 0, 'statements'),
    ...Object.keys(BREAK_KINDS).map((name) => atMost(name, breaks(name), 0, 'breaks')),
    atMost(
      'breaks',
      sum((day) => day.breaks.length),
      0,
      'breaks',
    ),
  ];
}

export function reconcileViolations(days: readonly DayReconciled[]): Violation[] {
  return days.flatMap((day): Violation[] => {
    const { channelId } = day;
    if (day.kind === 'unusable') {
      return [{ rule: 'statement_unusable', evidence: { channel: channelId, reason: day.reason } }];
    }
    const breaks = day.breaks.map(({ kind, subject, facts }) => ({ rule: kind, evidence: { subject, ...facts } }));
    return day.cutShort
      ? [...breaks, { rule: 'too_much_unbooked', evidence: { channel: channelId, why: CUT_SHORT } }]
      : breaks;
  });
}

const CUT_SHORT = 'far too much is missing: this file is hardly the whole day. Ask the bank for it again.';

function linesOf({ lines }: Matched): number {
  return Object.values(lines).reduce((total, count) => total + count, 0);
}

function waitingIn({ entries }: Matched): number {
  return (entries.waits ?? 0) + (entries.person ?? 0);
}
