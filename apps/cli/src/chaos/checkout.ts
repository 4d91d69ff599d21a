/**
 * The checkout: new payments come at their times whatever the product does (an open model), and each is asked for again under the same
 * key until the answer is known. Everything it asked and heard goes into a client's log, as the money audit reads it.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { CreatePaymentRequest, PaymentResponse, ProblemResponse } from '#client';
import { ClientLogWriter } from '../audit/client-log-writer';
import { seededRandom } from '#simulation';
import { drawOrder, type Order } from './orders';

export interface CheckoutWish {
  /** Where the log goes. */
  readonly folder: string;
  readonly apiUrl: string;
  readonly merchant: { readonly id: string; readonly api_key: string };
  readonly ratePerSecond: number;
  /** How long an order may take whose payer is in no hurry. */
  readonly expiresInMs: number;
  readonly seed: number;
}

/** A shop gives up on an answer after this and asks again, ms: longer than any healthy answer, shorter than a payer's patience. */
const ANSWER_WITHIN_MS = 5_000;
/** Between two tries, ms. */
const PAUSES_MS = [50, 100, 200, 500, 1_000];
/** How many shops give up when they are told "not accepted"; the others ask again under the same key. */
const GIVE_UP = 0.5;
/** How many payers press the button twice at once. */
const PRESS_TWICE = 0.03;
/** How many payers change their mind. */
const CANCEL = 0.03;
/** How many send the goods back, half of them only a part: far more than on a real day, so that each fault meets some. */
const RETURN = 0.08;
/** How many take another card: half of them at once, while they wait; half after a no. */
const SWITCH = 0.08;
/** A return is asked for until its answer is known, at most so often; the shop's own queue would take it on from there. */
const RETURN_TRIES_MAX = 20;
const CONNECTIONS = 256;

/** What one payer does beside paying. */
interface Habits {
  readonly pressesTwice: boolean;
  readonly cancels: boolean;
  /** Told "not accepted", asks no more. */
  readonly givesUp: boolean;
  readonly returns: boolean;
  readonly switches: 'at_once' | 'after_a_no' | null;
}

export class Checkout {
  posted = 0;
  accepted = 0;
  /** Keys whose last answer was "not accepted". */
  readonly refused: string[] = [];
  /** Never learned whether they were accepted. */
  unanswered = 0;
  repeated = 0;
  /** Who comes when, with which card: drawn in order, so that a seed means the same load whatever the answers are. */
  private readonly arrivals: () => number;
  /** Between two tries; how often it is drawn depends on the answers. */
  private readonly patience: () => number;
  private readonly log: ClientLogWriter;
  private readonly agent = new Agent({ connections: CONNECTIONS, connect: { timeout: 1_000 } });
  private readonly underWay = new Set<Promise<void>>();
  private readonly known: { order: Order; hash: string; payment: string }[] = [];
  private givingUp = false;

  constructor(private readonly wish: CheckoutWish) {
    this.arrivals = seededRandom(wish.seed, 'checkout');
    this.patience = seededRandom(wish.seed, 'patience');
    this.log = new ClientLogWriter(wish.folder);
  }

  /** Posts for `forMs`, and then while `more` says so, at most `moreMs` longer; answers may still come afterwards. */
  async run(forMs: number, more: () => boolean, moreMs: number): Promise<void> {
    const random = this.arrivals;
    const { ratePerSecond, expiresInMs } = this.wish;
    const begun = performance.now();
    const goesOn = (atMs: number): boolean => atMs < forMs || (atMs < forMs + moreMs && more());
    for (let dueMs = 0; goesOn(dueMs); dueMs += (-Math.log(1 - random()) * 1_000) / ratePerSecond) {
      const waitMs = dueMs - (performance.now() - begun);
      if (waitMs > 0) await sleep(waitMs);
      const order = drawOrder(this.posted, expiresInMs, random);
      this.posted += 1;
      const habits = {
        pressesTwice: random() < PRESS_TWICE,
        cancels: random() < CANCEL,
        givesUp: random() < GIVE_UP,
        returns: random() < RETURN,
        switches: switchOf(random()),
      } satisfies Habits;
      const pays = this.pay(order, habits);
      this.underWay.add(pays);
      void pays.finally(() => this.underWay.delete(pays));
    }
  }

  /** Waits until every payment's acceptance is known, at most so long. */
  async settled(withinMs: number): Promise<void> {
    const bound = new AbortController();
    await Promise.race([
      Promise.all(this.underWay),
      sleep(withinMs, undefined, { signal: bound.signal }).catch(() => undefined),
    ]);
    bound.abort();
    this.givingUp = true;
    await Promise.all(this.underWay);
  }

  /** Reads every accepted payment once more, so that the log has the API's last word, and closes the log. */
  async readAll(journal: string | null): Promise<{ notFinal: number; unread: number }> {
    let notFinal = 0;
    let unread = 0;
    for (let from = 0; from < this.known.length; from += READS_AT_ONCE) {
      await Promise.all(
        this.known.slice(from, from + READS_AT_ONCE).map(async ({ order, hash, payment }) => {
          const read = await this.call<PaymentResponse>('GET', `/v1/payments/${payment}`);
          this.log.note('read', { ...order, hash }, read);
          if (read.status !== 200) unread += 1;
          else if (!(read.body as PaymentResponse).final) notFinal += 1;
        }),
      );
    }
    await this.log.close({ merchant_id: this.wish.merchant.id, journal, payments: this.posted });
    await this.agent.close();
    return { notFinal, unread };
  }

  private async pay(order: Order, habits: Habits): Promise<void> {
    const payment: CreatePaymentRequest = {
      merchant_order_no: order.orderNo,
      amount: { value: order.value, currency: order.currency },
      payment_method: { token: order.token },
      on_decline: habits.switches === null ? 'fail' : 'requires_payment_method',
      expires_at: new Date(Date.now() + order.expiresInMs).toISOString(),
    };
    const body = JSON.stringify(payment);
    const hash = createHash('sha256').update(body).digest('hex');
    const asks = [this.untilKnown(order, body, hash, habits.givesUp)];
    if (habits.pressesTwice) asks.push(this.untilKnown(order, body, hash, false));
    const answers = await Promise.all(asks);
    const id = answers.find((answer) => typeof answer === 'string' && answer.startsWith('pay_'));
    if (id !== undefined) {
      this.accepted += 1;
      this.known.push({ order, hash, payment: id });
      if (habits.cancels) await this.call('POST', `/v1/payments/${id}/cancel`);
      else if (habits.switches !== null) await this.takeAnotherCard(order, id, habits.switches);
      else if (habits.returns) await this.returnGoods(order, id);
    } else if (answers.includes('unknown')) this.unanswered += 1;
    else this.refused.push(order.key);
    this.log.end(order.key);
  }

  /** Once it is paid, all of it or half of it goes back, under one key however often it must be asked. */
  private async returnGoods(order: Order, id: string): Promise<void> {
    const part = order.value % 2 === 0 ? { amount: { value: order.value / 2, currency: order.currency } } : {};
    for (let turn = 0; turn < RETURN_TRIES_MAX && !this.givingUp; turn += 1) {
      const read = await this.call<PaymentResponse>('GET', `/v1/payments/${id}`);
      const paid = read.body?.status === 'succeeded';
      if (read.status === 200 && read.body?.final && !paid) return;
      if (paid) {
        const asked = await this.call(
          'POST',
          `/v1/payments/${id}/refunds`,
          `${order.key}-return`,
          JSON.stringify(part),
        );
        if (asked.status >= 200 && asked.status < 500 && asked.status !== 409) return;
      }
      await sleep(PAUSES_MS.at(-1));
    }
  }

  /** Another bank's card, under one key however often it must be asked: in the queue, or once the first card was declined. */
  private async takeAnotherCard(order: Order, id: string, when: 'at_once' | 'after_a_no'): Promise<void> {
    const body = JSON.stringify({ payment_method: { token: 'tok_ccb_quickpay_ok' } });
    for (let turn = 0; turn < RETURN_TRIES_MAX && !this.givingUp; turn += 1) {
      const read = when === 'at_once' ? null : await this.call<PaymentResponse>('GET', `/v1/payments/${id}`);
      if (read?.status === 200 && read.body?.final) return;
      if (read === null || read.body?.status === 'requires_payment_method') {
        const asked = await this.call('POST', `/v1/payments/${id}/switch`, `${order.key}-switch`, body);
        if (asked.status >= 200 && asked.status < 500) return;
      }
      await sleep(PAUSES_MS.at(-1));
    }
  }

  /** @returns the payment's id, or that it was refused, or that it could not be learned */
  private async untilKnown(order: Order, body: string, hash: string, givesUp: boolean): Promise<string> {
    let told: boolean | 'unknown' = 'unknown';
    for (let turn = 0; ; turn += 1) {
      const heard = await this.call<PaymentResponse | ProblemResponse>('POST', '/v1/payments', order.key, body);
      told = this.log.note('post', { ...order, hash }, heard);
      if (told === true) return (heard.body as PaymentResponse).id;
      const asking = heard.status === 0 || heard.status >= 500 || heard.status === 409 || heard.status === 429;
      if (!asking || (told === false && givesUp)) return told === false ? 'refused' : 'unknown';
      if (this.givingUp) return told === false ? 'refused' : 'unknown';
      this.repeated += 1;
      await sleep((PAUSES_MS[Math.min(turn, PAUSES_MS.length - 1)] ?? 1_000) * (0.75 + this.patience() / 2));
    }
  }

  private async call<Body>(
    method: 'GET' | 'POST',
    path: string,
    key?: string,
    body?: string,
  ): Promise<{ status: number; body: Body | null }> {
    try {
      const answer = await request(this.wish.apiUrl + path, {
        method,
        dispatcher: this.agent,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        headers: {
          authorization: `Bearer ${this.wish.merchant.api_key}`,
          ...(key === undefined ? {} : { 'idempotency-key': key, 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.statusCode, body: (await answer.body.json()) as Body };
    } catch {
      // No answer, or half of one: what became of the request is not known.
      return { status: 0, body: null };
    }
  }
}

function switchOf(drawn: number): Habits['switches'] {
  if (drawn < SWITCH / 2) return 'at_once';
  return drawn < SWITCH ? 'after_a_no' : null;
}

/** Enough to be quick, few enough to be no load. */
const READS_AT_ONCE = 32;
