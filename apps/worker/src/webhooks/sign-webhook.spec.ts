import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signWebhook } from './sign-webhook';

const OLD = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NEW = 'whsec_bmV3IHNlY3JldCBvZiBlbm91Z2ggYnl0ZXMgISE=';
const id = 'whd_01m80jktghe4fbqfv67qr043d4_3_01m80jktghe4fbqfv67qr043d5';
const body = '{"id":3,"type":"payment.succeeded","note":"双11"}';
const nowMs = Date.now();
const headersOf = (signature: string) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(nowMs / 1000)),
  'webhook-signature': signature,
});

describe('the signature of a webhook', () => {
  it('is HMAC-SHA256 over id, timestamp and body, as the specification writes it', () => {
    const key = Buffer.from(OLD.slice('whsec_'.length), 'base64');
    const text = `${id}.${Math.floor(nowMs / 1000)}.${body}`;
    const expected = `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
    expect(signWebhook([OLD], id, nowMs, body)).toBe(expected);
  });

  it('during a rotation holds for the old secret and for the new one, and for no other', () => {
    const headers = headersOf(signWebhook([NEW, OLD], id, nowMs, body));
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    expect(new Webhook(OLD).verify(body, headers)).toMatchObject({ id: 3 });
    expect(new Webhook(NEW).verify(body, headers)).toMatchObject({ id: 3 });
    expect(() => new Webhook('whsec_b3RoZXIgc2VjcmV0IG9mIGVub3VnaCBieXRlcw==').verify(body, headers)).toThrow();
  });

  it('fails where any part was tampered with', () => {
    const good = headersOf(signWebhook([OLD], id, nowMs, body));
    const webhook = new Webhook(OLD);
    const seconds = Number(good['webhook-timestamp']);
    expect(() => webhook.verify(body.replace('3', '4'), good)).toThrow();
    expect(() => webhook.verify(`${body} `, good)).toThrow();
    expect(() => webhook.verify(body, { ...good, 'webhook-id': id.replace('_3_', '_4_') })).toThrow();
    expect(() => webhook.verify(body, { ...good, 'webhook-timestamp': String(seconds + 1) })).toThrow();
    expect(() => webhook.verify(body, { ...good, 'webhook-timestamp': String(seconds - 301) })).toThrow();
    const [version, mac = ''] = good['webhook-signature'].split(',');
    const flipped = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
    expect(() => webhook.verify(body, { ...good, 'webhook-signature': `${version},${flipped}` })).toThrow();
    expect(() => webhook.verify(body, { ...good, 'webhook-signature': `v2,${mac}` })).toThrow();
  });
});
