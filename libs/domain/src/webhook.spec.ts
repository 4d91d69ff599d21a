import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PaymentId } from './ids';
import {
  EVENT_TYPES,
  type WebhookEndpointId,
  isEventTypeList,
  isWebhookEndpointId,
  parseWebhookDeliveryId,
  webhookDeliveryId,
} from './webhook';

const endpointId = 'whe_01m80jktghe4fbqfv67qr043d5' as WebhookEndpointId;
const paymentId = 'pay_01m80jktghe4fbqfv67qr043d4' as PaymentId;

describe('a delivery’s id', () => {
  it('is its endpoint, payment and version, there and back, and holds no dot', () => {
    const id = webhookDeliveryId({ endpointId, paymentId, version: 3 });
    expect(id).toBe('whd_01m80jktghe4fbqfv67qr043d4_3_01m80jktghe4fbqfv67qr043d5');
    expect(parseWebhookDeliveryId(id)).toEqual({ endpointId, paymentId, version: 3 });
  });

  it.each([
    '',
    'whd_',
    'whd_01m80jktghe4fbqfv67qr043d4_0_01m80jktghe4fbqfv67qr043d5',
    'whd_01m80jktghe4fbqfv67qr043d4_3_01m80jktghe4fbqfv67qr043d5 ',
    'whd_01m80jktghe4fbqfv67qr043d4_3e1_01m80jktghe4fbqfv67qr043d5',
    `${paymentId}_3_01m80jktghe4fbqfv67qr043d5`,
  ])('is not %j', (text) => expect(parseWebhookDeliveryId(text)).toBeNull());

  it('names endpoints by their own kind', () => {
    expect(isWebhookEndpointId(endpointId)).toBe(true);
    expect(isWebhookEndpointId(paymentId)).toBe(false);
  });
});

describe('the types of events', () => {
  it('are those that the source writes: none that a merchant cannot ask for', () => {
    const cwd = path.join(__dirname, '..', '..');
    const files = globSync('{policy,dispatch,postgres}/src/**/*.ts', { cwd });
    const written = new Set<string>();
    for (const file of files.filter((name) => !/[.]spec[.]ts$|steps[.]ts$/.test(name))) {
      const text = readFileSync(path.join(cwd, file), 'utf8');
      for (const [, type] of text.matchAll(/'(payment[.][a-z_]+)'/g)) written.add(type!);
    }
    expect(written.size).toBeGreaterThan(10);
    expect([...written].filter((type) => !EVENT_TYPES.some((known) => known === type))).toEqual([]);
  });

  it('are asked for by name, each once, or all of them', () => {
    expect(isEventTypeList(['*'])).toBe(true);
    expect(isEventTypeList(['payment.succeeded', 'refund.succeeded'])).toBe(true);
    for (const list of [
      [],
      ['*', 'payment.succeeded'],
      ['payment.paid'],
      ['payment.failed', 'payment.failed'],
      '*',
      null,
      [1],
    ])
      expect(isEventTypeList(list)).toBe(false);
  });
});
