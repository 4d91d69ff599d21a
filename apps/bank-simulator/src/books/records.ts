/**
 * What does a channel know about a reference? An index over its ledger lines, changed by `apply` and by
 * nothing else, so that reading the ledger again after a crash gives the same knowledge.
 */
import type { BehaviourName } from '#simulation';
import type { Entry, EntryResult, Operation } from './entry';

export interface ChargeRecord {
  readonly operation: 'charge';
  readonly reference: string;
  /** `NONE`: never seen, but a reversal of it was acknowledged. */
  state: EntryResult | 'NONE';
  code: string;
  amountMinor: number;
  currency: string;
  /** What the message asked for, if something else was booked: a repeat is compared with this. */
  asked: { readonly amount_minor: number; readonly currency: string } | null;
  instrument: string;
  transactionId: string;
  bookedAt: string;
  bookedMs: number;
  /** Reversal acknowledged and nothing booked since. */
  reversed: boolean;
  reversedMinor: number;
  refundedMinor: number;
  /** Refunds taken and not yet done. */
  refundHeldMinor: number;
  /** Only while the payer is at the bank's page, or the decision is still to come. */
  order: Order | null;
  /** Gateway: what the page shows, also after the order is closed. */
  page: { readonly returnUrl: string | null; readonly description: string } | null;
}

export interface Order {
  readonly receivedAt: string;
  readonly sendBy: string;
  readonly notifyUrl: string | null;
  readonly expiresAtMs: number;
  readonly dueAtMs: number | null;
  readonly behaviour: BehaviourName;
}

export interface UndoRecord {
  readonly operation: 'refund' | 'reversal';
  readonly reference: string;
  readonly originalReference: string;
  readonly amountMinor: number;
  readonly currency: string;
  state: EntryResult;
  code: string;
  transactionId: string;
  bookedAt: string;
  readonly originalResult: string;
  readonly notifyUrl: string | null;
  readonly receivedAt: string;
  dueAtMs: number | null;
}

export type Row = ChargeRecord | UndoRecord;

export class Records {
  private readonly byReference = new Map<string, Row>();

  get(reference: string): Row | undefined {
    return this.byReference.get(reference);
  }

  /** The charge of this reference; undefined if it is unknown or something else. */
  charge(reference: string): ChargeRecord | undefined {
    const row = this.byReference.get(reference);
    return row?.operation === 'charge' ? row : undefined;
  }

  all(): IterableIterator<Row> {
    return this.byReference.values();
  }

  apply(entry: Entry): void {
    if (entry.operation === 'charge') this.applyCharge(entry);
    else this.applyUndo(entry, entry.operation);
  }

  private applyCharge(entry: Entry): void {
    const known = this.charge(entry.reference);
    const booked = entry.result === 'OK';
    // A booked charge stays booked: with duplicates not recognised, a later refusal is a second instruction's.
    if (known?.state === 'OK' && !booked && !known.reversed) return;
    const row: ChargeRecord = {
      operation: 'charge',
      reference: entry.reference,
      state: entry.result,
      code: entry.code,
      amountMinor: entry.amount_minor,
      currency: entry.currency,
      asked: entry.asked ?? null,
      instrument: entry.instrument ?? '',
      transactionId: entry.bank_transaction_id ?? '',
      bookedAt: entry.booked_at ?? '',
      bookedMs: booked ? Date.parse(entry.booked_at as string) : 0,
      // Booked after an acknowledged reversal (the channel does not block late payments): the charge stands.
      reversed: booked ? false : (known?.reversed ?? false),
      reversedMinor: booked ? 0 : (known?.reversedMinor ?? 0),
      refundedMinor: 0,
      refundHeldMinor: 0,
      order: orderOf(entry),
      page:
        entry.result === 'ACTION'
          ? { returnUrl: entry.return_url ?? null, description: entry.description ?? '' }
          : (known?.page ?? null),
    };
    this.byReference.set(entry.reference, row);
  }

  private applyUndo(entry: Entry, operation: Exclude<Operation, 'charge'>): void {
    const before = this.byReference.get(entry.reference);
    this.byReference.set(entry.reference, {
      operation,
      reference: entry.reference,
      originalReference: entry.original_reference as string,
      amountMinor: entry.amount_minor,
      currency: entry.currency,
      state: entry.result,
      code: entry.code,
      transactionId: entry.bank_transaction_id ?? '',
      bookedAt: entry.booked_at ?? '',
      originalResult: entry.original_result ?? '',
      notifyUrl: entry.notify_url ?? null,
      receivedAt: entry.received_at,
      dueAtMs: entry.due_at === undefined ? null : Date.parse(entry.due_at),
    });
    if (operation === 'refund') this.applyRefund(entry, before);
    else if (entry.result === 'OK') this.applyReversal(entry);
  }

  private applyRefund(entry: Entry, before: Row | undefined): void {
    const original = this.charge(entry.original_reference as string);
    if (original === undefined) return;
    if (before?.operation === 'refund' && before.state === 'PENDING') original.refundHeldMinor -= entry.amount_minor;
    if (entry.result === 'PENDING') original.refundHeldMinor += entry.amount_minor;
    if (entry.result === 'OK') original.refundedMinor += entry.amount_minor;
  }

  private applyReversal(entry: Entry): void {
    const original = this.charge(entry.original_reference as string) ?? this.tombstone(entry);
    // A refusal needs no undoing, unless the bank may still book it (soft refusals that are not final have an order).
    if (original.reversed || (original.state === 'REJECT' && original.order === null)) return;
    original.reversed = true;
    original.reversedMinor = entry.amount_minor;
    // What the bank has taken without saying so stays on its way; whether it is booked, the channel's switch decides.
    if (original.state === 'ACTION' || original.state === 'PENDING') original.order = null;
  }

  private tombstone(entry: Entry): ChargeRecord {
    const row: ChargeRecord = {
      operation: 'charge',
      reference: entry.original_reference as string,
      state: 'NONE',
      code: '17',
      amountMinor: 0,
      currency: '',
      asked: null,
      instrument: '',
      transactionId: '',
      bookedAt: '',
      bookedMs: 0,
      reversed: false,
      reversedMinor: 0,
      refundedMinor: 0,
      refundHeldMinor: 0,
      order: null,
      page: null,
    };
    this.byReference.set(row.reference, row);
    return row;
  }
}

function orderOf(entry: Entry): Order | null {
  const open = entry.result === 'ACTION' || entry.result === 'PENDING' || entry.result === 'TAKEN';
  if (!open && entry.due_at === undefined) return null;
  return {
    receivedAt: entry.received_at,
    sendBy: entry.send_by ?? '',
    notifyUrl: entry.notify_url ?? null,
    expiresAtMs: entry.action_expires_at === undefined ? Infinity : Date.parse(entry.action_expires_at),
    dueAtMs: entry.due_at === undefined ? null : Date.parse(entry.due_at),
    behaviour: entry.behaviour ?? 'ok',
  };
}
