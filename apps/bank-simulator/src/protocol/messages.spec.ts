import { MessageError, parsePay, parseRefund, parseReverse } from './messages';

const pay = {
  reference: 'K7Q2M4ZP6XW3R5T8V9YA',
  amount_minor: 12800,
  currency: 'CNY',
  instrument: 'tok_icbc_quickpay_ok',
  send_by: '2026-11-11T00:00:02.000Z',
};

describe('messages to the bank', () => {
  it('reads a payment and ignores members it does not know', () => {
    expect(parsePay(JSON.stringify({ ...pay, channel_hint: 'x' }))).toEqual({
      reference: pay.reference,
      amountMinor: 12800,
      currency: 'CNY',
      instrument: pay.instrument,
      sendByMs: Date.UTC(2026, 10, 11, 0, 0, 2),
      description: '',
      notifyUrl: null,
      returnUrl: null,
      actionExpiresAtMs: null,
    });
  });

  it.each([
    ['a float', { amount_minor: 0.5 }, /amount_minor/],
    ['nothing to pay', { amount_minor: 0 }, /amount_minor/],
    ['too much', { amount_minor: 1_000_000_000_000 }, /amount_minor/],
    ['an amount as text', { amount_minor: '100' }, /amount_minor/],
    ['a lower-case currency', { currency: 'cny' }, /currency/],
    ['a reference with a slash', { reference: 'a/b' }, /reference/],
    ['no send_by', { send_by: undefined }, /send_by/],
    ['a send_by without milliseconds', { send_by: '2026-11-11T00:00:02Z' }, /milliseconds/],
    ['a send_by that is no day', { send_by: '2026-13-11T00:00:02.000Z' }, /send_by/],
    ['a script as return_url', { return_url: 'javascript:alert(1)' }, /return_url/],
    ['a file as notify_url', { notify_url: 'file:///etc/passwd' }, /notify_url/],
  ])('refuses %s and names the member', (_name, change, message) => {
    expect(() => parsePay(JSON.stringify({ ...pay, ...change }))).toThrow(message);
    expect(() => parsePay(JSON.stringify({ ...pay, ...change }))).toThrow(MessageError);
  });

  it.each(['', 'null', '[]', '"pay"', '{"reference":'])('refuses the body %p', (body) => {
    expect(() => parsePay(body)).toThrow(MessageError);
  });

  it('wants an undo to have a reference of its own', () => {
    expect(() => parseReverse('{"reference":"A","original_reference":"A"}')).toThrow(/must differ/);
    expect(() => parseRefund('{"reference":"B","original_reference":"A","currency":"CNY"}')).toThrow(/amount_minor/);
  });
});
