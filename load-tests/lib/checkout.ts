// The checkout: posts an order under its key, repeats it under the same key until it knows, and waits for the payment's final state
// as a cashier page does. It follows the API's promises and nothing else.
import { sha256 } from 'k6/crypto';
import http, { type RefinedResponse } from 'k6/http';
import { sleep } from 'k6';
import type {
  CreatePaymentRequest,
  PaymentEventResponse,
  PaymentResponse,
  ProblemResponse,
  SuggestionResponse,
} from '../../libs/client/src/index.ts';
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

/** What kind of payer stands at the checkout. */
export interface Manner {
  /** Goes into the client's log, so that figures can be told by phase. */
  readonly phase: string | null;
  readonly expiresAfterMs: number;
  /** Patience in our queue, ms; null: as long as the channel allows. */
  readonly maxWaitMs: number | null;
  /** For how long after the first POST the payer comes back after refusals that stored nothing, ms; 0: a refusal is an answer. */
  readonly comesBackForMs: number;
  /** Whether the payer then waits as long as the answer says. */
  readonly heedsRetryAfter: boolean;
  /** How long the payer waits for the answer to a POST before pressing again, ms. */
  readonly givesUpMs: number;
  /** Tokens of the payer's other cards. */
  readonly otherCards: readonly string[];
  /** Whether the payer takes a suggestion, and after how long, ms. */
  readonly follows: boolean;
  readonly thinksForMs: number;
  /** Waits on the payment's event stream, as a cashier page does, instead of long-polling. */
  readonly streams: boolean;
}

const PATIENT: Manner = {
  phase: null,
  expiresAfterMs: EXPIRES_AFTER_MS,
  maxWaitMs: null,
  comesBackForMs: ASK_FOR_MS,
  heedsRetryAfter: true,
  givesUpMs: 10_000,
  otherCards: [],
  follows: false,
  thinksForMs: 0,
  streams: false,
};

/** Pays one order and follows it to its end. */
export function pay(shop: Shop, order: Order, manner: Manner = PATIENT): void {
  const begun = Date.now();
  measured.posted.add(1);
  let paid = posted(shop, order, manner, begun, null);
  if (paid.payment === null && paid.offer !== null && manner.follows) {
    sleep(manner.thinksForMs / 1_000);
    // Nothing was stored, so this is another instruction, under a key of its own.
    const moved = { ...order, key: `${order.key}-moved`, token: paid.offer.payment_method.token };
    measured.followed.add(1);
    paid = posted(shop, moved, manner, begun, paid.offer);
  }
  const { payment, hash, asked } = paid;
  if (payment === null) {
    measured.notAccepted.add(1);
    noteEnd(order);
    return;
  }
  measured.accepted.add(1);
  const switched = manner.follows && asked === order ? takesOffer(shop, payment, manner) : null;
  const about = { phase: manner.phase, moved: switched !== null || asked !== order };
  const seen = switched ?? payment;
  const streamed = manner.streams && !seen.final ? lastOfStream(shop, seen) : null;
  const state = finalState(shop, asked, hash, streamed ?? seen, begun + shop.followSeconds * 1_000, about);
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

/** What a POST came to. */
interface Posted {
  readonly payment: PaymentResponse | null;
  /** What a refusal offered instead. */
  readonly offer: SuggestionResponse | null;
  readonly asked: Order;
  readonly hash: string;
}

/** Repeats under the same key until accepted, refused for good, or out of patience. */
function posted(
  shop: Shop,
  order: Order,
  manner: Manner,
  begun: number,
  suggestion: SuggestionResponse | null,
): Posted {
  const request: CreatePaymentRequest = {
    merchant_order_no: order.orderNo,
    amount: { value: order.value, currency: order.currency },
    payment_method: { token: order.token },
    payer_id: order.payer,
    on_decline: 'fail',
    expires_at: new Date(Date.now() + manner.expiresAfterMs).toISOString(),
    ...(manner.maxWaitMs === null ? {} : { routing: { max_wait_ms: manner.maxWaitMs } }),
    ...(manner.otherCards.length === 0 || suggestion !== null ? {} : { alternatives: [...manner.otherCards] }),
    ...(suggestion === null ? {} : { suggestion_id: suggestion.id }),
  };
  const body = JSON.stringify(request);
  const hash = sha256(body, 'hex');
  for (let turn = 0; ; turn += 1) {
    const sent = Date.now();
    const response = http.post(`${shop.apiUrl}/v1/payments`, body, {
      headers: { ...headersOf(shop), 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
      timeout: `${manner.givesUpMs}ms`,
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
      took: response.timings.duration,
      phase: manner.phase,
      moved: suggestion !== null,
      others: manner.follows ? manner.otherCards : [],
      eta: payment?.queue?.eta_ms ?? null,
      offered: (payment ?? problem)?.suggestions?.some(({ id }) => id !== null) ?? false,
    });
    if (payment !== null) {
      measured.acknowledge.add(response.timings.duration);
      return { payment, offer: null, asked: order, hash };
    }
    const offer = problem?.suggestions?.find(({ id }) => id !== null) ?? null;
    const refused = told === false && response.status === 503;
    const mayHelp =
      response.status === 0 || response.status >= 500 || response.status === 409 || response.status === 429;
    const patienceMs = refused ? manner.comesBackForMs : ASK_FOR_MS;
    const pause = pauseS(response, turn, manner.heedsRetryAfter);
    const takesAnOffer = refused && offer !== null && manner.follows && suggestion === null;
    if (!mayHelp || takesAnOffer || Date.now() - begun + pause * 1_000 > patienceMs)
      return { payment: null, offer, asked: order, hash };
    measured.repeated.add(1);
    sleep(pause);
  }
}

/** A payer who waits and is offered a quicker way takes it. Null: there was none, or the payment was quicker than the payer. */
function takesOffer(shop: Shop, payment: PaymentResponse, manner: Manner): PaymentResponse | null {
  const offer = payment.suggestions.find(({ id }) => id !== null);
  if (offer === undefined || payment.final) return null;
  sleep(manner.thinksForMs / 1_000);
  const response = http.post(
    `${shop.apiUrl}/v1/payments/${payment.id}/switch`,
    JSON.stringify({ payment_method: offer.payment_method, suggestion_id: offer.id }),
    {
      headers: { ...headersOf(shop), 'Content-Type': 'application/json', 'Idempotency-Key': `${payment.id}-switch` },
      timeout: '10s',
      tags: { name: 'POST /v1/payments/{id}/switch' },
    },
  );
  if (response.status < 200 || response.status >= 300) return null;
  measured.followed.add(1);
  return bodyOf<PaymentResponse>(response);
}

/** Longer than anything takes that is not an outage; after it the payer polls. */
const STREAM_S = 30;

/** Reads the payment's event stream until its end. Null: there was no room for another stream, or it broke off. */
function lastOfStream(shop: Shop, payment: PaymentResponse): PaymentResponse | null {
  const response = http.get(`${shop.apiUrl}/v1/payments/${payment.id}/events?after=${payment.version}`, {
    headers: { ...headersOf(shop), Accept: 'text/event-stream' },
    timeout: `${STREAM_S}s`,
    tags: { name: 'GET /v1/payments/{id}/events' },
  });
  if (response.status !== 200 || typeof response.body !== 'string') return null;
  const events = response.body.split('\n').filter((line) => line.startsWith('data: {"id":'));
  const last = events[events.length - 1];
  return last === undefined ? null : (JSON.parse(last.slice('data: '.length)) as PaymentEventResponse).payment;
}

/** Long-polls until the payment is final. Null: it was not, in time. */
function finalState(
  shop: Shop,
  order: Order,
  hash: string,
  posted: PaymentResponse,
  deadline: number,
  about: { readonly phase: string | null; readonly moved: boolean },
): string | null {
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
      sleep(pauseS(response, turn, true));
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
    channel: payment.channel.id,
    ...about,
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

/** Whoever is told to come back later than this has a site to wait for, not a queue. */
const PAUSE_MOST_S = 30;

/** As long as the answer says, or a little more, so that a crowd does not come back at once. */
function pauseS(response: RefinedResponse<'text'>, turn: number, heedsRetryAfter: boolean): number {
  const advised = heedsRetryAfter ? Number(response.headers['Retry-After']) : 0;
  const base = advised > 0 ? advised : (PAUSES_S[turn] ?? 2);
  return Math.min(base, PAUSE_MOST_S) * (1 + Math.random() / 4);
}
