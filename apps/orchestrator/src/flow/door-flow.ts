/**
 * The door of this process: acts on the controller's last word, counts what it does, and has its report ready. No sockets and no timers;
 * the clock is given. What is decided, and how, is `decideAtDoor` of #policy.
 */
import type { Clock, DoorAnswer, Entrant, ExpectedWait, FlowView } from '#dispatch';
import type { ChannelId, PaymentId, PaymentState } from '#domain';
import {
  type ChannelFlow,
  type DoorPlan,
  type DoorReport,
  type DoorState,
  type FlowSnapshot,
  cohortRotation,
  createDoor,
  decideAtDoor,
  forecastAtDoor,
  hearSnapshot,
  leaseShare,
  noteAtDoor,
  noteOutcome,
  takeDoorReport,
} from '#policy';
import { PredictedWaits } from './predicted-waits';

export class DoorFlow implements FlowView {
  private readonly door: DoorState;
  private readonly waits: PredictedWaits;
  private snapshot: FlowSnapshot | null = null;
  private heardMs = -Infinity;
  private reservedOn: (channelId: ChannelId) => number = () => 0;

  constructor(
    doorId: string,
    private readonly clock: Clock,
  ) {
    this.door = createDoor(doorId);
    this.waits = new PredictedWaits((channelId, outcome) => noteOutcome(this.door, channelId, outcome));
  }

  /** Acts on this snapshot from now on. @param ageMs how long ago it was said */
  hear(snapshot: FlowSnapshot, ageMs: number): void {
    const nowMs = this.clock.monotonicMs();
    this.snapshot = snapshot;
    this.heardMs = nowMs - ageMs;
    hearSnapshot(this.door, snapshot, nowMs - ageMs);
  }

  newest(): FlowSnapshot | null {
    return this.snapshot;
  }

  get(channelId: ChannelId): ChannelFlow | null {
    return this.door.channels[channelId]?.flow ?? null;
  }

  planOf(channelId: ChannelId): DoorPlan | null {
    const channel = this.door.channels[channelId];
    if (!channel) return null;
    const { left, plan } = channel;
    const share = leaseShare(this.clock.monotonicMs() - this.heardMs);
    return {
      ...plan,
      budget: Math.max(Math.floor(left), 0),
      ratePerSecond: plan.ratePerSecond * share,
      offerBudget: plan.offerBudget * share,
    };
  }

  ageMs(): number | null {
    return this.snapshot ? Math.max(this.clock.monotonicMs() - this.heardMs, 0) : null;
  }

  ask(entrant: Entrant): DoorAnswer | null {
    const rotation = cohortRotation(this.clock.epochMs());
    const decision = decideAtDoor(this.door, { ...entrant, rotation }, this.clock.monotonicMs());
    if (!decision) return null;
    if (decision.kind === 'admit') return { kind: 'admit', wait: decision.forecast };
    const { code, forecast, reason, retryAfterMs } = decision;
    return { kind: 'refuse', code, reason, retryAfterMs, wait: forecast };
  }

  expect(channelId: ChannelId): ExpectedWait | null {
    return forecastAtDoor(this.door, channelId, this.clock.monotonicMs());
  }

  noteDemand(entrant: Pick<Entrant, 'channelId' | 'merchantId' | 'tier'>, admitted: boolean): void {
    noteAtDoor(this.door, entrant, admitted);
  }

  noteAccepted(paymentId: PaymentId, channelId: ChannelId, wait: ExpectedWait): void {
    this.waits.accepted(paymentId, channelId, wait, this.clock.monotonicMs());
  }

  countReservations(reservedOn: (channelId: ChannelId) => number): void {
    this.reservedOn = reservedOn;
  }

  /** A payment moved, says the journal. */
  became(paymentId: string, state: PaymentState | null): void {
    this.waits.became(paymentId, state, this.clock.monotonicMs());
  }

  /** Some of the journal's notices were missed. */
  missed(): void {
    this.waits.forget();
  }

  /** What happened since the last report; counting begins anew. */
  report(): DoorReport {
    this.waits.sweep(this.clock.monotonicMs());
    return takeDoorReport(this.door, this.reservedOn);
  }

  /** Payments whose predictions are followed now. */
  get followed(): number {
    return this.waits.size;
  }
}
