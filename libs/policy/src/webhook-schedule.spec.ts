import { WEBHOOK_RETRY_PLAN_MS, type WebhookAnswer, judgeWebhookAnswer } from './webhook-schedule';

const answered = (status: number): WebhookAnswer => ({ kind: 'answered', status });
const HOUR_MS = 3_600_000;

describe('after one try of a delivery', () => {
  it.each([200, 201, 204, 299])('%d is delivered', (status) => {
    expect(judgeWebhookAnswer(answered(status), 1, 0.5)).toEqual({ kind: 'delivered' });
  });

  it.each([100, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])('%d is tried again', (status) => {
    expect(judgeWebhookAnswer(answered(status), 1, 0.5)).toEqual({ kind: 'retry', afterMs: 5_000 });
  });

  it.each(['timeout', 'connection_failed', 'address_refused'] as const)('%s is tried again', (reason) => {
    expect(judgeWebhookAnswer({ kind: 'failed', reason }, 2, 0.5)).toEqual({ kind: 'retry', afterMs: 300_000 });
  });

  it('410 ends the delivery and closes the endpoint, whichever try it was', () => {
    expect(judgeWebhookAnswer(answered(410), 1, 0.5)).toEqual({ kind: 'dead', closesEndpoint: true });
    expect(judgeWebhookAnswer(answered(410), 10, 0.5)).toEqual({ kind: 'dead', closesEndpoint: true });
  });

  it('ends after the tenth try, 75 and a half hours after the first, and never before', () => {
    const waits = WEBHOOK_RETRY_PLAN_MS.map((_, position) => {
      const verdict = judgeWebhookAnswer(answered(500), position + 1, 0.5);
      return verdict.kind === 'retry' ? verdict.afterMs : NaN;
    });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(75 * HOUR_MS + 35 * 60_000 + 5_000);
    expect(judgeWebhookAnswer(answered(500), 10, 0.5)).toEqual({ kind: 'dead', closesEndpoint: false });
    expect(judgeWebhookAnswer(answered(500), 11, 0.5)).toEqual({ kind: 'dead', closesEndpoint: false });
  });

  it('spreads repetitions by a tenth to both sides', () => {
    expect(judgeWebhookAnswer(answered(500), 2, 0)).toEqual({ kind: 'retry', afterMs: 270_000 });
    expect(judgeWebhookAnswer(answered(500), 2, 1)).toEqual({ kind: 'retry', afterMs: 330_000 });
  });
});
