/** What an invariant is: a sentence about money that holds or is broken, with the smallest evidence that shows it. */
import type { Dossier, PaymentRow } from './books';

/** In the order of the audit's table. I11 (owners) comes with the sites it watches. */
export const INVARIANTS = {
  I0: 'Every book is complete',
  I1: 'Nothing accepted is lost, nothing refused is carried out',
  I2: 'No payment is charged twice',
  I3: 'Every payment reaches one final state in bounded time',
  I4: "Every payment's history is a legal path, without a gap",
  I5: "The journal's truth agrees with the bank's",
  I6: 'Totals per channel and currency are equal',
  I7: 'The same key always gets the same answer',
  I8: 'No money moves at a bank without an attempt committed before it',
  I9: 'Receivers are told of everything, in order, to the last',
  I10: 'No channel gets more per second, nor at once, than its contract allows',
  I13: 'What people did is on record, unaltered and whole',
} as const;
export type InvariantId = keyof typeof INVARIANTS;

/** One broken rule. */
export interface Breach {
  readonly invariant: InvariantId;
  /** What exactly is wrong, as a stable name: `charged_twice`, `history_gap`, … */
  readonly rule: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** How evidence names a payment: by our id and by the merchant's order number. */
export function named({ id, merchantOrderNo }: PaymentRow): { payment: string; order_no: string } {
  return { payment: id, order_no: merchantOrderNo };
}

/** An invariant that looks at one payment at a time. */
export type PaymentCheck = (dossier: Dossier, setting: AuditSetting) => Breach[];

/** What the checks must know beside the books. */
export interface AuditSetting {
  /** The moment of the audit, ms since 1970. */
  readonly nowMs: number;
  /** Channels whose bank does not answer: what is unknown there may stay so. */
  readonly banksDown: ReadonlySet<string>;
}
