import type { Entrant } from '#dispatch';
import type { ChannelId, MerchantId, PaymentId } from '#domain';
import { type FlowSnapshot, type SiteInput, createSite, stepSite } from '#policy';
import { DoorFlow } from './door-flow';

const ICBC = 'icbc.quickpay' as ChannelId;
const LIMITS = {
  channelId: ICBC,
  revision: 3,
  ratePerSecond: 1_000,
  burst: 100,
  inFlightMax: 200,
  longestWaitMs: 2_000,
  timeoutMs: 3_000,
  amountMin: 1,
  amountMax: 1_000_000,
};
const ENTRANT: Entrant = {
  channelId: ICBC,
  merchantId: 'mer_tea' as MerchantId,
  tier: 1,
  cohort: 5,
  patienceMs: 10_000,
};

/** As the policy itself says it, to door `d`. */
function saying(changes: Partial<SiteInput> = {}): FlowSnapshot {
  const door = { doorId: 'd', seq: 1, snapshotSeq: 0, channels: [] };
  const input: SiteInput = {
    nowMs: 1_000,
    controllerId: 'c',
    term: 1,
    seq: 7,
    channels: [{ channelId: ICBC, enabled: true, limits: LIMITS, hold: null, holdEndsInMs: null }],
    workers: [{ receivedMs: 1_000, report: { workerId: 'w', seq: 1, snapshotSeq: 0, revisions: {}, calls: [] } }],
    doors: [{ receivedMs: 1_000, report: door }],
    queues: [{ channelId: ICBC, waiting: 0, heldByUnknown: 0 }],
    ...changes,
  };
  return stepSite(createSite(0), input, () => 0.5).snapshot;
}

describe('the door of a process', () => {
  let nowMs: number;
  let door: DoorFlow;
  beforeEach(() => {
    nowMs = 50_000;
    door = new DoorFlow('d', { monotonicMs: () => nowMs, epochMs: () => 1_800_000_000_000 });
  });

  it('has nothing to say before the first snapshot', () => {
    expect(door.ask(ENTRANT)).toBeNull();
    expect([door.newest(), door.ageMs(), door.get(ICBC), door.planOf(ICBC), door.expect(ICBC)]).toEqual(
      Array.from({ length: 5 }, () => null),
    );
    expect(door.report()).toEqual({ doorId: 'd', seq: 1, snapshotSeq: 0, channels: [] });
  });

  it('lets in within the plan, and reports who asked and who came in since the last report', () => {
    door.hear(saying(), 0);
    expect(door.ask(ENTRANT)).toMatchObject({ kind: 'admit', wait: { ahead: 0 } });
    door.noteDemand(ENTRANT, true);
    const report = door.report();
    expect(report).toMatchObject({ snapshotSeq: 7, channels: [{ channelId: ICBC }] });
    expect(report.channels[0]!.demand).toMatchObject([{ merchantId: 'mer_tea', tier: 1, offered: 2, admitted: 2 }]);
    expect(door.report().channels).toEqual([]);
  });

  it('never lets in more than its budget by one snapshot, however long none follows', () => {
    door.hear(saying(), 0);
    const { budget } = door.planOf(ICBC)!;
    let admitted = 0;
    for (let n = 0; n < 5_000; n += 1) if (door.ask(ENTRANT)?.kind === 'admit') admitted += 1;
    expect(admitted).toBeLessThanOrEqual(budget);
    expect(door.ask(ENTRANT)).toMatchObject({ kind: 'refuse' });
    expect(door.planOf(ICBC)!.budget).toBe(0);
  });

  it('grows stricter while nobody is heard', () => {
    door.hear(saying(), 0);
    const before = door.planOf(ICBC)!;
    nowMs += 60_000;
    expect(door.ageMs()).toBe(60_000);
    const after = door.planOf(ICBC)!;
    expect(after.ratePerSecond).toBeLessThan(before.ratePerSecond);
    expect(after.offerBudget).toBeLessThan(before.offerBudget);
  });

  it('counts a snapshot that was read late from when it was said', () => {
    door.hear(saying(), 4_000);
    expect(door.ageMs()).toBe(4_000);
  });

  it('turns away where an operator has closed the channel', () => {
    const hold = { channelId: ICBC, enabled: true, limits: LIMITS, hold: 'drain' as const, holdEndsInMs: null };
    door.hear(saying({ channels: [hold] }), 0);
    expect(door.ask(ENTRANT)).toMatchObject({ kind: 'refuse', code: 'channel_draining' });
  });

  it('reports how its predictions turned out, and what its offers may still bring', () => {
    door.hear(saying(), 0);
    const wait = door.expect(ICBC)!;
    const payment = 'pay_1' as PaymentId;
    door.noteAccepted(payment, ICBC, wait);
    door.countReservations((id) => (id === ICBC ? 2.5 : 0));
    nowMs += 420;
    door.became(payment, 'succeeded');
    door.became(payment, 'succeeded');
    const [channel] = door.report().channels;
    expect(channel).toMatchObject({
      reserved: 2.5,
      waits: [{ actualMs: 420, censored: false, pointMs: wait.pointMs }],
    });
    expect(channel!.waits).toHaveLength(1);
  });
});
