/** A shop that sends a few orders to a product with a bug in it, and writes down what it asked and heard. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatePaymentRequest, PaymentResponse, ProblemResponse } from '#client';
import { ClientLogWriter, type Heard } from '../client-log-writer';
import type { Orders } from './planted-bug';

/** One order after the other at this pace, ms: a few hundred a second are not what is asked here. */
const PACE_MS = 15;
const ANSWER_WITHIN_MS = 5_000;
/** Without an answer the same key is asked again, for so long, ms: a process that was killed is back by then. */
const ASK_FOR_MS = 15_000;
const ASK_AGAIN_MS = 200;
const EXPIRES_IN_S = 25;

export class Shop {
  private count = 0;
  private readonly log: ClientLogWriter;

  /** @param folder of the client's log */
  constructor(
    folder: string,
    private readonly api: { readonly url: string; readonly key: string; readonly merchant: string },
  ) {
    this.log = new ClientLogWriter(folder);
  }

  /** Sends them all. @returns once each has its answer, and each return is asked for */
  async send(all: readonly Orders[]): Promise<void> {
    const underWay: Promise<void>[] = [];
    for (const orders of all)
      for (let n = 0; n < orders.times; n += 1) {
        this.count += 1;
        underWay.push(this.order(this.count, orders));
        await sleep(PACE_MS);
      }
    await Promise.all(underWay);
  }

  async close(journal: string | null): Promise<void> {
    await this.log.close({ merchant_id: this.api.merchant, journal, payments: this.count });
  }

  private async order(n: number, { token, body, expiresInS, repeats, asksOtherwise, returnsHalf }: Orders) {
    const key = `prove-key-${n}`;
    const wish: CreatePaymentRequest = {
      merchant_order_no: `prove-${n}`,
      amount: { value: 100 + 2 * n, currency: 'CNY' },
      payment_method: { token },
      on_decline: 'fail',
      expires_at: new Date(Date.now() + (expiresInS ?? EXPIRES_IN_S) * 1_000).toISOString(),
      ...body,
    };
    const id = await this.untilKnown(key, wish);
    if (id !== null && repeats) await this.post(key, wish);
    if (id !== null && asksOtherwise) await this.post(key, { ...wish, description: 'another one' });
    if (id !== null && returnsHalf) await this.giveBackHalf(id, wish.amount.value / 2);
    this.log.end(key);
  }

  private async untilKnown(key: string, wish: CreatePaymentRequest): Promise<string | null> {
    for (const begun = performance.now(); ;) {
      const { told, heard } = await this.post(key, wish);
      if (told === true) return (heard.body as PaymentResponse).id;
      if (told === false || performance.now() - begun > ASK_FOR_MS) return null;
      await sleep(ASK_AGAIN_MS);
    }
  }

  private async post(key: string, wish: CreatePaymentRequest) {
    const text = JSON.stringify(wish);
    const heard = await this.call('POST', '/v1/payments', key, text);
    const asked = {
      ...{ key, orderNo: wish.merchant_order_no, value: wish.amount.value, currency: wish.amount.currency },
      ...{ token: wish.payment_method.token, hash: createHash('sha256').update(text).digest('hex') },
    };
    return { told: this.log.note('post', asked, heard), heard };
  }

  private async giveBackHalf(id: string, value: number): Promise<void> {
    const begun = performance.now();
    let paid = false;
    while (!paid && performance.now() - begun < ASK_FOR_MS) {
      const read = await this.call('GET', `/v1/payments/${id}`);
      paid = (read.body as PaymentResponse | null)?.status === 'succeeded';
      if (!paid) await sleep(ASK_AGAIN_MS);
    }
    await this.call(
      'POST',
      `/v1/payments/${id}/refunds`,
      `${id}-half`,
      JSON.stringify({ amount: { value, currency: 'CNY' } }),
    );
  }

  private async call(method: string, path: string, key?: string, body?: string): Promise<Heard> {
    try {
      const answer = await fetch(this.api.url + path, {
        method,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        headers: {
          authorization: `Bearer ${this.api.key}`,
          ...(key === undefined ? {} : { 'idempotency-key': key, 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.status, body: (await answer.json()) as PaymentResponse | ProblemResponse };
    } catch {
      // No answer, or half of one.
      return { status: 0, body: null };
    }
  }
}
