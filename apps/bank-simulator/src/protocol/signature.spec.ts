import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_ID, signAnswer, signatureProblem, signRequest } from './signature';

const secret = 'sandbox-secret-0123456789abcdef';
const page = readFileSync(join(__dirname, '../../../../docs/bank-protocol.md'), 'utf8');

/** The lines of one vector of the page, by their first word. */
function vector(start: string): Record<string, string> {
  const block = page.slice(page.indexOf(`\n${start}`) + 1).split('\n\n')[0] ?? '';
  return Object.fromEntries(block.split('\n').map((line) => [line.slice(0, 11).trim(), line.slice(11).trim()]));
}

describe('signatures of the bank protocol', () => {
  it('signs the request of the page as the page says', () => {
    const given = vector('request    POST /banks/icbc.quickpay/pay');
    expect(signRequest(secret, 'POST', '/banks/icbc.quickpay/pay', '1794355200000', given['body'] ?? '')).toBe(
      given['signature'],
    );
  });

  it('ties the answer of the page to its request', () => {
    const request = vector('request    POST /banks/icbc.quickpay/pay');
    const given = vector('answer     200');
    const sign = (requestSignature: string): string =>
      signAnswer(secret, 200, '/banks/icbc.quickpay/pay', '1794355200125', requestSignature, given['body'] ?? '');
    expect(sign(request['signature'] ?? '')).toBe(given['signature']);
    expect(sign('')).not.toBe(given['signature']);
  });

  it('signs the query of a GET and the path of a notify_url', () => {
    const statement = '/banks/icbc.quickpay/statements/2026-11-11?format=csv';
    expect(signRequest(secret, 'GET', statement, '1794355200000', '')).toBe(vector('request    GET')['signature']);
    const notify = vector('notify     POST');
    expect(
      signRequest(secret, 'POST', '/v1/notifications/icbc.gateway?site=a', '1794355203000', notify['body'] ?? ''),
    ).toBe(notify['signature']);
  });

  describe('says what is wrong with a request', () => {
    const nowMs = 1794355200000;
    const good = {
      keyId: KEY_ID,
      timestamp: String(nowMs),
      signature: signRequest(secret, 'POST', '/p', String(nowMs), '{}'),
    };
    const problemOf = (headers: Partial<typeof good>, body = '{}', atMs = nowMs): string | null =>
      signatureProblem(secret, { ...good, ...headers }, 'POST', '/p', body, atMs);

    it('and nothing about a good one, up to the edge of the window', () => {
      expect(problemOf({})).toBeNull();
      expect(problemOf({}, '{}', nowMs + 300_000)).toBeNull();
      expect(problemOf({}, '{}', nowMs - 300_000)).toBeNull();
    });

    it.each([
      ['no signature', { signature: undefined }, /required/],
      ['a foreign key', { keyId: 'k2' }, /"k1"/],
      ['a time in seconds', { timestamp: '2026-11-11' }, /milliseconds/],
      ['another signature', { signature: `v1=${'0'.repeat(64)}` }, /does not fit/],
      ['a short signature', { signature: 'v1=00' }, /does not fit/],
    ])('%s', (_name, headers, message) => {
      expect(problemOf(headers as Partial<typeof good>)).toMatch(message);
    });

    it('a body changed by one byte, or a message from six minutes ago', () => {
      expect(problemOf({}, '{ }')).toMatch(/does not fit/);
      expect(problemOf({}, '{}', nowMs + 300_001)).toMatch(/300 s/);
    });
  });
});
