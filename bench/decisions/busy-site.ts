/**
 * A site at work, for timing what is decided about it: two workers and two doors report every tick, 4,000 payments a second flow evenly
 * over so many channels, and each bank answers after about 100 ms.
 */
import type { ChannelId, MerchantId } from '../../libs/domain/src/index.ts';
import type { DoorState, FlowSnapshot, SiteInput, SiteState } from '../../libs/policy/src/index.ts';
import { policy } from '../product-libs.ts';

const PAYMENTS_PER_SECOND = 4_000;
const ROUND_TRIP_MS = 100;
const PLACES = ['1', '2'];
const MERCHANTS = 5;

export class BusySite {
  readonly channelIds: readonly ChannelId[];
  snapshot: FlowSnapshot | null = null;
  readonly doors: readonly DoorState[];
  private readonly entries: SiteInput['channels'];
  private state: SiteState;
  private seq = 0;
  private carried = 0;
  private random: () => number;

  /** @param random chance, the same for every run */
  constructor(channels: number, random: () => number) {
    const { createDoor, createSite } = policy();
    this.random = random;
    this.channelIds = Array.from({ length: channels }, (_, at) => `b${at}.quickpay` as ChannelId);
    this.entries = this.channelIds.map((channelId) => ({
      channelId,
      enabled: true,
      limits: {
        ...{ channelId, revision: 1, ratePerSecond: 10_000, burst: 1_000, inFlightMax: 500 },
        ...{ longestWaitMs: 2_000, timeoutMs: 5_000, amountMin: 1, amountMax: 5_000_000 },
      },
      hold: null,
      holdEndsInMs: null,
    }));
    this.doors = PLACES.map((place) => createDoor(`door-${place}`));
    this.state = createSite(0);
  }

  get nowMs(): number {
    return this.seq * policy().FLOW_TICK_MS;
  }

  /** One tick: payments ask at the doors, all report, the controller steps, the doors hear. @returns what the step was given */
  tick(): { readonly state: SiteState; readonly input: SiteInput } {
    const { FLOW_TICK_MS, decideAtDoor, hearSnapshot, stepSite, takeDoorReport } = policy();
    this.seq += 1;
    const { nowMs } = this;
    const expected = this.carried + (PAYMENTS_PER_SECOND * FLOW_TICK_MS) / 1_000 / this.channelIds.length;
    const count = Math.floor(expected);
    this.carried = expected - count;
    for (const door of this.doors) {
      for (const channelId of this.channelIds)
        for (let n = 0; n < count / PLACES.length; n += 1) decideAtDoor(door, this.ask(channelId), nowMs);
    }
    const input: SiteInput = {
      ...{ nowMs, controllerId: 'bench', term: 1, seq: this.seq, channels: this.entries },
      workers: PLACES.map((place) => ({ receivedMs: nowMs, report: this.workerReport(place, count / PLACES.length) })),
      doors: this.doors.map((door) => ({ receivedMs: nowMs, report: takeDoorReport(door, () => 0) })),
      queues: this.channelIds.map((channelId) => ({ channelId, waiting: 0, heldByUnknown: 0 })),
    };
    const before = this.state;
    const step = stepSite(before, input, this.random);
    this.state = step.state;
    this.snapshot = step.snapshot;
    for (const door of this.doors) hearSnapshot(door, step.snapshot, nowMs);
    return { state: before, input };
  }

  ask(channelId: ChannelId): Parameters<ReturnType<typeof policy>['decideAtDoor']>[1] {
    const merchantId = `mer_${Math.floor(this.random() * MERCHANTS)}` as MerchantId;
    return { channelId, merchantId, tier: 1, cohort: Math.floor(this.random() * 128), rotation: 0, patienceMs: 2_000 };
  }

  private workerReport(place: string, perChannel: number): SiteInput['workers'][number]['report'] {
    const { FLOW_TICK_MS } = policy();
    const calls = Math.round(perChannel);
    return {
      ...{ workerId: `worker-${place}`, seq: this.seq, snapshotTerm: 1, snapshotSeq: this.seq - 1, revisions: {} },
      calls: this.channelIds.map((channelId) => ({
        channelId,
        operation: 'pay' as const,
        started: calls,
        ended: Array.from({ length: calls }, () => ({
          endedAgoMs: this.random() * FLOW_TICK_MS,
          rttMs: ROUND_TRIP_MS * (0.7 + 0.6 * this.random()),
          class: 'worked' as const,
        })),
        // By Little's law, oldest first.
        underWayMs: Array.from({ length: Math.ceil((calls * ROUND_TRIP_MS) / FLOW_TICK_MS) }, (_, at) => 90 / (at + 1)),
      })),
    };
  }
}
