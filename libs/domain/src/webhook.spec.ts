import type { PaymentId } from './ids';
import { type WebhookEndpointId, isWebhookEndpointId, parseWebhookDeliveryId, webhookDeliveryId } from './webhook';

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
