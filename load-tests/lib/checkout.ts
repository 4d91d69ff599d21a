// The checkout: posts an order under its key, repeats it under the same key until it knows, and waits for the payment's final state
// as a cashier page does. It follows the API's promises and nothing else.
import { sha256 } from 'k6/crypto';
import http, { type RefinedResponse } from 'k6/http';
import { sleep } from 'k6';
import type { CreatePaymentRequest, PaymentResponse, ProblemResponse } from '../../libs/client/src/index.ts';
import { note, noteEnd } from './client-log.ts';
import { measured } from './figures.ts';
import type { Order } from './orders.ts';

/** Where the product is. */
export interface Shop {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** A payer who has heard nothing final for so long is counted as not final, s. */
  readonly followSeconds: number;
}

/** An API that is restarting is back in seconds; nobody presses the button longer than a minute. */
const ASK_FOR_MS = 60_000;
/** Without advice in the answer: soon, then less often, with chance so that a crowd does not come back at once. */
const PAUSES_S = [0.1, 0.2, 0.5, 1, 2];
/** The API holds a waiting read for so long; longer than the answer of an ordinary bank, shorter than what proxies allow. */
const LONG_POLL_S = 10;
/** An instruction that nobody needs after a minute: it expires in the queue rather than surprising the payer later. */
const EXPIRES_AFTER_MS = 60_000;

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 599 }));

/** Pays one order and follows it to its end. */
export function pay(shop: Shop, order: Order): void {
  const begun = Date.now();
  const request: CreatePaymentRequest = {
    merchant_order_no: order.orderNo,
    amount: { value: order.value, currency: order.currency },
    payment_method: { token: order.token },
    payer_id: order.payer,
    on_decline: 'fail',
    expires_at: new Date(begun + EXPIRES_AFTER_MS).toISOString(),
  };
  const body = JSON.stringify(request);
  const hash = sha256(body, 'hex');
  measured.posted.add(1);
  const payment = accepted(shop, order, body, hash, begun);
  if (payment === null) {
    measured.notAccepted.add(1);
    noteEnd(order);
    return;
  }
  measured.accepted.add(1);
  const state = finalState(shop, order, hash, payment, begun + shop.followSeconds * 1_000);
  noteEnd(order);
  if (state === null) {
    measured.notFinal.add(1);
    return;
  }
  measured.final.add(1, { state });
  measured.ended(state).add(1);
  measured.endToEnd.add(Date.now() - begun);
  if (order.fate === 'ok') measured.endToEndOrdinary.add(Date.now() - begun);
}

/** Repeats under the same key until accepted, refused for good, or out of patience. */
function accepted(shop: Shop, order: Order, body: string, hash: string, begun: number): PaymentResponse | null {
  for (let turn = 0; ; turn += 1) {
    const sent = Date.now();
    const response = http.post(`${shop.apiUrl}/v1/payments`, body, {
      headers: { ...headersOf(shop), 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
      timeout: '10s',
      tags: { name: 'POST /v1/payments' },
    });
    const payment = response.status >= 200 && response.status < 300 ? bodyOf<PaymentResponse>(response) : null;
    const problem = payment === null ? bodyOf<ProblemResponse>(response) : null;
    const told = payment !== null ? true : (problem?.accepted ?? 'unknown');
    note(order, hash, {
      kind: 'post',
      sent,
      status: response.status,
      code: problem?.code ?? null,
      accepted: told === true || told === false ? told : 'unknown',
      payment: payment?.id ?? null,
      state: payment?.status ?? null,
    });
    if (payment !== null) {
      measured.acknowledge.add(response.timings.duration);
      return payment;
    }
    const mayHelp =
      response.status === 0 || response.status >= 500 || response.status === 409 || response.status === 429;
    if (!mayHelp || Date.now() - begun > ASK_FOR_MS) return null;
    measured.repeated.add(1);
    sleep(pauseS(response, turn));
  }
}

/** Long-polls until the payment is final. Null: it was not, in time. */
function finalState(shop: Shop, order: Order, hash: string, posted: PaymentResponse, deadline: number): string | null {
  let payment = posted;
  let sent = Date.now();
  for (let turn = 0; !payment.final; turn += 1) {
    if (Date.now() > deadline) return null;
    sent = Date.now();
    const response = http.get(`${shop.apiUrl}/v1/payments/${payment.id}`, {
      headers: { ...headersOf(shop), Prefer: `wait=${LONG_POLL_S}` },
      timeout: `${LONG_POLL_S + 5}s`,
      tags: { name: 'GET /v1/payments/{id}' },
    });
    const read = response.status === 200 ? bodyOf<PaymentResponse>(response) : null;
    if (read === null) {
      sleep(pauseS(response, turn));
      continue;
    }
    // Redirects wait for a payer: ask again a little later rather than at once.
    if (read.version === payment.version && !read.final && response.timings.duration < 1_000) sleep(0.5);
    payment = read;
  }
  note(order, hash, {
    kind: 'read',
    sent,
    status: 200,
    code: null,
    accepted: true,
    payment: payment.id,
    state: payment.status,
  });
  return payment.status;
}

function headersOf(shop: Shop): Record<string, string> {
  return { Authorization: `Bearer ${shop.apiKey}` };
}

function bodyOf<Body>(response: RefinedResponse<'text'>): Body | null {
  try {
    return JSON.parse(response.body as string) as Body;
  } catch {
    return null;
  }
}

function pauseS(response: RefinedResponse<'text'>, turn: number): number {
  const advised = Number(response.headers['Retry-After']);
  const base = advised > 0 ? advised : (PAUSES_S[turn] ?? 2);
  return Math.min(base, 5) * (0.75 + Math.random() / 2);
}
