/**
 * Which magic instrument brings about which fate?
 *
 * One table, used by the bank simulator and by the sandbox seed, served by `GET /control/instruments` and printed in
 * `docs/bank-protocol.md`; a test holds the two equal. An instrument reads
 * `tok_<bank>_<product>_<behaviour>`, optionally followed by `-<payer>` (letters and digits), so that
 * a load generator has any number of payers with the same fate.
 */
export interface Behaviour {
  readonly name: string;
  /** What the bank's books hold once this is over. */
  readonly books: 'charge' | 'nothing' | 'charge later' | 'wrong charge';
  /** What the caller of `/pay` sees on a `quickpay` or `balance` channel. */
  readonly answer: string;
  /** On `gateway`: does it act at the call of `/pay`, or when the payer presses the button? */
  readonly onGateway: 'call' | 'page' | 'after';
  /** What an inquiry says afterwards. */
  readonly inquiry: string;
}

export const BEHAVIOURS = [
  { name: 'ok', books: 'charge', answer: 'OK 00', onGateway: 'page', inquiry: 'OK' },
  { name: 'insufficient_funds', books: 'nothing', answer: 'REJECT 51', onGateway: 'page', inquiry: 'REJECT 51' },
  { name: 'do_not_honour', books: 'nothing', answer: 'REJECT 05', onGateway: 'page', inquiry: 'REJECT 05' },
  { name: 'card_limit', books: 'nothing', answer: 'REJECT 61', onGateway: 'page', inquiry: 'REJECT 61' },
  { name: 'expired_card', books: 'nothing', answer: 'REJECT 54', onGateway: 'page', inquiry: 'REJECT 54' },
  { name: 'invalid', books: 'nothing', answer: 'REJECT 14', onGateway: 'call', inquiry: 'REJECT 14' },
  { name: 'issuer_down', books: 'nothing', answer: 'REJECT 91', onGateway: 'call', inquiry: 'REJECT 91' },
  { name: 'malfunction', books: 'nothing', answer: 'REJECT 96', onGateway: 'call', inquiry: 'REJECT 96' },
  { name: 'busy', books: 'nothing', answer: 'BUSY N1, every time', onGateway: 'call', inquiry: 'NOT_FOUND' },
  { name: 'slow', books: 'charge', answer: 'OK 00 after `slow_ms` more', onGateway: 'call', inquiry: 'OK' },
  {
    name: 'pending',
    books: 'charge later',
    answer: 'PENDING 09; booked after `late_ms`, then notified',
    onGateway: 'after',
    inquiry: 'PENDING, later OK',
  },
  {
    name: 'pending_reject',
    books: 'nothing',
    answer: 'PENDING 09; refused (05) after `late_ms`, then notified',
    onGateway: 'after',
    inquiry: 'PENDING, later REJECT 05',
  },
  {
    name: 'late_success',
    books: 'charge later',
    answer: 'silence; booked after `late_ms`, then notified',
    onGateway: 'after',
    inquiry: 'NOT_FOUND, later OK',
  },
  {
    name: 'lost_answer',
    books: 'charge',
    answer: 'booked, then the connection is reset',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'lost_answer_notified',
    books: 'charge',
    answer: 'as `lost_answer`, then notified after 1 s',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'half_open',
    books: 'charge',
    answer: 'booked, then silence on an open connection',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'lost_request',
    books: 'nothing',
    answer: 'silence on an open connection (first arrival; a resend is `ok`)',
    onGateway: 'call',
    inquiry: 'NOT_FOUND',
  },
  {
    name: 'reset',
    books: 'nothing',
    answer: 'connection reset (first arrival; a resend is `ok`)',
    onGateway: 'call',
    inquiry: 'NOT_FOUND',
  },
  { name: 'drip', books: 'charge', answer: 'the true answer, one byte every 200 ms', onGateway: 'call', inquiry: 'OK' },
  {
    name: 'garbage',
    books: 'charge',
    answer: '200 with bytes that are not JSON, signed',
    onGateway: 'call',
    inquiry: 'OK',
  },
  { name: 'huge', books: 'charge', answer: '200 with 16 MiB of JSON, unsigned', onGateway: 'call', inquiry: 'OK' },
  {
    name: 'http_500',
    books: 'charge',
    answer: 'booked, then 500 with an unsigned HTML page',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'http_502',
    books: 'nothing',
    answer: '502 with an unsigned HTML page (first arrival; a resend is `ok`)',
    onGateway: 'call',
    inquiry: 'NOT_FOUND',
  },
  {
    name: 'bad_signature',
    books: 'charge',
    answer: 'the true answer under a wrong signature',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'unknown_word',
    books: 'charge',
    answer: 'result `PROCESSED`, code `Z9`, signed',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'wrong_amount',
    books: 'wrong charge',
    answer: 'OK 00 with `amount_minor` + 1, booked so',
    onGateway: 'page',
    inquiry: 'OK, wrong amount',
  },
  {
    name: 'wrong_currency',
    books: 'wrong charge',
    answer: 'OK 00 in USD (EUR if USD was asked), booked so',
    onGateway: 'page',
    inquiry: 'OK, wrong currency',
  },
  {
    name: 'foreign_reference',
    books: 'charge',
    answer: "OK 00 with somebody else's reference",
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'early_notification',
    books: 'charge',
    answer: 'notified first; OK 00 (gateway: ACTION) only afterwards',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'duplicate_notification',
    books: 'charge',
    answer: 'OK 00, then the same notification three times at once',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'late_notification',
    books: 'charge',
    answer: 'OK 00, notified after `late_ms`',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'out_of_order_notification',
    books: 'charge',
    answer: 'OK 00, notified OK, then PENDING',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'contradicting_notification',
    books: 'charge',
    answer: 'OK 00, then a notification that says REJECT 05',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'auto_pay',
    books: 'charge',
    answer: 'OK 00; on gateway a simulated payer presses pay after 2 s',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'auto_cancel',
    books: 'nothing',
    answer: 'REJECT 17; on gateway a simulated payer presses cancel after 2 s',
    onGateway: 'page',
    inquiry: 'REJECT 17',
  },
  {
    name: 'refund_reject',
    books: 'charge',
    answer: 'OK 00; every refund of it is REJECT 12',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'refund_pending',
    books: 'charge',
    answer: 'OK 00; refunds are PENDING, done after `late_ms`',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'refund_lost_answer',
    books: 'charge',
    answer: 'OK 00; refunds are booked, then the connection is reset',
    onGateway: 'page',
    inquiry: 'OK',
  },
  {
    name: 'reversal_reject',
    books: 'charge',
    answer: 'as `lost_answer`; every reversal of it is REJECT 12',
    onGateway: 'call',
    inquiry: 'OK',
  },
  {
    name: 'reversal_busy',
    books: 'charge',
    answer: 'as `lost_answer`; the first three reversals are BUSY',
    onGateway: 'call',
    inquiry: 'OK',
  },
] as const satisfies readonly Behaviour[];

export type BehaviourName = (typeof BEHAVIOURS)[number]['name'];
