/**
 * Who is the controller? One seat in Redis, held by a lease that each published snapshot renews.
 *
 *   free ──take──▶ held, term n ──publish, publish, …──▶ held
 *     ▲                │ silent for 1.5 s (dead, frozen, cut off), or Redis wiped
 *     └────────────────┘  the next one takes it in term n + 1
 *
 * A frozen controller that wakes up is stopped three times: by its own monotonic clock, by the script that publishes (the seat is
 * another's), and by every follower (the higher term wins, last-flow.ts). Nothing here throws for Redis' sake.
 */
import type { FlowSnapshot } from '#policy';
import { LEAVE_SEAT, PUBLISH_FROM_SEAT, TAKE_SEAT } from './controller-seat.lua';
import { flowKeysOf, type FlowKeys } from './flow-keys';
import type { FlowLink } from './flow-link';

/** How long the seat stays with a controller that says nothing, ms. With a second's look of the candidates, another speaks within 3 s. */
export const SEAT_LEASE_MS = 1_500;
/** How long the newest snapshot can be read, ms. Older than a minute it says nothing about a bank that anybody should act on. */
export const SNAPSHOT_KEPT_MS = 60_000;
/** How long the controller's state can be restored, ms: floors and corrections are learnt over minutes; older ones mislead. */
export const STATE_KEPT_MS = 300_000;

/** What a new controller finds of its predecessor. */
export interface FoundState {
  readonly text: string;
  readonly ageMs: number;
}

export interface TakenSeat {
  readonly term: number;
  /** `null`: Redis was wiped, or there was none for too long. */
  readonly found: FoundState | null;
}

/** `lost`: another is controller now, or Redis was wiped. `unanswered`: nobody knows; the seat is ours until its lease runs out. */
export type Published = 'published' | 'lost' | 'unanswered';

export interface ControllerSeatParts {
  readonly link: FlowLink;
  /** Of this process and this start alone: the token of the lease. */
  readonly candidateId: string;
  readonly monotonicMs: () => number;
  readonly keys?: FlowKeys;
}

export class ControllerSeat {
  private readonly keys: FlowKeys;
  private term: number | null = null;
  private heldUntilMs = -Infinity;

  constructor(private readonly parts: ControllerSeatParts) {
    this.keys = parts.keys ?? flowKeysOf();
  }

  /** The term in which this process is controller; `null` when it is not, by its own monotonic clock. */
  heldTerm(): number | null {
    return this.parts.monotonicMs() < this.heldUntilMs ? this.term : null;
  }

  /** Takes the seat if nobody has it. @param heardTerm highest term in any snapshot this process has heard; 0: none */
  async take(heardTerm: number): Promise<TakenSeat | null> {
    const { candidateId, link, monotonicMs } = this.parts;
    if (!link.available()) return null;
    // Counted from before the question: our lease never outlives the one in Redis.
    const askedMs = monotonicMs();
    const { seat, state, term } = this.keys;
    try {
      const answer = (await link.ask(
        link.redis.eval(TAKE_SEAT, 3, seat, term, state, candidateId, SEAT_LEASE_MS, heardTerm),
      )) as [number, string | null, number] | null;
      if (!answer) return null;
      const [taken, text, leftMs] = answer;
      this.term = taken;
      this.heldUntilMs = askedMs + SEAT_LEASE_MS;
      return { term: taken, found: text === null ? null : { text, ageMs: Math.max(STATE_KEPT_MS - leftMs, 0) } };
    } catch {
      return null;
    }
  }

  /** Tells everybody, and renews the seat. @param state the controller's own, to be kept for a successor; `null`: not this time */
  async publish(snapshot: FlowSnapshot, state: string | null): Promise<Published> {
    const { candidateId, link, monotonicMs } = this.parts;
    if (this.heldTerm() !== snapshot.term) return 'lost';
    if (!link.available()) return 'unanswered';
    const askedMs = monotonicMs();
    const { seat, snapshot: kept, snapshots, state: stateKey } = this.keys;
    const lease = [candidateId, SEAT_LEASE_MS, snapshots] as const;
    const word = [JSON.stringify(snapshot), SNAPSHOT_KEPT_MS, state ?? '', STATE_KEPT_MS] as const;
    try {
      const said = await link.ask(link.redis.eval(PUBLISH_FROM_SEAT, 3, seat, kept, stateKey, ...lease, ...word));
      if (said === 1) this.heldUntilMs = askedMs + SEAT_LEASE_MS;
      else this.heldUntilMs = -Infinity;
      return said === 1 ? 'published' : 'lost';
    } catch {
      return 'unanswered';
    }
  }

  /** At an orderly end: the next controller need not wait for the lease to run out. */
  async leave(): Promise<void> {
    const { candidateId, link } = this.parts;
    const held = this.heldTerm() !== null;
    this.heldUntilMs = -Infinity;
    if (!held || !link.available()) return;
    await link.ask(link.redis.eval(LEAVE_SEAT, 1, this.keys.seat, candidateId)).catch(() => undefined);
  }
}
