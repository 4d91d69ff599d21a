import type { BankReference, ChannelId, Line } from '#domain';
import type { CallClass } from '#policy';
import { MeteredConnector } from './metered-connector';
import type { Connector, Exchange } from './ports/connector';

const CHANNEL = 'icbc.quickpay' as ChannelId;
const route = { channelId: CHANNEL, line: { id: 'l', channelId: CHANNEL, baseUrl: 'http://bank' } satisfies Line };
const limits = { timeoutMs: 1_000, maySend: () => true };
const reference = 'ref' as BankReference;
const request = { reference, originalReference: reference };

function metered(answer: Exchange | Error, evidence: ReturnType<Connector['classify']> = { class: 'not_found' }) {
  const told: unknown[] = [];
  const call = (): Promise<Exchange> => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  const connector = {
    protocol: 'fake',
    pay: call,
    inquire: call,
    reverse: call,
    refund: call,
    inquireRefund: call,
    classify: () => evidence,
    classifyUndo: () => ({ class: 'unknown', reason: 'deadline' }),
  } as unknown as Connector;
  const meter = new MeteredConnector(connector, {
    began: (channelId, operation) => {
      told.push(`${channelId} ${operation}`);
      return (callClass: CallClass, rttMs, retryAfterMs) => told.push([callClass, rttMs, retryAfterMs]);
    },
  });
  return { meter, told };
}

describe('a metered connector', () => {
  it('tells of a call when it begins and how it ended, in the words of capacity', async () => {
    const exchange: Exchange = { kind: 'answered', status: 503, body: {}, elapsedMs: 12, retryAfterMs: 700 };
    const { meter, told } = metered(exchange, { class: 'unknown', reason: 'inquiry_busy' });
    expect(await meter.inquire(route, { reference }, limits)).toBe(exchange);
    expect(told).toEqual(['icbc.quickpay inquiry', ['busy', 12, 700]]);
  });

  it('counts money that goes back apart from payments and inquiries', async () => {
    const { meter, told } = metered({ kind: 'no_answer', reason: 'deadline', elapsedMs: 1_000 });
    await meter.reverse(route, request, limits);
    await meter.inquireRefund(route, { reference }, limits);
    expect(told.filter((one) => typeof one === 'string')).toEqual([
      'icbc.quickpay giving_back',
      'icbc.quickpay giving_back',
    ]);
    expect(told[1]).toEqual(['dropped', 1_000, undefined]);
  });

  it('ends a call that threw, so that it does not count as under way for ever', async () => {
    const { meter, told } = metered(new Error('a bug of ours'));
    await expect(meter.inquire(route, { reference }, limits)).rejects.toThrow('a bug of ours');
    expect(told.at(-1)).toEqual(['ignored', 0, undefined]);
  });
});
