import type { ChannelId, InstrumentToken } from '#domain';
import type { BreakerStateName, BreakerView } from '../flow/words';
import { type AdviceQuestion, type PayerWay, rankSuggestions } from './rank-suggestions';

const breaker = (state: BreakerStateName): BreakerView => ({
  state,
  forMs: 0,
  reopensInMs: null,
  reason: { code: 'spec' },
});
const OPEN_FLOW = {
  wait: { drainPerSecond: 100 },

  level: 'normal',
  hold: null,
  breaker: breaker('closed'),
  headroomPerSecond: 20,
  successRate: 0.99,
} as const;

function way(channelId: string, changes: Partial<PayerWay> = {}): PayerWay {
  const [bankId, product] = channelId.split('.') as [string, PayerWay['product']];
  return {
    token: `tok_${channelId}` as InstrumentToken,
    channelId: channelId as ChannelId,
    bankId,
    product,
    admitted: true,
    tried: false,
    flow: OPEN_FLOW,
    wait: { roundTripMs: 250, p50Ms: 300, p90Ms: 600 },
    free: 10,
    ...changes,
  };
}

/** The payer's own choice, whose channel is congested. */
const icbc = way('icbc.gateway', {
  flow: { ...OPEN_FLOW, level: 'congested', headroomPerSecond: 0 },
  wait: { roundTripMs: 250, p50Ms: 9_000, p90Ms: 14_000 },
  free: 0,
});

const ask = (ways: readonly PayerWay[], changes: Partial<AdviceQuestion> = {}) =>
  rankSuggestions(
    {
      ways,
      chosen: icbc.token,
      patienceMs: 5_000,
      lifetimeMs: 60_000,
      mayWait: true,
      unknownOpen: false,
      ...changes,
    },
    () => 0.5,
  ).map(({ kind, way: { channelId } }) => `${kind} ${channelId}`);

describe('advice to a payer whose bank is congested', () => {
  it('names the same bank’s quick-pay first, then another card, the balance, and waiting', () => {
    const ways = [icbc, way('alipay.balance'), way('ccb.credit'), way('icbc.quickpay')];
    expect(ask(ways)).toEqual([
      'same_bank_quickpay icbc.quickpay',
      'another_card ccb.credit',
      'balance alipay.balance',
      'wait icbc.gateway',
    ]);
  });

  it('is silent while the fate of an attempt is unknown: the payer may have paid already', () => {
    expect(ask([icbc, way('ccb.quickpay')], { unknownOpen: true })).toEqual([]);
  });

  it.each<[string, Partial<PayerWay>]>([
    ['whose contract does not take the payment', { admitted: false }],
    ['that was tried before', { tried: true }],
    ['without headroom', { flow: { ...OPEN_FLOW, headroomPerSecond: 0 } }],
    ['whose headroom is promised to others', { free: 0 }],
    ['whose bank often does not answer', { flow: { ...OPEN_FLOW, successRate: 0.89 } }],
    ['that is busy and has little room', { flow: { ...OPEN_FLOW, level: 'busy', headroomPerSecond: 9 } }],
    ['that is congested itself', { flow: { ...OPEN_FLOW, level: 'congested' } }],
    ['that an operator holds', { flow: { ...OPEN_FLOW, hold: 'drain' } }],
    ['behind an open breaker', { flow: { ...OPEN_FLOW, breaker: breaker('open') } }],
    ['that is only being probed', { flow: { ...OPEN_FLOW, breaker: breaker('half_open') } }],
    ['of which nothing is known', { flow: null }],
    ['whose wait nobody can tell', { wait: null }],
    ['that takes half of the payer’s patience', { wait: { roundTripMs: 250, p50Ms: 2_751, p90Ms: 3_000 } }],
  ])('names no way %s', (_what, changes) => {
    expect(ask([icbc, way('ccb.quickpay', changes)])).toEqual(['wait icbc.gateway']);
  });

  it('names a busy way that has room enough', () => {
    expect(ask([icbc, way('ccb.quickpay', { flow: { ...OPEN_FLOW, level: 'busy' } })])).toEqual([
      'another_card ccb.quickpay',
      'wait icbc.gateway',
    ]);
  });

  it('names no way that is slower than staying', () => {
    const quick = { ...icbc, wait: { roundTripMs: 250, p50Ms: 250, p90Ms: 500 } };
    expect(ask([quick, way('ccb.quickpay')])).toEqual(['wait icbc.gateway']);
  });

  it('does not name waiting where nobody may wait, or where it would last beyond the payment’s end', () => {
    expect(ask([icbc], { mayWait: false })).toEqual([]);
    expect(ask([icbc], { lifetimeMs: 13_999 })).toEqual([]);
    expect(ask([{ ...icbc, admitted: false }])).toEqual([]);
  });

  it('takes two cards of one channel for one way: the payer’s first', () => {
    const second = way('ccb.quickpay', { token: 'tok_second' as InstrumentToken });
    const advice = rankSuggestions(
      {
        ways: [icbc, way('ccb.quickpay'), second],
        chosen: icbc.token,
        patienceMs: 5_000,
        lifetimeMs: 60_000,
        mayWait: false,
        unknownOpen: false,
      },
      () => 0.5,
    );
    expect(advice.map(({ way: { token } }) => token)).toEqual(['tok_ccb.quickpay']);
  });

  it('names another card of the same channel once the first was declined, and never the declined one', () => {
    const declined = way('ccb.quickpay', { tried: true });
    const second = way('ccb.quickpay', { token: 'tok_second' as InstrumentToken });
    expect(ask([declined, second], { chosen: declined.token })).toEqual(['same_bank_quickpay ccb.quickpay']);
    const open = way('ccb.quickpay', { wait: icbc.wait });
    expect(ask([open, second], { chosen: open.token })).toEqual(['wait ccb.quickpay']);
  });

  it('names three ways at most beside waiting', () => {
    const ways = ['ccb', 'boc', 'cmb', 'abc', 'psbc'].map((bank) => way(`${bank}.quickpay`));
    expect(ask([icbc, ...ways])).toHaveLength(4);
  });
});
