import { isPaymentId } from '#domain';
import { requestId, sha256Hex, systemNames } from './names';

describe('names', () => {
  it('give payments ids that the domain recognises, never the same twice', () => {
    const ids = Array.from({ length: 1000 }, () => systemNames.paymentId());
    expect(ids.every(isPaymentId)).toBe(true);
    expect(new Set(ids).size).toBe(1000);
  });

  it('give dispatch tokens of 128 bits, never the same twice', () => {
    const tokens = Array.from({ length: 1000 }, () => systemNames.dispatchToken());
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(tokens).size).toBe(1000);
  });

  it('hash UTF-8 bytes (FIPS 180-2, "abc")', () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(Buffer.from(systemNames.sha256('abc')).toString('hex')).toBe(digest);
    expect(sha256Hex('abc')).toBe(digest);
  });

  it('give requests ids of their own kind', () => expect(requestId()).toMatch(/^req_[0-7][0-9a-z]{25}$/));
});
