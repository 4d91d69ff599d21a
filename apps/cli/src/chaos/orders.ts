/** Who pays what with which card: mostly ordinary ones, and every kind of trouble a bank can make that ends by itself. */
export interface Order {
  readonly orderNo: string;
  readonly key: string;
  /** Fen. */
  readonly value: number;
  readonly currency: 'CNY';
  readonly token: string;
  /** Nothing is sent that the bank could not answer before it, ms from now. */
  readonly expiresInMs: number;
}

const BANKS = ['icbc', 'abc', 'boc', 'ccb', 'cmb', 'psbc', 'bocom', 'cib'] as const;

/**
 * Behaviours of `docs/bank-protocol.md` with their weights. A fifth of all cards makes trouble, far more than on a real day: each fault
 * should meet many of them. Left out: wrong amounts and currencies, which two persons must settle.
 */
const FATES: readonly (readonly [behaviour: string, weight: number])[] = [
  ['ok', 700],
  ['insufficient_funds', 30],
  ['do_not_honour', 15],
  ['issuer_down', 15],
  ['busy', 5],
  ['slow', 20],
  ['pending', 15],
  ['pending_reject', 10],
  ['late_success', 15],
  ['lost_answer', 25],
  ['lost_answer_notified', 15],
  ['half_open', 10],
  ['lost_request', 15],
  ['reset', 20],
  ['drip', 5],
  ['garbage', 10],
  ['http_500', 10],
  ['http_502', 10],
  ['bad_signature', 10],
  ['unknown_word', 10],
  ['foreign_reference', 10],
  ['early_notification', 10],
  ['duplicate_notification', 10],
  ['contradicting_notification', 5],
  ['late_notification', 10],
  ['out_of_order_notification', 10],
  ['refund_reject', 5],
  ['refund_pending', 5],
  ['refund_lost_answer', 10],
  ['reversal_reject', 5],
  ['reversal_busy', 5],
];
const TOTAL = FATES.reduce((sum, [, weight]) => sum + weight, 0);
/** Shares of payments that go to a bank's page, where the payer pays or cancels after two seconds, and to the wallet. */
const GATEWAY = 0.06;
const WALLET = 0.04;
/** What payers do on a bank's page: pay, cancel, or walk away; then the order must be closed at the bank. */
const PAYS = 0.7;
const CANCELS = 0.85;
/** Some payers are in a hurry: a bank that still owes its word then has a reversal to answer. Beyond the bank's own 5 s plus 2 s. */
const HURRY = 0.2;
const HURRY_MS = 9_000;

/**
 * @param n number of the order in its run; a run has a journal of its own, so that nothing else must be unique
 * @param expiresInMs of an order whose payer is in no hurry
 */
export function drawOrder(n: number, expiresInMs: number, random: () => number): Order {
  const bank = BANKS[Math.floor(random() * BANKS.length)] ?? 'icbc';
  const product = random();
  const fate = drawFate(random);
  const token =
    product < GATEWAY
      ? `tok_${bank}_gateway_${drawPayer(random)}`
      : product < GATEWAY + WALLET
        ? 'tok_wallet_balance_ok'
        : `tok_${bank}_quickpay_${fate}`;
  return {
    orderNo: `chaos-${n}`,
    key: `chaos-key-${n}`,
    value: 100 + Math.floor(random() * 50_000),
    currency: 'CNY',
    token,
    expiresInMs: random() < HURRY ? HURRY_MS : expiresInMs,
  };
}

function drawPayer(random: () => number): string {
  const drawn = random();
  return drawn < PAYS ? 'auto_pay' : drawn < CANCELS ? 'auto_cancel' : 'ok';
}

function drawFate(random: () => number): string {
  let left = random() * TOTAL;
  for (const [name, weight] of FATES) {
    left -= weight;
    if (left < 0) return name;
  }
  return 'ok';
}
