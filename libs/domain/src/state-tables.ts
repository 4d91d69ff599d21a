/**
 * Every table of legal moves in one list: checked at start-up, rendered into PostgreSQL's guards, drawn in docs/states.md.
 */
import { ATTEMPT_MOVES } from './attempt-state';
import { PAYMENT_MOVES } from './payment-state';
import { REFUND_MOVES, REVERSAL_MOVES } from './refund-state';

export interface StateTable {
  readonly of: string;
  /** Where its rows live in PostgreSQL. */
  readonly relation: string;
  /** What each one is born as. */
  readonly initial: string;
  readonly moves: Readonly<Record<string, readonly string[]>>;
}

export const STATE_TABLES: readonly StateTable[] = [
  { of: 'payment', relation: 'payment_heads', initial: 'queued', moves: PAYMENT_MOVES },
  { of: 'attempt', relation: 'attempts', initial: 'dispatched', moves: ATTEMPT_MOVES },
  { of: 'refund', relation: 'refunds', initial: 'requested', moves: REFUND_MOVES },
  { of: 'reversal', relation: 'reversals', initial: 'requested', moves: REVERSAL_MOVES },
];

/**
 * Is each table whole? Every target exists, every state can be reached, and from every state an end can be.
 * @returns what is wrong, a sentence each; empty when all is well
 */
export function faultsOf({ of, initial, moves }: StateTable): readonly string[] {
  const states = Object.keys(moves);
  const unknown = states.flatMap((from) =>
    moves[from]!.filter((to) => !(to in moves)).map((to) => `${of}: ${from} leads to ${to}, which is no state`),
  );
  if (unknown.length > 0) return unknown;
  const born = reachableFrom(initial, moves);
  return states.flatMap((state) => {
    if (!born.has(state)) return [`${of}: nothing leads to ${state}`];
    const ends = [...reachableFrom(state, moves)].some((end) => moves[end]!.length === 0);
    return ends ? [] : [`${of}: ${state} leads to no end`];
  });
}

/** @throws Error naming every fault: a process must not move money by a table with a hole */
export function checkStateTables(tables: readonly StateTable[] = STATE_TABLES): void {
  const faults = tables.flatMap(faultsOf);
  if (faults.length > 0) throw new Error(`The tables of legal moves are not whole:\n${faults.join('\n')}`);
}

function reachableFrom(state: string, moves: StateTable['moves']): ReadonlySet<string> {
  const seen = new Set([state]);
  for (const from of seen) for (const to of moves[from] ?? []) seen.add(to);
  return seen;
}
