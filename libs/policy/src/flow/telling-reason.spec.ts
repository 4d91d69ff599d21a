import { TIER } from '#domain';
import { flowOf, planOf } from '../spec-kit/flow';
import { type TellingFacts, tellingReason } from './telling-reason';

const flow = flowOf();
const facts = (changes: Partial<TellingFacts> = {}): TellingFacts => ({
  pay: flow.limits.pay,
  breaker: flow.breaker,
  hold: null,
  plan: planOf(),
  waiting: 0,
  queueMs: 0,
  drainPerSecond: 100,
  ratePerSecond: 1_000,
  ...changes,
});
const shares = (paying: number, bulk: number) =>
  planOf({
    tiers: {
      [TIER.paying]: { share: paying, merchants: {}, longestWaitMs: 2_000 },
      [TIER.bulk]: { share: bulk, merchants: {}, longestWaitMs: 500 },
    },
  });
const open = { ...flow.breaker, state: 'open', reason: { code: 'breaker_no_life' } } as const;

describe('why a channel is as it is', () => {
  it('is the operator’s order before all else, then the breaker, then who is turned away, then the contract, then the limit', () => {
    const everything = { plan: shares(0.4, 0), waiting: 150, queueMs: 1_500, breaker: open, hold: 'drain' } as const;
    expect(tellingReason(facts(everything))).toEqual({ code: 'held_by_operator', hold: 'drain' });
    expect(tellingReason(facts({ ...everything, hold: null })).code).toBe('breaker_no_life');
    const turnedAway = facts({ ...everything, hold: null, breaker: flow.breaker });
    expect(tellingReason(turnedAway)).toEqual({
      code: 'payers_turned_away',
      share: 0.4,
      waiting: 150,
      wait_ms: 1_500,
      drain_per_second: 100,
    });
    expect(tellingReason(facts({ plan: shares(1, 0.2), waiting: 9 })).code).toBe('bulk_turned_away');
    expect(tellingReason(facts({ waiting: 9, ratePerSecond: 100 })).code).toBe('contract_rate_reached');
    expect(tellingReason(facts())).toEqual(flow.limits.pay.reason);
  });

  it('is that it is switched off where it is', () => {
    const off = { ...flow.limits.pay, effective: 0, reason: { code: 'channel_disabled' } };
    expect(tellingReason(facts({ pay: off, plan: shares(0, 0) })).code).toBe('channel_disabled');
  });
});
