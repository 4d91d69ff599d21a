import type { PayerOutcome } from '../client-outcomes';
import { findBottleneck, layToCauses } from './bottleneck';
import type { ChannelRun, ChannelSecond } from './channel-seconds';
import type { ProcessRun } from './machine-seconds';
import { recommend } from './recommend';

const quiet: ChannelSecond = {
  ...{ offered: 20, turnedAway: 0, served: 20, received: 20, answered: 20, capacity: 40 },
  ...{ inside: 6, slots: 12, limit: 12, ceiling: 200, ratePerSecond: 800, roundTripMs: 300, backlog: 0 },
  ...{ level: 'normal', breaker: 'closed' },
};
const refused = (atMs: number, change: Partial<PayerOutcome> = {}): PayerOutcome => ({
  ...{ phase: '', channel: 'ccb.quickpay', channels: ['ccb.quickpay'], postedMs: atMs },
  ...{ refusedInMs: 5, refusedWith: 'channel_saturated', acceptedMs: null, eta: null, offered: false, moved: false },
  ...{ paidOn: null, posts: 1, payments: new Set<string>(), state: null, endMs: null },
  ...change,
});
/** Ten seconds, in each of which five of twenty payers are refused. */
const run = (change: Partial<ChannelSecond>, router: Record<string, unknown> = {}): ChannelRun => ({
  channel: 'ccb.quickpay',
  seconds: Array.from({ length: 10 }, () => ({ ...quiet, turnedAway: 5, ...change })),
  payers: Array.from({ length: 50 }, (_, n) => refused(n * 200)),
  glimpses: [
    {
      ...{ atMs: 0, capacityPerSecond: 40, slots: 12, inService: 6, waiting: 0, offered: 0, served: 0, busy: 0 },
      ...{ collapsed: false, inFlight: 6, limit: 12, level: 'normal' },
      router: {
        ...{ ceiling: 200, adaptive: 12, ratePerSecond: 800, contract: { ratePerSecond: 1_000, inFlightMax: 400 } },
        ...{ revision: 1, backlog: 0, heldByUnknown: 0, roundTripMs: 300, breaker: 'closed', hold: null },
        ...{ why: null, breakerWhy: null },
        ...router,
      },
    },
  ],
});
const busyWorker: ProcessRun = {
  ...{ name: 'worker', ofCores: 1, loopDelayMs: null },
  ...{ cores: Array.from({ length: 10 }, () => 0.97), full: Array.from({ length: 10 }, () => true) },
};
const judged = (one: ChannelRun, processes: readonly ProcessRun[] = []) => {
  const away = layToCauses([one], processes, [], 0);
  return { bottleneck: findBottleneck(away, processes), recommended: recommend([one], away) };
};

describe('who was the bottleneck', () => {
  it('is a contract rate that is used up while the bank could do more, and says how many more it would have served', () => {
    const { bottleneck, recommended } = judged(run({ ratePerSecond: 15, received: 15, answered: 15 }));
    expect(bottleneck).toMatchObject({ cause: 'contract_rate', channel: 'ccb.quickpay', turned_away: 50 });
    expect(recommended[0]).toMatchObject({ limit: 'rate_per_second', from: 15, to: 20, gained: 50, bound_seconds: 10 });
    expect(recommended[0]?.why.en).toContain("within the bank's contract");
  });

  it('recommends no rate above what the bank itself could do', () => {
    const { recommended } = judged(run({ ratePerSecond: 15, received: 15, answered: 15, capacity: 16, offered: 60 }));
    expect(recommended[0]).toMatchObject({ limit: 'rate_per_second', to: null, gained: 0 });
  });

  it('says so where the bank has to agree first', () => {
    const contract = { ratePerSecond: 15, inFlightMax: 400 };
    const { recommended } = judged(run({ ratePerSecond: 15, received: 15, answered: 15 }, { contract }));
    expect(recommended[0]?.why.en).toContain('The bank has to agree first: its contract says 15/s');
  });

  it('is the bank where it answers all it can, even while a process of ours is used up: no limit would help', () => {
    const { bottleneck, recommended } = judged(run({ answered: 39, received: 39, offered: 60 }), [busyWorker]);
    expect(bottleneck).toMatchObject({ cause: 'bank' });
    expect(recommended[0]).toMatchObject({ limit: 'bank_capacity', from: 40, to: 60, gained: 0 });
    expect(recommended.filter(({ limit, to }) => limit !== 'bank_capacity' && to !== null)).toEqual([]);
  });

  it('is the bank where all its places are taken, although few answers came in these seconds', () => {
    expect(judged(run({ inside: 13 })).bottleneck).toMatchObject({ cause: 'bank' });
  });

  it("is the operator's ceiling where the limiter has reached it and the bank has places left", () => {
    const { bottleneck, recommended } = judged(
      run({ ceiling: 6, limit: 6, inside: 6, slots: 12, answered: 20, offered: 30 }),
    );
    expect(bottleneck).toMatchObject({ cause: 'in_flight_max' });
    expect(recommended[0]).toMatchObject({ limit: 'in_flight_max', from: 6, to: 9 });
  });

  it('is a process of ours where the bank had room', () => {
    expect(judged(run({}), [busyWorker]).bottleneck).toMatchObject({ cause: 'worker' });
  });

  it('is our own limiter where the bank had room and nobody was used up, and it is called so', () => {
    const { bottleneck, recommended } = judged(run({}));
    expect(bottleneck).toMatchObject({ cause: 'limiter' });
    expect(bottleneck.said.en).toContain('our limiter, below what the bank could do');
    expect(recommended.every(({ to }) => to === null)).toBe(true);
  });

  it('is nobody where nobody was turned away', () => {
    const calm = {
      ...run({ turnedAway: 0 }),
      payers: [refused(0, { state: 'succeeded', acceptedMs: 3, refusedWith: null })],
    };
    expect(judged(calm).bottleneck).toMatchObject({ cause: 'none', turned_away: 0 });
  });

  it('is not guessed where nobody looked at the bank', () => {
    const unseen = { capacity: null, answered: null, received: null, inside: null, limit: null, ceiling: null };
    expect(judged(run({ ...unseen, ratePerSecond: null, breaker: null })).bottleneck).toMatchObject({
      cause: 'not_seen',
    });
  });
});
