/**
 * The door of this process: may a payment come into a channel's queue? By the controller's last word where there is one, by the
 * operator's static limits where none has come. Never "everybody".
 *
 * What a channel's contract and its operator say was decided before (decideAdmission); here it is only about room.
 */
import type { ErrorCode, Reason, RoutingMode } from '#domain';
import { StaticDoor } from '#policy';
import type { ChannelEntry } from './ports/channel-registry';
import type { Entrant, ExpectedWait, FlowView } from './ports/flow-view';
import type { Clock } from './ports/surroundings';

export type DoorVerdict =
  /** `wait`: null where nobody can tell. */
  | { readonly kind: 'admit'; readonly wait: ExpectedWait | null }
  | {
      readonly kind: 'refuse';
      readonly code: ErrorCode;
      readonly reason: Reason;
      readonly retryAfterMs: number | null;
      readonly wait: ExpectedWait | null;
    };

export class Door {
  private readonly unled = new StaticDoor();

  constructor(
    private readonly flow: FlowView,
    private readonly clock: Clock,
  ) {}

  /** Counted: each question is one payment that wants to come in. */
  ask({ limits }: ChannelEntry, entrant: Entrant): DoorVerdict {
    const answer = this.flow.ask(entrant);
    if (answer) return answer;
    const { channelId, patienceMs } = entrant;
    const { kind, waitMs } = this.unled.ask(limits, patienceMs, this.clock.monotonicMs());
    this.flow.noteDemand(entrant, kind === 'admit');
    if (kind === 'admit') return { kind, wait: null };
    const code = waitMs > limits.longestWaitMs ? 'channel_saturated' : 'deadline_unreachable';
    const reason: Reason = {
      code: 'static_limit',
      channel: channelId,
      wait_ms: Math.round(waitMs),
      revision: limits.revision,
    };
    return { kind: 'refuse', code, reason, retryAfterMs: null, wait: null };
  }
}

/** What a payment's patience is made of. */
export interface Patience {
  readonly routingMode: RoutingMode;
  /** The payer's own; null: not said. */
  readonly maxWaitMs: number | null;
  /** Until the payment's hard stop, ms. */
  readonly lifetimeMs: number;
}

/**
 * How long a payment may wait in a channel's queue, ms: what the payer said; else as long as the channel finds worth offering; and one
 * that only wants to wait (`routing.mode: queue`) until its end. Never beyond its end less the time a bank's answer may take.
 */
export function patienceOn({ limits }: ChannelEntry, { lifetimeMs, maxWaitMs, routingMode }: Patience): number {
  const atMost = Math.max(0, lifetimeMs - limits.timeoutMs);
  return Math.min(atMost, maxWaitMs ?? (routingMode === 'queue' ? atMost : limits.longestWaitMs));
}
