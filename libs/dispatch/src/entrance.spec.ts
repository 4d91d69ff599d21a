import type { InstrumentToken, MerchantId, Suggestion } from '#domain';
import { TIER } from '#domain';
import { OFFER_WINDOW_MS } from '#policy';
import type { Refusal, Wish } from './entrance';
import { entranceOf } from './spec-kit/entrance';
import { SATURATED, SLOW, type SaidOfChannel, channelOf, flowOf, registryOf } from './spec-kit/fake-flow';

const ICBC = { token: 'tok_icbc' as InstrumentToken, channelId: channelOf('icbc.quickpay').channel.id };
const CCB = { token: 'tok_ccb' as InstrumentToken, channelId: channelOf('ccb.quickpay').channel.id };
const BOTH = [ICBC, CCB];

const wishOf = (changes: Partial<Wish> = {}): Wish => ({
  merchantId: 'mer_test' as MerchantId,
  merchantOrderNo: 'D11-1',
  amount: { value: 19_900, currency: 'CNY' },
  tier: TIER.paying,
  cohort: 7,
  routingMode: 'suggest',
  maxWaitMs: null,
  expiresAt: 900_000,
  suggestionId: null,
  ...changes,
});

function at(
  said: Readonly<Record<string, SaidOfChannel>>,
  entries = [channelOf('icbc.quickpay'), channelOf('ccb.quickpay')],
) {
  let nowMs = 0;
  const flow = flowOf(said);
  const clock = { epochMs: () => nowMs, monotonicMs: () => nowMs };
  return { flow, ...entranceOf(registryOf(...entries), clock, flow), pass: (ms: number) => void (nowMs += ms) };
}
const refusalOf = (answer: { kind: string }): Refusal => {
  if (answer.kind !== 'refused') throw new Error('It came in');
  return answer as Refusal;
};
const offered = ({ suggestions = [] }: { suggestions?: readonly Suggestion[] }) =>
  suggestions.map(({ kind, channelId }) => `${kind} ${channelId}`);

describe('coming in without a controller', () => {
  it('is bounded by the operator’s limits: the longest wait’s worth at once, then refused, never everybody', () => {
    const { entrance } = at({});
    let admitted = 0;
    while (admitted < 10_000 && entrance.enter(wishOf(), [ICBC]).kind === 'entered') admitted += 1;
    expect(admitted).toBe(101);
    expect(entrance.enter(wishOf(), [ICBC])).toMatchObject({
      code: 'channel_saturated',
      reason: { code: 'static_limit' },
    });
  });

  it('is told no time, for nobody can tell, and offered nothing, for nothing is known to have room', () => {
    const { entrance } = at({});
    expect(entrance.enter(wishOf(), BOTH)).toMatchObject({ kind: 'entered', wait: null, acceptance: null });
    while (entrance.enter(wishOf({ maxWaitMs: 100 }), [ICBC]).kind === 'entered');
    const refusal = refusalOf(entrance.enter(wishOf({ maxWaitMs: 100 }), BOTH));
    expect(refusal.code).toBe('deadline_unreachable');
    expect(entrance.withOffers(refusal, wishOf(), BOTH).suggestions).toEqual([]);
  });

  it('goes to the next instrument where the merchant lets us, by that one’s static limits', () => {
    const { entrance } = at({});
    const wish = wishOf({ routingMode: 'reroute' });
    for (let come = 0; come < 202; come += 1) expect(entrance.enter(wish, BOTH).kind).toBe('entered');
    expect(entrance.enter(wish, BOTH)).toMatchObject({
      code: 'channel_saturated',
      facts: { channel: 'icbc.quickpay' },
    });
  });
});

describe('a payment’s patience', () => {
  const patience = (changes: Partial<Wish>) => {
    const { entrance, flow } = at({ 'icbc.quickpay': {} });
    entrance.enter(wishOf(changes), [ICBC]);
    return flow.asked[0]!.patienceMs;
  };

  it('is what the payer said, or as long as the channel finds worth offering', () => {
    expect(patience({ maxWaitMs: 500 })).toBe(500);
    expect(patience({ maxWaitMs: 8_000 })).toBe(8_000);
    expect(patience({})).toBe(2_000);
  });

  it('never leaves the bank less time than it may take before the payment’s end', () => {
    expect(patience({ maxWaitMs: 60_000, expiresAt: 10_000 })).toBe(7_000);
    expect(patience({ routingMode: 'queue', expiresAt: 10_000 })).toBe(7_000);
  });
});

describe('offers', () => {
  const FULL = { 'icbc.quickpay': { answer: SATURATED, wait: SLOW, level: 'congested' }, 'ccb.quickpay': {} } as const;

  it('hold headroom from the moment they are made until the payer’s time is over', () => {
    const { entrance, reservations, pass } = at(FULL);
    const refusal = refusalOf(entrance.enter(wishOf(), BOTH));
    expect(reservations.reservedOn(CCB.channelId, 0)).toBe(0);
    expect(offered(entrance.withOffers(refusal, wishOf(), BOTH))).toEqual(['another_card ccb.quickpay']);
    expect(reservations.reservedOn(CCB.channelId, 0)).toBeCloseTo(0.7);
    pass(OFFER_WINDOW_MS);
    expect(reservations.reservedOn(CCB.channelId, OFFER_WINDOW_MS)).toBe(0);
  });

  it('are counted as demand where they are taken, not where they were refused', () => {
    const { entrance, flow, reservations } = at(FULL);
    const refusal = refusalOf(entrance.enter(wishOf(), BOTH));
    const [suggestion] = entrance.withOffers(refusal, wishOf(), BOTH).suggestions!;
    const taken = entrance.enter(wishOf({ suggestionId: suggestion!.id }), [CCB, ICBC]);
    expect(taken).toMatchObject({ kind: 'entered', instrument: CCB });
    expect(flow.asked.map(({ channelId }) => channelId)).toEqual(['icbc.quickpay']);
    expect(flow.noted).toEqual(['ccb.quickpay in']);
    expect(reservations.reservedOn(CCB.channelId, 0)).toBe(1);
  });

  it('are made to a payer who comes in over a busy channel, and none where staying is as quick', () => {
    const busy = at({ 'icbc.quickpay': { wait: SLOW, level: 'busy' }, 'ccb.quickpay': {} });
    const entry = busy.entrance.enter(wishOf(), BOTH);
    expect(entry.kind === 'entered' && offered(entry.acceptance!)).toEqual([
      'another_card ccb.quickpay',
      'wait icbc.quickpay',
    ]);
    const quick = at({ 'icbc.quickpay': { level: 'busy' }, 'ccb.quickpay': { wait: SLOW } });
    const stays = quick.entrance.enter(wishOf(), BOTH);
    expect(stays.kind === 'entered' && offered(stays.acceptance!)).toEqual([]);
  });

  it('are not made of a channel that an operator holds, with a time to come back where the order has an end', () => {
    const order = {
      channelId: CCB.channelId,
      hold: 'maintenance',
      by: 'Li Wei',
      why: 'upgrade',
      since: 0,
      until: 90_000,
    } as const;
    const { entrance } = at(FULL, [channelOf('icbc.quickpay'), channelOf('ccb.quickpay', { order })]);
    const refusal = refusalOf(entrance.enter(wishOf(), BOTH));
    expect(entrance.withOffers(refusal, wishOf(), BOTH).suggestions).toEqual([]);
    expect(entrance.enter(wishOf(), [CCB])).toMatchObject({ code: 'channel_maintenance', retryAfterMs: 90_000 });
  });

  it('are none where the contract does not take the amount', () => {
    const { entrance } = at(FULL);
    const large = wishOf({ amount: { value: 2_000_000, currency: 'CNY' } });
    const refusal = refusalOf(entrance.enter(large, BOTH));
    expect(refusal.code).toBe('amount_out_of_range');
    expect(entrance.withOffers(refusal, large, BOTH).suggestions).toEqual([]);
  });
});
