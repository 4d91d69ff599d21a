/**
 * Sends reports to whoever is controller, and reads the newest snapshot where none was heard. A report that does not get through is
 * lost: the next one comes in 200 ms, and its number says that one is missing. Nothing here throws for Redis' sake.
 */
import type { FlowSnapshot } from '#policy';
import { SNAPSHOT_KEPT_MS } from './controller-seat';
import { flowKeysOf, type FlowKeys } from './flow-keys';
import type { FlowLink } from './flow-link';
import { readSnapshot, type FlowReport } from './flow-messages';

export interface FoundSnapshot {
  readonly snapshot: FlowSnapshot;
  readonly ageMs: number;
}

export class FlowPost {
  /** One at a time: a slow Redis gets fewer reports, not a queue of them. */
  private sending = false;

  constructor(
    private readonly link: FlowLink,
    private readonly keys: FlowKeys = flowKeysOf(),
  ) {}

  /** @returns whether Redis took it; whether a controller heard it is seen in the next snapshots */
  async send(report: FlowReport): Promise<boolean> {
    if (this.sending || !this.link.available()) return false;
    this.sending = true;
    try {
      await this.link.ask(this.link.redis.publish(this.keys.reports, JSON.stringify(report)));
      return true;
    } catch {
      return false;
    } finally {
      this.sending = false;
    }
  }

  /** The newest snapshot and its age by Redis' own clock; `null`: none, or Redis is away. */
  async newest(): Promise<FoundSnapshot | null> {
    if (!this.link.available()) return null;
    const { snapshot: key } = this.keys;
    try {
      const [text, leftMs] = await this.link.ask(Promise.all([this.link.redis.get(key), this.link.redis.pttl(key)]));
      const snapshot = text === null ? null : readSnapshot(text);
      return snapshot && { snapshot, ageMs: Math.max(SNAPSHOT_KEPT_MS - leftMs, 0) };
    } catch {
      return null;
    }
  }
}
