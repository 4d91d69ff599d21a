/**
 * The controller's last word as this process follows it: heard over pub/sub, and read from its key where nothing was heard for a second
 * (at the start, or when the subscribed connection was away). Asked from memory; it throws nothing and waits for nobody.
 */
import type { ChannelId } from '#domain';
import type { ChannelFlow, FlowSnapshot } from '#policy';
import { flowKeysOf, type FlowKeys } from './flow-keys';
import { FlowEar } from './flow-ear';
import type { FlowLink } from './flow-link';
import type { FlowReport } from './flow-messages';
import { FlowPost } from './flow-post';
import { LastFlow } from './last-flow';

/** Between two looks whether anything was heard, ms; five snapshots should have come meanwhile. */
const LOOK_EVERY_MS = 1_000;

export interface FollowedFlowParts {
  readonly url: string;
  /** For reading the newest snapshot; closed by its owner. */
  readonly link: FlowLink;
  readonly monotonicMs: () => number;
  /** Called with each snapshot that is followed from now on. */
  readonly onSnapshot?: (snapshot: FlowSnapshot) => void;
  /** Called with reports while this process wants to hear them. */
  readonly onReport?: (report: FlowReport) => void;
  readonly keys?: FlowKeys;
}

export class FollowedFlow {
  private readonly last = new LastFlow();
  private readonly ear: FlowEar;
  private readonly post: FlowPost;
  private readonly timer: NodeJS.Timeout;
  private byChannel = new Map<ChannelId, ChannelFlow>();

  constructor(private readonly parts: FollowedFlowParts) {
    const keys = parts.keys ?? flowKeysOf();
    this.post = new FlowPost(parts.link, keys);
    const listeners = {
      snapshot: (snapshot: FlowSnapshot) => this.hear(snapshot, parts.monotonicMs()),
      ...(parts.onReport && { report: parts.onReport }),
    };
    this.ear = new FlowEar(parts.url, listeners, keys);
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.timer.unref();
    void this.look();
  }

  get snapshot(): FlowSnapshot | null {
    return this.last.snapshot;
  }

  /** The channel in the last snapshot. */
  channel(channelId: ChannelId): ChannelFlow | null {
    return this.byChannel.get(channelId) ?? null;
  }

  /** How long ago the last snapshot was said, ms; Infinity: none was heard. */
  ageMs(): number {
    return this.last.ageMs(this.parts.monotonicMs());
  }

  hearReports(on: boolean): void {
    this.ear.hearReports(on);
  }

  close(): void {
    clearInterval(this.timer);
    this.ear.close();
  }

  private hear(snapshot: FlowSnapshot, saidMs: number): void {
    if (!this.last.hear(snapshot, saidMs)) return;
    this.byChannel = new Map(snapshot.channels.map((channel) => [channel.channelId, channel]));
    this.parts.onSnapshot?.(snapshot);
  }

  private async look(): Promise<void> {
    if (this.ageMs() < LOOK_EVERY_MS) return;
    const askedMs = this.parts.monotonicMs();
    const found = await this.post.newest();
    if (found) this.hear(found.snapshot, askedMs - found.ageMs);
  }
}
