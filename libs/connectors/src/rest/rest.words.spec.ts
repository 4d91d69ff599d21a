import * as fc from 'fast-check';
import type { Exchange } from '#dispatch';
import { classifyAnswer, classifyNews, classifyReversal } from './rest.words';

const REFERENCE = 'K7Q2M4ZP6XW3R5T8V9YA';
const asked = { reference: REFERENCE, originalReference: null };
const answered = (body: unknown, status = 200): Exchange => ({ kind: 'answered', status, body, elapsedMs: 12, asked });
const OK = {
  result: 'OK',
  code: '00',
  message: 'Approved',
  reference: REFERENCE,
  amount_minor: 12_800,
  currency: 'CNY',
  bank_transaction_id: 'ICBC1',
};

describe('what a payment’s answer proves', () => {
  it('is a success only with the word, the code, the reference, the amount and the bank’s transaction id', () => {
    expect(classifyAnswer('pay', answered(OK))).toEqual({
      class: 'succeeded',
      charge: { reference: REFERENCE, amount: { value: 12_800, currency: 'CNY' }, bankTransactionId: 'ICBC1' },
    });
    for (const missing of Object.keys(OK).filter((name) => name !== 'message')) {
      const { [missing as keyof typeof OK]: _, ...rest } = OK;
      expect(classifyAnswer('pay', answered(rest))).toMatchObject({ class: 'unknown' });
    }
  });

  it.each([
    { code: '01' },
    { code: 0 },
    { result: 'ok' },
    { result: 'SUCCESS' },
    { amount_minor: '12800' },
    { amount_minor: 128.5 },
    { amount_minor: 2 ** 53 },
    { currency: 'XXX' },
    { reference: '' },
  ])('does not take an answer for a success with %j', (difference) => {
    expect(classifyAnswer('pay', answered({ ...OK, ...difference }))).toMatchObject({ class: 'unknown' });
  });

  it('does not take a success for one under a status that the word does not have', () => {
    for (const status of [201, 202, 302, 500, 503]) {
      expect(classifyAnswer('pay', answered(OK, status))).toMatchObject({ class: 'unknown' });
    }
  });

  it('carries a wrong amount, a wrong currency and a foreign reference through, so that the policy can see them', () => {
    const wrong = { ...OK, amount_minor: 12_801, currency: 'USD', reference: 'SOMEBODY_ELSES' };
    expect(classifyAnswer('pay', answered(wrong))).toMatchObject({
      class: 'succeeded',
      charge: { reference: 'SOMEBODY_ELSES', amount: { value: 12_801, currency: 'USD' } },
    });
  });

  it.each([
    ['05', 'hard', 'other'],
    ['14', 'hard', 'card_invalid'],
    ['17', 'hard', 'canceled_by_payer'],
    ['51', 'hard', 'insufficient_funds'],
    ['54', 'hard', 'card_invalid'],
    ['57', 'hard', 'not_permitted'],
    ['61', 'hard', 'card_limit'],
    ['68', 'soft', 'refused_late'],
    ['91', 'soft', 'bank_unavailable'],
    ['96', 'soft', 'bank_unavailable'],
  ])('REJECT %s is a %s decline: %s', (code, severity, reason) => {
    const body = { result: 'REJECT', code, message: 'No', reference: REFERENCE, amount_minor: 1, currency: 'CNY' };
    expect(classifyAnswer('pay', answered(body))).toEqual({
      class: 'declined',
      severity,
      reason,
      bankCode: code,
      bankMessage: 'No',
      reference: REFERENCE,
    });
  });

  it('an order that expired is a hard decline when we learn it later, so that nobody is charged elsewhere unasked', () => {
    const body = { result: 'REJECT', code: '68', reference: REFERENCE };
    expect(classifyAnswer('inquire', answered(body))).toMatchObject({ severity: 'hard', reason: 'expired' });
  });

  it('a refusal with a code that the bank’s page does not explain, or about no reference, is no clear no', () => {
    for (const code of ['99', '12', '25', '', 'toString', '__proto__']) {
      const body = { result: 'REJECT', code, reference: REFERENCE };
      expect(classifyAnswer('pay', answered(body))).toMatchObject({ class: 'unknown' });
    }
    expect(classifyAnswer('pay', answered({ result: 'REJECT', code: '51' }))).toMatchObject({ class: 'unknown' });
  });

  it.each([
    ['BUSY', 'N1', 503, 'bank_unavailable'],
    ['CLOSED', '90', 503, 'bank_unavailable'],
    ['INVALID', '30', 400, 'other'],
    ['INVALID', '30', 413, 'other'],
    ['DENIED', '63', 401, 'not_permitted'],
  ])('%s %s (%i) refuses this message only, and needs no echo of the reference', (result, code, status, reason) => {
    expect(classifyAnswer('pay', answered({ result, code }, status))).toMatchObject({
      class: 'declined',
      severity: 'soft',
      reason,
      reference: REFERENCE,
      ofThisMessageOnly: true,
    });
    expect(classifyAnswer('inquire', answered({ result, code }, status))).toMatchObject({ class: 'unknown' });
    expect(classifyAnswer('pay', answered({ result, code }, 200))).toMatchObject({ class: 'unknown' });
    expect(classifyAnswer('pay', answered({ result, code: '00' }, status))).toMatchObject({ class: 'unknown' });
  });

  it.each([
    ['PENDING', '09'],
    ['CONFLICT', '94'],
    ['PROCESSED', 'Z9'],
    ['NOT_FOUND', '25'],
    ['REVERSED', '17'],
    ['constructor', '00'],
  ])('%s %s in the answer of a payment is unknown', (result, code) => {
    expect(classifyAnswer('pay', answered({ ...OK, result, code }))).toMatchObject({ class: 'unknown' });
  });

  it('ACTION sends the payer to a page only if there is a page and an end to it', () => {
    const body = {
      result: 'ACTION',
      code: '1A',
      reference: REFERENCE,
      action_url: 'https://bank.example/page/1',
      action_expires_at: '2026-11-11T00:15:00.000Z',
    };
    expect(classifyAnswer('pay', answered(body))).toEqual({
      class: 'action_required',
      url: 'https://bank.example/page/1',
      expiresAt: Date.UTC(2026, 10, 11, 0, 15),
      reference: REFERENCE,
    });
    for (const difference of [
      { action_url: 'javascript:alert(1)' },
      { action_url: null },
      { action_expires_at: 'soon' },
    ]) {
      expect(classifyAnswer('pay', answered({ ...body, ...difference }))).toMatchObject({ class: 'unknown' });
    }
  });

  it('no answer is unknown, and nothing sent is nothing sent', () => {
    expect(classifyAnswer('pay', { kind: 'no_answer', reason: 'deadline', elapsedMs: 2_000 })).toMatchObject({
      class: 'unknown',
      reason: 'deadline',
    });
    expect(classifyAnswer('pay', { kind: 'not_sent', reason: 'connect_failed', elapsedMs: 1 })).toEqual({
      class: 'not_sent',
      reason: 'connect_failed',
    });
  });
});

describe('what an inquiry proves', () => {
  it('"not found" is its own class, and only an inquiry can say it', () => {
    expect(classifyAnswer('inquire', answered({ result: 'NOT_FOUND', code: '25' }))).toEqual({ class: 'not_found' });
  });

  it('REVERSED is final where money was given back, and proves nothing where there was none yet', () => {
    const body = { result: 'REVERSED', code: '17', reference: REFERENCE };
    expect(classifyAnswer('inquire', answered({ ...body, reversed_minor: 12_800 }))).toMatchObject({
      class: 'declined',
    });
    expect(classifyAnswer('inquire', answered({ ...body, reversed_minor: 0 }))).toEqual({ class: 'not_found' });
    expect(classifyAnswer('inquire', answered({ ...body, reversed_minor: -1 }))).toMatchObject({ class: 'unknown' });
  });

  it('an inquiry about a refund does not take a reversal’s success for the refund’s', () => {
    expect(classifyAnswer('inquire_refund', answered({ ...OK, operation: 'refund' }))).toMatchObject({
      class: 'succeeded',
    });
    expect(classifyAnswer('inquire_refund', answered({ ...OK, operation: 'reversal' }))).toMatchObject({
      class: 'unknown',
    });
  });
});

describe('what a reversal’s answer proves', () => {
  const about = { reference: 'R1', originalReference: REFERENCE };
  const reversal = (body: object, status = 200): Exchange => ({
    kind: 'answered',
    status,
    body: { reference: 'R1', original_reference: REFERENCE, ...body },
    elapsedMs: 3,
    asked: about,
  });

  it('is acknowledged by OK 00 with a transaction id, about our reversal of our attempt', () => {
    const body = { result: 'OK', code: '00', bank_transaction_id: 'ICBC2', reversed_minor: 0 };
    const acknowledged = { class: 'acknowledged', bankTransactionId: 'ICBC2', undoneMinor: 0 };
    expect(classifyReversal(reversal(body))).toEqual(acknowledged);
    expect(classifyReversal(reversal({ ...body, reversed_minor: 12_800 }))).toMatchObject({ undoneMinor: 12_800 });
    expect(classifyReversal(reversal({ ...body, reversed_minor: 'all' }))).toEqual(acknowledged);
    expect(classifyReversal(reversal({ ...body, original_reference: 'OTHER' }))).toMatchObject({ class: 'unknown' });
    expect(classifyReversal(reversal({ ...body, reference: 'OTHER' }))).toMatchObject({ class: 'unknown' });
  });

  it('is refused by REJECT 12, and unknown by every other word: it is repeated until the bank says', () => {
    expect(classifyReversal(reversal({ result: 'REJECT', code: '12' }))).toMatchObject({ class: 'refused' });
    expect(classifyReversal(reversal({ result: 'REJECT', code: '96' }))).toMatchObject({ class: 'unknown' });
    expect(classifyReversal(reversal({ result: 'BUSY', code: 'N1' }, 503))).toMatchObject({ class: 'unknown' });
    expect(classifyReversal(reversal({ result: 'PENDING', code: '09' }))).toMatchObject({ class: 'unknown' });
  });
});

describe('whatever a bank may write', () => {
  const operations = fc.constantFrom('pay' as const, 'inquire' as const, 'refund' as const, 'inquire_refund' as const);
  const member = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('OK', 'REJECT', 'ACTION', '00', '1A', REFERENCE, 12_800, 'CNY'),
  );
  const nearAnswer = fc.dictionary(
    fc.constantFrom(...Object.keys(OK), 'operation', 'action_url', 'action_expires_at', 'reversed_minor', '__proto__'),
    member,
  );
  const body = fc.oneof(fc.jsonValue(), nearAnswer, fc.anything());

  it('never throws, and succeeds only on OK 00 under status 200', () => {
    fc.assert(
      fc.property(operations, body, fc.integer({ min: 100, max: 599 }), (operation, answer, status) => {
        const evidence = classifyAnswer(operation, answered(answer, status));
        classifyReversal(answered(answer, status));
        if (evidence.class !== 'succeeded') return true;
        const { result, code } = answer as Record<string, unknown>;
        return result === 'OK' && code === '00' && status === 200;
      }),
      { numRuns: 2_000 },
    );
  });

  it('news never throws either, and never says "not found"-like success', () => {
    fc.assert(
      fc.property(nearAnswer, (news) => {
        const evidence = classifyNews('pay', news);
        return evidence.class !== 'succeeded' || (news['result'] === 'OK' && news['code'] === '00');
      }),
    );
  });
});
