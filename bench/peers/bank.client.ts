/** Speaks to the bank (docs/bank-protocol.md): signs, sends, reads the word. One circuit breaker for each bank. */
import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import CircuitBreaker from 'opossum';
import type { Payment } from './payment';

const TIMEOUT_MS = 5_000;

interface BankAnswer {
  readonly result: string;
  readonly bank_transaction_id?: string;
}

@Injectable()
export class BankClient {
  private readonly url = process.env['BANK_URL'] ?? '';
  private readonly secret = process.env['BANK_SECRET'] ?? '';
  private readonly breakers = new Map<string, CircuitBreaker<[string, Payment], BankAnswer>>();

  charge(payment: Payment): Promise<BankAnswer> {
    const channel = channelOf(payment.token);
    let breaker = this.breakers.get(channel);
    if (!breaker) {
      breaker = new CircuitBreaker((to: string, what: Payment) => this.send(to, what), {
        timeout: TIMEOUT_MS,
        errorThresholdPercentage: 50,
        resetTimeout: 10_000,
      });
      this.breakers.set(channel, breaker);
    }
    return breaker.fire(channel, payment);
  }

  private async send(channel: string, { id, amount, currency, token }: Payment): Promise<BankAnswer> {
    const path = `/banks/${channel}/pay`;
    const timestamp = String(Date.now());
    const sendBy = new Date(Date.now() + TIMEOUT_MS).toISOString();
    const body = JSON.stringify({ reference: id, amount_minor: amount, currency, instrument: token, send_by: sendBy });
    const signature = createHmac('sha256', this.secret).update(`POST\n${path}\n${timestamp}\n${body}`).digest('hex');
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'bank-key-id': 'k1',
        'bank-timestamp': timestamp,
        'bank-signature': `v1=${signature}`,
      },
      body,
    });
    if (!response.ok) throw new Error(`The bank answered ${response.status}`);
    return (await response.json()) as BankAnswer;
  }
}

/** `tok_icbc_quickpay_ok` is paid over `icbc.quickpay`. */
function channelOf(token: string): string {
  const [, bank, product] = token.split('_');
  return `${bank}.${product}`;
}
