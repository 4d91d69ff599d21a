/** What a bank says, before it is signed and sent. */
import type { ChargeRecord, UndoRecord } from '../books/records';
import type { Delivery } from './fates';
import { CODES, type Word, WORDS } from './words';

export interface Answer {
  readonly word: Word;
  readonly code: string;
  /** Other members of the body. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Only where it is not the word's own (INVALID travels with 400, 404 or 413). */
  readonly status?: number;
  /** In place of the code's standard text. */
  readonly message?: string;
}

/** Where an operation leaves its answer; the HTTP side decides how it travels. Exactly one call is made. */
export interface Reply {
  send(answer: Answer, delivery?: Delivery): void;
}

const MESSAGES = new Map(CODES.map((code) => [code.code, code]));
const STATUSES = new Map(WORDS.map((word) => [word.word, word.status]));

export const statusOf = (answer: Answer): number => answer.status ?? (STATUSES.get(answer.word) as number);

/** The members of an answer or notification in the order in which they are sent. */
export function bodyOf({ word, code, fields, message }: Answer): Record<string, unknown> {
  const text = MESSAGES.get(code);
  return { result: word, code, message: message ?? text?.message ?? '', message_zh: text?.messageZh ?? '', ...fields };
}

export const answer = (word: Word, code: string, fields: Readonly<Record<string, unknown>> = {}): Answer => ({
  word,
  code,
  fields,
});

export const invalid = (message: string, status: 400 | 404 | 413 = 400): Answer => ({
  word: 'INVALID',
  code: '30',
  fields: {},
  status,
  message,
});

/** What `pay`, a duplicate of it and `inquire` say about a charge that is not reversed. */
export function chargeAnswer(charge: ChargeRecord, actionUrl: (reference: string) => string): Answer {
  const { reference, amountMinor, currency } = charge;
  const money = { reference, amount_minor: amountMinor, currency };
  switch (charge.state) {
    case 'OK':
      return answer('OK', '00', { ...money, bank_transaction_id: charge.transactionId, booked_at: charge.bookedAt });
    case 'REJECT':
      return answer('REJECT', charge.code, money);
    case 'ACTION':
      return answer('ACTION', '1A', {
        ...money,
        action_url: actionUrl(reference),
        action_expires_at: new Date(charge.order?.expiresAtMs ?? 0).toISOString(),
      });
    case 'PENDING':
    case 'TAKEN':
      return answer('PENDING', '09', money);
    case 'NONE':
      return answer('NOT_FOUND', '25', { reference });
  }
}

/** What an undo, a duplicate of it and `inquire-refund` say. */
export function undoAnswer(undo: UndoRecord): Answer {
  const { reference, originalReference: original_reference } = undo;
  const amounts =
    undo.operation === 'refund'
      ? { amount_minor: undo.amountMinor, currency: undo.currency }
      : { original_result: undo.originalResult, reversed_minor: undo.amountMinor, currency: undo.currency };
  const fields = { operation: undo.operation, reference, original_reference, ...amounts };
  if (undo.state === 'REJECT') return answer('REJECT', undo.code, fields);
  if (undo.state !== 'OK') return answer('PENDING', '09', fields);
  return answer('OK', '00', { ...fields, bank_transaction_id: undo.transactionId, booked_at: undo.bookedAt });
}
