import { type ErrorCode, ERROR_CODES, errorDefinition } from '#domain';
import { JournalUnavailable } from '#dispatch';
import type { HttpReply, HttpRequest } from './exchange';
import { ProblemAnswers } from './problem-answers';
import { ProblemError } from './problem-error';

function answerTo(error: unknown, change: Partial<HttpRequest> = {}, random = 0) {
  const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
  const answers = new ProblemAnswers(log, { count: jest.fn(), observeMs: jest.fn() }, () => random);
  const sent: { status: number; headers: Record<string, string | number>; body: string } = {
    status: 0,
    headers: {},
    body: '',
  };
  const reply = {
    code: (status: number) => ((sent.status = status), reply),
    header: (name: string, value: string | number) => ((sent.headers[name] = value), reply),
    send: (body: unknown) => ((sent.body = String(body)), reply),
  };
  const request = {
    id: 'req_1',
    method: 'POST',
    url: '/v1/payments?x=1',
    routeOptions: { url: '/v1/payments' },
    ...change,
  };
  answers.send(request as HttpRequest, reply as unknown as HttpReply, error);
  return { ...sent, json: JSON.parse(sent.body) as Record<string, unknown>, log };
}

describe('an error as an answer', () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('%s keeps the promises of the table', (code) => {
    const { status, headers, json } = answerTo(new ProblemError({ code }));
    const { status: wanted, accepted, retry, message } = errorDefinition(code);
    expect({ status, accepted: json.accepted, message: json.message }).toEqual({ status: wanted, accepted, message });
    expect(headers['Content-Type']).toBe('application/problem+json; charset=utf-8');
    expect(json).toMatchObject({
      code,
      type: `/errors/${code}`,
      instance: '/v1/payments',
      request_id: 'req_1',
      errors: [],
    });
    if (wanted === 429 || wanted === 503) expect(Number(headers['Retry-After'])).toBeGreaterThanOrEqual(1);
    if (retry === null) expect(headers).not.toHaveProperty('Retry-After');
  });

  it('spreads retries by chance, never before the table’s wait', () => {
    const error = new ProblemError({ code: 'channel_saturated' });
    expect([0, 0.5, 1].map((random) => answerTo(error, {}, random).headers['Retry-After'])).toEqual(['3', '4', '5']);
  });

  it('never says that a payment was not accepted when the journal could not be asked', () => {
    const error = new JournalUnavailable('cut');
    expect(answerTo(error).json).toMatchObject({ code: 'acceptance_unknown', accepted: 'unknown' });
    expect(answerTo(error, { method: 'GET' }).json).toMatchObject({ code: 'journal_unreadable', accepted: null });
  });

  it('shows nothing of an error of ours, and logs it whole', () => {
    const { json, log } = answerTo(new Error('select secret from table'));
    expect(json).toMatchObject({ code: 'internal_error', accepted: 'unknown' });
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(log.error).toHaveBeenCalledTimes(1);
  });
});
