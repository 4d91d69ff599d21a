import { RestSignatures } from './rest.signature';

// The vectors of docs/bank-protocol.md section 2, copied by hand: the page is the contract, not our code.
const SECRET = 'sandbox-secret-0123456789abcdef';
const NOW = 1_794_355_200_000;
const signatures = new RestSignatures({ keyId: 'k1', secrets: { k1: SECRET, k2: 'the next one' } });
const bytes = (text: string) => Buffer.from(text);

const PAY_PATH = '/banks/icbc.quickpay/pay';
const PAY_BODY =
  '{"reference":"K7Q2M4ZP6XW3R5T8V9YA","amount_minor":12800,"currency":"CNY","instrument":"tok_icbc_quickpay_ok","send_by":"2026-11-11T00:00:02.000Z"}';
const PAY_SIGNATURE = 'v1=4d26aa67884ade74ea3e785963e693acbbd03dbdb532c4b999f86b127a407fbe';
const ANSWER_BODY =
  '{"result":"OK","code":"00","message":"Approved","reference":"K7Q2M4ZP6XW3R5T8V9YA","amount_minor":12800,"currency":"CNY","bank_transaction_id":"ICBC2026111100000001","booked_at":"2026-11-11T00:00:00.120Z"}';
const ANSWER_HEADERS = {
  'bank-key-id': 'k1',
  'bank-timestamp': '1794355200125',
  'bank-signature': 'v1=20f3132d37dffc8e70dc3739e3f94a52dc690934ba89816e8c55daa2e0c04fa6',
};
const NOTIFY_PATH = '/v1/notifications/icbc.gateway?site=a';
const NOTIFY_BODY =
  '{"notification_id":"ntf_1","result":"OK","code":"00","reference":"K7Q2M4ZP6XW3R5T8V9YA","amount_minor":12800,"currency":"CNY"}';
const NOTIFY_HEADERS = {
  'bank-key-id': 'k1',
  'bank-timestamp': '1794355203000',
  'bank-signature': 'v1=9cef5a2e23364ab29faa299548ac170c7565469ad7c8fa239659b60755fd5be9',
};

describe('the signatures of the bank protocol', () => {
  it('signs a payment as the page says', () => {
    expect(signatures.signRequest('POST', PAY_PATH, String(NOW), PAY_BODY)).toBe(PAY_SIGNATURE);
  });

  it('signs a GET with its query and an empty body', () => {
    const path = '/banks/icbc.quickpay/statements/2026-11-11?format=csv';
    expect(signatures.signRequest('GET', path, String(NOW), '')).toBe(
      'v1=3b3c2de3a13bb75aa35fdda894f4c14399b9fd448ce7bc8e49a4282480645cbb',
    );
  });

  it('believes the answer and the notification of the page', () => {
    expect(signatures.faultOfAnswer(ANSWER_HEADERS, 200, PAY_PATH, PAY_SIGNATURE, bytes(ANSWER_BODY), NOW)).toBeNull();
    expect(signatures.faultOfRequest(NOTIFY_HEADERS, 'POST', NOTIFY_PATH, bytes(NOTIFY_BODY), NOW)).toBeNull();
  });

  it.each([
    ['status', () => signatures.faultOfAnswer(ANSWER_HEADERS, 503, PAY_PATH, PAY_SIGNATURE, bytes(ANSWER_BODY), NOW)],
    ['path', () => signatures.faultOfAnswer(ANSWER_HEADERS, 200, '/other', PAY_SIGNATURE, bytes(ANSWER_BODY), NOW)],
    ['question', () => signatures.faultOfAnswer(ANSWER_HEADERS, 200, PAY_PATH, 'v1=00', bytes(ANSWER_BODY), NOW)],
    [
      'amount',
      () =>
        signatures.faultOfAnswer(
          ANSWER_HEADERS,
          200,
          PAY_PATH,
          PAY_SIGNATURE,
          bytes(ANSWER_BODY.replace('12800', '12801')),
          NOW,
        ),
    ],
    [
      'key, although both are ours',
      () =>
        signatures.faultOfAnswer(
          { ...ANSWER_HEADERS, 'bank-key-id': 'k2' },
          200,
          PAY_PATH,
          PAY_SIGNATURE,
          bytes(ANSWER_BODY),
          NOW,
        ),
    ],
    [
      'second signature header',
      () =>
        signatures.faultOfAnswer(
          { ...ANSWER_HEADERS, 'bank-signature': [ANSWER_HEADERS['bank-signature'], 'v1=00'] },
          200,
          PAY_PATH,
          PAY_SIGNATURE,
          bytes(ANSWER_BODY),
          NOW,
        ),
    ],
  ])('does not believe an answer with another %s', (_what, fault) => {
    expect(fault()).toBe('signature_invalid');
  });

  it('does not believe an unsigned message', () => {
    expect(signatures.faultOfRequest({}, 'POST', NOTIFY_PATH, bytes(NOTIFY_BODY), NOW)).toBe('signature_invalid');
  });

  it('calls a genuine message stale when its clock is more than five minutes from ours, either way', () => {
    for (const away of [300_001, -300_001]) {
      const now = 1_794_355_203_000 + away;
      expect(signatures.faultOfRequest(NOTIFY_HEADERS, 'POST', NOTIFY_PATH, bytes(NOTIFY_BODY), now)).toBe('stale');
    }
  });

  it('refuses to start without the secret it is to sign with', () => {
    expect(() => new RestSignatures({ keyId: 'k9', secrets: { k1: SECRET } })).toThrow(/k9.*known: k1/);
  });
});
