/**
 * Hears that there is work: one subscribed connection for all channels, and one timer per queue for delayed jobs. A wake-up may get
 * lost (a subscriber that reconnects hears nothing meanwhile); the pump's slow poll covers that, so nothing here is repeated or stored.
 */
import { Redis } from 'ioredis';
import { parseWakeUps, queueNameOf, wakeChannelOf, type WakeUp } from './queue-names';

/** Longest pause between attempts to connect, ms. */
const RECONNECT_MAX_MS = 1_000;
/** Added to a delay, ms: a timer may fire a little early by Redis' clock, and an early look is a wasted one. */
const DUE_MARGIN_MS = 2;
/** Longest timer, ms. A delayed job further away is found by the slow poll. */
const TIMER_MAX_MS = 60_000;

export class WakeUps {
  private readonly subscriber: Redis;
  /** By queue name: the earliest due time we know, and its timer. */
  private readonly due = new Map<string, { readonly at: number; readonly timer: NodeJS.Timeout }>();

  constructor(
    url: string,
    prefix: string,
    private readonly onWake: (wake: WakeUp) => void,
  ) {
    this.subscriber = new Redis(url, {
      connectionName: 'sluice-wake',
      // A subscription waits for the connection for ever, and is renewed after each reconnect.
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), RECONNECT_MAX_MS),
    });
    this.subscriber.on('error', () => {});
    this.subscriber.on('message', (_channel: string, message: string) =>
      parseWakeUps(message).forEach((w) => this.hear(w)),
    );
    // Rejected only when the connection is closed for good.
    this.subscriber.subscribe(wakeChannelOf(prefix)).catch(() => {});
  }

  /** Wakes the queue once when a delayed job is due. An earlier timer of the same queue stays; a later one is replaced. */
  wakeAt(queue: Pick<WakeUp, 'lane' | 'channelId'>, epochMs: number): void {
    const name = queueNameOf(queue.lane, queue.channelId);
    const known = this.due.get(name);
    if (known && known.at <= epochMs) return;
    if (known) clearTimeout(known.timer);
    const waitMs = Math.min(Math.max(epochMs - Date.now(), 0) + DUE_MARGIN_MS, TIMER_MAX_MS);
    const timer = setTimeout(() => {
      this.due.delete(name);
      this.onWake({ lane: queue.lane, channelId: queue.channelId, count: 1, delayMs: 0 });
    }, waitMs);
    timer.unref();
    this.due.set(name, { at: epochMs, timer });
  }

  close(): void {
    for (const { timer } of this.due.values()) clearTimeout(timer);
    this.due.clear();
    this.subscriber.disconnect();
  }

  private hear(wake: WakeUp): void {
    if (wake.delayMs > 0) this.wakeAt(wake, Date.now() + wake.delayMs);
    else this.onWake(wake);
  }
}
