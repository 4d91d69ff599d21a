/**
 * Hears the controller, and as controller the reports: one subscribed connection. What is published while the connection is away is
 * lost; whoever has heard nothing for a while reads the newest snapshot from its key (`FlowPost.newest`).
 */
import { Redis } from 'ioredis';
import type { FlowSnapshot } from '#policy';
import { flowKeysOf, type FlowKeys } from './flow-keys';
import { readReport, readSnapshot, type FlowReport } from './flow-messages';

/** Longest pause between attempts to connect, ms. */
const RECONNECT_MAX_MS = 1_000;

export class FlowEar {
  private readonly subscriber: Redis;
  private hearsReports = false;

  constructor(
    url: string,
    private readonly listeners: {
      readonly snapshot: (snapshot: FlowSnapshot) => void;
      /** Called only after `hearReports(true)`. */
      readonly report?: (report: FlowReport) => void;
    },
    private readonly keys: FlowKeys = flowKeysOf(),
  ) {
    this.subscriber = new Redis(url, {
      connectionName: 'sluice-flow',
      // A subscription waits for the connection for ever, and is renewed after each reconnect.
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), RECONNECT_MAX_MS),
    });
    this.subscriber.on('error', () => {});
    this.subscriber.on('message', (channel: string, message: string) => this.heard(channel, message));
    // Rejected only when the connection is closed for good.
    this.subscriber.subscribe(keys.snapshots).catch(() => {});
  }

  /** The controller listens to reports; to the others they would be nothing but work. */
  hearReports(on: boolean): void {
    if (on === this.hearsReports) return;
    this.hearsReports = on;
    const { reports } = this.keys;
    (on ? this.subscriber.subscribe(reports) : this.subscriber.unsubscribe(reports)).catch(() => {});
  }

  close(): void {
    this.subscriber.disconnect();
  }

  private heard(channel: string, message: string): void {
    if (channel === this.keys.snapshots) {
      const snapshot = readSnapshot(message);
      if (snapshot) this.listeners.snapshot(snapshot);
    } else if (this.hearsReports) {
      const report = readReport(message);
      if (report) this.listeners.report?.(report);
    }
  }
}
