import type { ChannelId, MerchantId } from '#domain';
import { hearReports, laneOf } from './hear-reports';
import { type SiteState, createSite } from './site';
import type { CallReport, DoorReport, WorkerReport } from './words';

const CHANNEL = 'icbc.quickpay' as ChannelId;
const PAY = laneOf(CHANNEL, 'pay');
const call = (changes: Partial<CallReport> = {}): CallReport => ({
  channelId: CHANNEL,
  operation: 'pay',
  started: 2,
  ended: [{ endedAgoMs: 30, rttMs: 200, class: 'worked' }],
  underWayMs: [150, 20],
  ...changes,
});
const report = (seq: number, calls: readonly CallReport[] = [call()], workerId = 'w'): WorkerReport => ({
  workerId,
  seq,
  snapshotSeq: 0,
  revisions: {},
  calls,
});
const doorReport = (seq: number): DoorReport => ({
  doorId: 'd',
  seq,
  snapshotSeq: 0,
  channels: [
    {
      channelId: CHANNEL,
      demand: [{ merchantId: 'm' as MerchantId, tier: 1, offered: 40, admitted: 40, expected: 40, within: 40 }],
      reserved: 2,
      waits: [],
    },
  ],
});
const hear = (state: SiteState, nowMs: number, ...workers: WorkerReport[]) => {
  const heard = hearReports(
    state,
    workers.map((one) => ({ receivedMs: nowMs - 10, report: one })),
    [],
    nowMs,
  );
  return { ...heard, state: { ...state, nowMs, workers: heard.workers, doors: heard.doors } };
};

describe('reports', () => {
  it('become times on the controller’s clock: ages are subtracted from when they came', () => {
    const { lanes } = hear(createSite(0), 1_000, report(1));
    expect(lanes[PAY]).toEqual({
      started: 2,
      ended: [{ startedMs: 760, endedMs: 960, class: 'worked' }],
      sinceMs: [840, 970],
      ageMs: [150, 20],
    });
  });

  it('that come twice count once', () => {
    const { lanes, state } = hear(createSite(0), 1_000, report(1), report(1));
    expect(lanes[PAY]!.started).toBe(2);
    expect(hear(state, 1_200, report(1)).lanes[PAY]!.started).toBe(0);
  });

  it('of a worker that began anew are heard once the old one has been silent', () => {
    const { state } = hear(createSite(0), 1_000, report(50));
    expect(hear(state, 5_000, report(1)).lanes[PAY]!.started).toBe(2);
  });

  it('that are missing leave the calls under way as they were last seen, for a minute', () => {
    const { state } = hear(createSite(0), 1_000, report(1));
    const quiet = hear(state, 1_400);
    expect(quiet.lanes[PAY]).toMatchObject({ started: 0, ended: [], sinceMs: [840, 970] });
    expect(Object.keys(hear(quiet.state, 62_000).workers)).toEqual([]);
  });

  it('of a worker that leaves in order end its part at once', () => {
    const { state } = hear(createSite(0), 1_000, report(1));
    expect(hear(state, 1_200, { ...report(2, []), leaving: true }).workers).toEqual({});
  });

  it('of doors add up to what each asks for; a silent door is out after three seconds', () => {
    const heard = hearReports(createSite(0), [], [{ receivedMs: 190, report: doorReport(1) }], 200);
    expect(heard.doors['d']).toMatchObject({ reserved: { [CHANNEL]: 2 } });
    expect(heard.doors['d']!.offeredPerSecond[CHANNEL]).toBeGreaterThan(0);
    expect(heard.demands[CHANNEL]).toHaveLength(1);
    const later = hearReports({ ...createSite(0), nowMs: 200, doors: heard.doors }, [], [], 3_300);
    expect(later.doors).toEqual({});
  });
});
