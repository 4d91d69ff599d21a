/**
 * What does an answer of this bank prove? The mapping of its words to our classes of evidence; pure, and it never throws.
 *
 *   OK 00, complete     succeeded, with what the bank says it booked: whether that is what we asked is the policy's to compare
 *   REJECT, known code  declined (rest.codes.ts)
 *   ACTION 1A           action_required        NOT_FOUND 25 (inquiries only)   not_found
 *   BUSY CLOSED INVALID DENIED   of a pay or refund: declined, of this message only; of an inquiry: they say nothing about the money
 *   everything else     unknown, PENDING and CONFLICT included
 *
 * A word counts only with the code and the status that the protocol gives it. Only an explicit success is success.
 */
import type { Evidence, Money, UndoEvidence } from '#domain';
import { isCurrency } from '#domain';
import type { Asked, Exchange } from '#dispatch';
import {
  DOOR_WORDS,
  PAYMENT_REFUSALS,
  REFUND_REFUSALS,
  REVERSAL_REFUSALS,
  SETTLED_PAYMENT_REFUSALS,
} from './rest.codes';
import type { Refusal } from './rest.codes';

export type Classified = 'pay' | 'inquire' | 'refund' | 'inquire_refund';

/** Members of an answer, untrusted in type though signed. */
type Members = Readonly<Record<string, unknown>>;

/** Longest text of the bank's that we store; its messages are short, and a log line is not a place for a page. */
const TEXT_MAX = 200;
/** Longest reference and transaction id that we believe (docs/bank-protocol.md section 1 allows 64). */
const ID_MAX = 128;
/** Longest stay away that we believe, ms: an hour, a maintenance. More is a mistake that would close the channel. */
const RETRY_AFTER_MAX_MS = 3_600_000;

/** What a `pay`, a refund or an inquiry about either tells us. */
export function classifyAnswer(operation: Classified, exchange: Exchange): Evidence {
  if (exchange.kind === 'not_sent') return { class: 'not_sent', reason: exchange.reason };
  if (exchange.kind === 'no_answer') return unknown(exchange.reason);
  const answer = membersOf(exchange.body);
  if (!answer) return unknown('not_an_answer');
  const word = text(answer, 'result');
  const code = text(answer, 'code');
  const door = DOOR_WORDS.get(word);
  if (door) {
    if (!door.codes.includes(code) || !door.statuses.includes(exchange.status)) return unknown(strange(word, code));
    if (operation === 'inquire' || operation === 'inquire_refund') return unknown(`inquiry_${word.toLowerCase()}`);
    return {
      class: 'declined',
      severity: 'soft',
      reason: door.reason,
      bankCode: code,
      bankMessage: text(answer, 'message'),
      reference: referenceOf(answer) ?? exchange.asked?.reference ?? '',
      ofThisMessageOnly: true,
    };
  }
  if (exchange.status !== 200) return unknown(strange(word, code));
  if (operation === 'inquire_refund' && word !== 'NOT_FOUND' && answer['operation'] !== 'refund') {
    return unknown('not_about_a_refund');
  }
  return settled(answer, word, code, operation);
}

/** What a bank's own news tells us: the words of pay (or refund), already decided. */
export function classifyNews(operation: 'pay' | 'refund', news: Members): Evidence {
  return settled(news, text(news, 'result'), text(news, 'code'), operation === 'pay' ? 'inquire' : 'inquire_refund');
}

/** How long a bank that turned us away asks us to stay away, ms, where it says so. */
export function retryAfterOf(body: unknown): number | undefined {
  const ms = membersOf(body)?.['retry_after_ms'];
  return Number.isSafeInteger(ms) && (ms as number) > 0 ? Math.min(ms as number, RETRY_AFTER_MAX_MS) : undefined;
}

/** What a `reverse` tells us. */
export function classifyReversal(exchange: Exchange): UndoEvidence {
  if (exchange.kind === 'not_sent') return { class: 'not_sent', reason: exchange.reason };
  if (exchange.kind === 'no_answer') return { class: 'unknown', reason: exchange.reason };
  const answer = membersOf(exchange.body);
  if (!answer || exchange.status !== 200) return { class: 'unknown', reason: wordOf(answer) };
  if (!isAbout(answer, exchange.asked)) return { class: 'unknown', reason: 'foreign_reference' };
  const word = text(answer, 'result');
  const code = text(answer, 'code');
  if (word === 'OK' && code === '00') {
    const bankTransactionId = id(answer, 'bank_transaction_id');
    if (bankTransactionId === null) return { class: 'unknown', reason: 'incomplete_success' };
    const minor = answer['reversed_minor'];
    // An amount that cannot be read undoes nothing: where late payments are not blocked, that keeps the question open.
    const undoneMinor = Number.isSafeInteger(minor) && (minor as number) > 0 ? (minor as number) : 0;
    return { class: 'acknowledged', bankTransactionId, undoneMinor };
  }
  if (word === 'REJECT' && REVERSAL_REFUSALS.has(code)) {
    return { class: 'refused', bankCode: code, bankMessage: text(answer, 'message') };
  }
  return { class: 'unknown', reason: wordOf(answer) };
}

function settled(answer: Members, word: string, code: string, operation: Classified): Evidence {
  switch (word) {
    case 'OK':
      return code === '00' ? success(answer) : unknown(strange(word, code));
    case 'REJECT':
      return refusal(answer, code, refusalsOf(operation).get(code));
    case 'ACTION':
      return code === '1A' && (operation === 'pay' || operation === 'inquire')
        ? action(answer)
        : unknown(strange(word, code));
    case 'NOT_FOUND':
      if (code !== '25' || (operation !== 'inquire' && operation !== 'inquire_refund'))
        return unknown(strange(word, code));
      return { class: 'not_found' };
    case 'REVERSED':
      return operation === 'inquire' && code === '17' ? reversed(answer) : unknown(strange(word, code));
    case 'PENDING':
      return unknown('pending');
    default:
      return unknown(strange(word, code));
  }
}

function success(answer: Members): Evidence {
  const reference = referenceOf(answer);
  const amount = amountOf(answer);
  const bankTransactionId = id(answer, 'bank_transaction_id');
  if (reference === null || amount === null || bankTransactionId === null) return unknown('incomplete_success');
  return { class: 'succeeded', charge: { reference, amount, bankTransactionId } };
}

function refusal(answer: Members, code: string, refused: Refusal | undefined): Evidence {
  const reference = referenceOf(answer);
  if (!refused || reference === null) return unknown(strange('REJECT', code));
  return { class: 'declined', ...refused, bankCode: code, bankMessage: text(answer, 'message'), reference };
}

function action(answer: Members): Evidence {
  const reference = referenceOf(answer);
  const url = answer['action_url'];
  const expiresAt = typeof answer['action_expires_at'] === 'string' ? Date.parse(answer['action_expires_at']) : NaN;
  const usable = typeof url === 'string' && url.length <= 2_048 && /^https?:\/\//.test(url) && URL.canParse(url);
  if (reference === null || !usable || Number.isNaN(expiresAt)) return unknown('incomplete_action');
  return { class: 'action_required', url, expiresAt, reference };
}

/**
 * A reversal was acknowledged. If money had been taken it was given back, and that is final. If nothing was there (`reversed_minor` 0),
 * that is "not found" in other words: nothing is charged now, and where the channel does not block it a payment may still come.
 */
function reversed(answer: Members): Evidence {
  const reference = referenceOf(answer);
  const minor = answer['reversed_minor'];
  if (reference === null || !Number.isSafeInteger(minor) || (minor as number) < 0)
    return unknown('incomplete_reversal');
  if (minor === 0) return { class: 'not_found' };
  return {
    class: 'declined',
    severity: 'hard',
    reason: 'canceled_by_payer',
    bankCode: '17',
    bankMessage: text(answer, 'message'),
    reference,
  };
}

function refusalsOf(operation: Classified): ReadonlyMap<string, Refusal> {
  switch (operation) {
    case 'pay':
      return PAYMENT_REFUSALS;
    case 'inquire':
      return SETTLED_PAYMENT_REFUSALS;
    case 'refund':
    case 'inquire_refund':
      return REFUND_REFUSALS;
  }
}

/** Does the answer name what we asked about? Unbound exchanges (none of ours) are about nothing. */
function isAbout(answer: Members, asked: Asked | undefined): boolean {
  return (
    asked !== undefined &&
    answer['reference'] === asked.reference &&
    answer['original_reference'] === asked.originalReference
  );
}

/** The members of a JSON object; `null` for everything else. */
export function membersOf(body: unknown): Members | null {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Members) : null;
}

function amountOf(answer: Members): Money | null {
  const value = answer['amount_minor'];
  const currency = answer['currency'];
  // Any whole number: a wrong amount must reach the policy as it is, or nobody would see it.
  return Number.isSafeInteger(value) && isCurrency(currency) ? { value: value as number, currency } : null;
}

/** The reference that the answer names. */
export function referenceOf(answer: Members): string | null {
  return id(answer, 'reference');
}

function id(answer: Members, name: string): string | null {
  const value = answer[name];
  return typeof value === 'string' && value.length >= 1 && value.length <= ID_MAX ? value : null;
}

function text(answer: Members, name: string): string {
  const value = answer[name];
  return typeof value === 'string' ? value.slice(0, TEXT_MAX) : '';
}

function wordOf(answer: Members | null): string {
  return answer ? strange(text(answer, 'result'), text(answer, 'code')) : 'not_an_answer';
}

/** Reasons land in logs and labels: only what looks like a word is repeated. */
function strange(word: string, code: string): string {
  const looksLike = /^[A-Z0-9_]{1,24}$/;
  return `word_${looksLike.test(word) ? word : 'none'}_${looksLike.test(code) ? code : 'none'}`;
}

function unknown(reason: string): Evidence {
  return { class: 'unknown', reason };
}
