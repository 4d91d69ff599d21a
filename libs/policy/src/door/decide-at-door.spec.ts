import { type ChannelId, type MerchantId, PAYER_COHORTS, TIER } from '#domain';
import { doorAt, flowOf, planOf, snapshotOf } from '../spec-kit/flow';
import { decideAtDoor, forecastAtDoor, noteAtDoor } from './decide-at-door';
import type { DoorAsk } from './door-words';
import { createDoor, hearSnapshot } from './door';
import { cohortRotation } from './payers-share';
import { noteOutcome, takeDoorReport } from './door-report';

const CHANNEL = 'icbc.quickpay' as ChannelId;
const MERCHANT = 'm_tea' as MerchantId;
const ask = (changes: Partial<DoorAsk> = {}): DoorAsk => ({
  channelId: CHANNEL,
  merchantId: MERCHANT,
  tier: TIER.paying,
  cohort: 0,
  rotation: 0,
  patienceMs: 5_000,
  ...changes,
});
const everyCohort = Array.from({ length: PAYER_COHORTS }, (_, cohort) => cohort);

describe('a payment at the door', () => {
  it('comes in and is told how long it will wait: who is ahead over what leaves, and the bank', () => {
    const door = doorAt(flowOf({ backlog: 50 }));
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({
      kind: 'admit',
      forecast: { ahead: 50, pointMs: 750, roundTripMs: 250, p50Ms: 750 },
    });
  });

  it('is told no wait while slots are free, however many just came in', () => {
    const door = doorAt(flowOf({ inFlight: 5, freeSlots: 20 }));
    for (let come = 0; come < 20; come += 1) {
      expect(decideAtDoor(door, ask({ patienceMs: 0 }), 0)).toMatchObject({ kind: 'admit', forecast: { ahead: 0 } });
    }
    for (let come = 0; come < 10; come += 1) decideAtDoor(door, ask(), 0);
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({ kind: 'admit', forecast: { ahead: 10 } });
  });

  it('waits for those that this very door let in since the snapshot, less what left meanwhile', () => {
    const door = doorAt(flowOf({ backlog: 10 }));
    for (let come = 0; come < 40; come += 1) decideAtDoor(door, ask(), 0);
    expect(forecastAtDoor(door, CHANNEL, 0)!.ahead).toBe(50);
    expect(forecastAtDoor(door, CHANNEL, 100)!.ahead).toBe(40);
  });

  it('is refused when its wait would use up its patience, and the reason says by how much', () => {
    const door = doorAt(flowOf({ backlog: 90 }));
    expect(decideAtDoor(door, ask({ patienceMs: 1_000 }), 0)).toMatchObject({
      kind: 'refuse',
      code: 'deadline_unreachable',
      reason: { code: 'wait_beyond_patience', wait_ms: 900, patience_ms: 1_000 },
    });
    expect(decideAtDoor(door, ask({ patienceMs: 1_100 }), 0)).toMatchObject({ kind: 'admit' });
  });

  it('is refused when the queue is as long as is worth offering, however patient it is', () => {
    const door = doorAt(flowOf({ backlog: 175 }));
    expect(decideAtDoor(door, ask({ patienceMs: 60_000 }), 0)).toMatchObject({
      kind: 'refuse',
      code: 'channel_saturated',
      reason: { code: 'queue_full', longest_wait_ms: 2_000 },
    });
  });

  it('of the bulk tier yields to a queue that paying customers still join', () => {
    const door = doorAt(flowOf({ backlog: 50 }));
    expect(decideAtDoor(door, ask({ tier: TIER.bulk }), 0)).toMatchObject({
      kind: 'refuse',
      code: 'channel_saturated',
    });
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({ kind: 'admit' });
  });

  it('is refused when the door has let in all it may until it hears again, and comes in as that part drains', () => {
    const door = doorAt(flowOf({}, planOf({ budget: 3 })));
    for (let come = 0; come < 3; come += 1) expect(decideAtDoor(door, ask(), 0)).toMatchObject({ kind: 'admit' });
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({ kind: 'refuse', reason: { code: 'door_budget_spent' } });
    expect(decideAtDoor(door, ask(), 10)).toMatchObject({ kind: 'admit' });
    expect(decideAtDoor(door, ask(), 10)).toMatchObject({ kind: 'refuse' });
  });

  it('has no answer where no snapshot has come', () => {
    expect(decideAtDoor(createDoor('door'), ask(), 0)).toBeNull();
  });
});

describe('a closed channel', () => {
  it.each([
    ['drain', 'channel_draining'],
    ['maintenance', 'channel_maintenance'],
    ['isolate', 'channel_breaker_open'],
    ['kill', 'channel_closed'],
  ] as const)('under %s refuses with %s', (hold, code) => {
    const door = doorAt(flowOf({ hold, level: 'closed' }));
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({ kind: 'refuse', code, reason: { hold } });
  });

  it('under a pause lets in what may wait', () => {
    const door = doorAt(flowOf({ hold: 'pause' }));
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({ kind: 'admit' });
  });

  it('whose breaker is open names the breaker, and when to come back', () => {
    const reason = { code: 'breaker_no_life' };
    const breaker = { state: 'open', forMs: 10, reopensInMs: 4_000, reason } as const;
    const wait = { ...flowOf().wait, opensInMs: 4_000 };
    const door = doorAt(flowOf({ breaker, wait, level: 'closed' }));
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({
      kind: 'refuse',
      code: 'channel_breaker_open',
      retryAfterMs: 4_000,
      reason: { breaker: 'open', cause: 'breaker_no_life' },
    });
  });

  it('whose breaker opens again within patience lets a few in: without them nothing could be probed with', () => {
    const breaker = { state: 'open', forMs: 10, reopensInMs: 500, reason: { code: 'breaker_no_life' } } as const;
    const door = doorAt(flowOf({ breaker, wait: { ...flowOf().wait, opensInMs: 500 }, level: 'closed' }));
    expect(decideAtDoor(door, ask(), 0)).toMatchObject({ kind: 'admit', forecast: { pointMs: 750 } });
  });
});

describe('the share of payers that is let in', () => {
  const letIn = (share: number, rotation = 0): number[] => {
    const tiers = { ...planOf().tiers, [TIER.paying]: { share, merchants: {}, longestWaitMs: 2_000 } };
    const door = doorAt(flowOf({}, planOf({ tiers })));
    return everyCohort.filter((cohort) => decideAtDoor(door, ask({ cohort, rotation }), 0)?.kind === 'admit');
  };

  it('is the same payers every time, other ones in the next hour, and other ones on another channel', () => {
    expect(letIn(0.25)).toEqual(letIn(0.25));
    expect(letIn(0.25)).toHaveLength(32);
    expect(letIn(0.25, cohortRotation(3_600_000))).not.toEqual(letIn(0.25));
  });

  it('only grows when the share grows: nobody loses a place by it', () => {
    for (let cohorts = 1; cohorts <= PAYER_COHORTS; cohorts += 1) {
      const [few, more] = [letIn((cohorts - 1) / PAYER_COHORTS), letIn(cohorts / PAYER_COHORTS)];
      expect(more).toEqual(expect.arrayContaining(few));
      expect(more).toHaveLength(few.length + 1);
    }
  });

  it('turns every cohort away as often as any other over the hours', () => {
    const turns = everyCohort.flatMap((hour) => letIn(0.1, hour));
    const counts = everyCohort.map((cohort) => turns.filter((one) => one === cohort).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });

  it('can be less than one cohort: every so many-eth payment of it', () => {
    const tiers = {
      ...planOf().tiers,
      [TIER.paying]: { share: 0.25 / PAYER_COHORTS, merchants: {}, longestWaitMs: 2_000 },
    };
    const door = doorAt(flowOf({}, planOf({ tiers })));
    let admitted = 0;
    for (let come = 0; come < 40; come += 1)
      for (const cohort of everyCohort) if (decideAtDoor(door, ask({ cohort }), 0)?.kind === 'admit') admitted += 1;
    expect(admitted).toBe(10);
  });

  it('is a heavy merchant’s own where it is named', () => {
    const tier = { share: 1, merchants: { [MERCHANT]: 0 }, longestWaitMs: 2_000 };
    const door = doorAt(flowOf({}, planOf({ tiers: { ...planOf().tiers, [TIER.paying]: tier } })));
    expect(decideAtDoor(door, ask({ cohort: 127 }), 0)).toMatchObject({
      reason: { code: 'beyond_fair_share', share: 0 },
    });
    expect(decideAtDoor(door, ask({ merchantId: 'm_rice' as MerchantId, cohort: 127 }), 0)).toMatchObject({
      kind: 'admit',
    });
  });

  it('asks those whom it turns away to come back later the more there are of them', () => {
    const retryAfter = (share: number): number | null => {
      const tiers = { ...planOf().tiers, [TIER.paying]: { share, merchants: {}, longestWaitMs: 2_000 } };
      const door = doorAt(flowOf({}, planOf({ tiers })));
      const refused = everyCohort
        .map((cohort) => decideAtDoor(door, ask({ cohort }), 0))
        .find((one) => one?.kind === 'refuse');
      return refused?.kind === 'refuse' ? refused.retryAfterMs : null;
    };
    expect([retryAfter(0.5), retryAfter(0.1), retryAfter(0.01)]).toEqual([4_000, 20_000, 30_000]);
  });
});

describe('a door without news', () => {
  it('goes on with its part of what drains, less and less of it, and never with everything', () => {
    const door = doorAt(flowOf({}, planOf({ budget: 20, ratePerSecond: 50 })));
    const admittedUntil = (untilMs: number, fromMs: number): number => {
      let admitted = 0;
      for (let nowMs = fromMs; nowMs < untilMs; nowMs += 2)
        if (decideAtDoor(door, ask(), nowMs)?.kind === 'admit') admitted += 1;
      return admitted;
    };
    expect(admittedUntil(60_000, 0)).toBeGreaterThan(0.7 * 50 * 60);
    expect(admittedUntil(120_000, 60_000)).toBeLessThan(0.8 * 50 * 60);
    expect(admittedUntil(700_000, 640_000)).toBeLessThan(0.3 * 50 * 60);
  });

  it('hears another plan and forgets what it counted for the old one; channels that are gone leave', () => {
    const door = doorAt(flowOf({}, planOf({ budget: 1 })));
    decideAtDoor(door, ask(), 0);
    hearSnapshot(door, snapshotOf(flowOf({ backlog: 7 }, planOf({ budget: 2 })), 2), 200);
    expect(door.channels[CHANNEL]).toMatchObject({ ahead: 7, left: 2 });
    hearSnapshot(door, { ...snapshotOf(flowOf(), 3), channels: [] }, 400);
    expect(door.channels).toEqual({});
  });
});

describe('what a door reports', () => {
  it('is who asked and who came in, how forecasts turned out, and what its offers may bring; then it counts anew', () => {
    const door = doorAt(flowOf({}, planOf({ budget: 1 })));
    decideAtDoor(door, ask(), 0);
    decideAtDoor(door, ask(), 0);
    noteAtDoor(door, { channelId: CHANNEL, merchantId: MERCHANT, tier: TIER.bulk }, true);
    forecastAtDoor(door, CHANNEL, 0);
    const outcome = { pointMs: 250, roundTripMs: 250, p90Ms: 475, actualMs: 300, censored: false };
    noteOutcome(door, CHANNEL, outcome);
    const report = takeDoorReport(door, () => 1.5);
    expect(report).toMatchObject({ doorId: 'door', seq: 1, snapshotSeq: 1 });
    expect(report.channels).toEqual([
      {
        channelId: CHANNEL,
        reserved: 1.5,
        waits: [outcome],
        demand: [
          { merchantId: MERCHANT, tier: TIER.paying, offered: 2, admitted: 1, expected: 2, within: 2 },
          { merchantId: MERCHANT, tier: TIER.bulk, offered: 1, admitted: 1, expected: 0, within: 0 },
        ],
      },
    ]);
    expect(takeDoorReport(door, () => 0).channels).toEqual([]);
  });

  it('names a bounded number of merchants, and counts the others together', () => {
    const door = doorAt(flowOf());
    for (let place = 0; place < 2_000; place += 1)
      decideAtDoor(door, ask({ merchantId: `m_${place}` as MerchantId }), 0);
    const [channel] = takeDoorReport(door, () => 0).channels;
    expect(channel!.demand.length).toBeLessThan(400);
    expect(channel!.demand.reduce((sum, { offered }) => sum + offered, 0)).toBe(2_000);
  });
});
