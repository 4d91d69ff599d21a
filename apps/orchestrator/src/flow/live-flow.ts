/**
 * The door, connected: hears the controller over Redis and the journal's notices of payments, and reports every tick. While Redis is away
 * the door goes on with the last word, tightening; nothing here throws or is waited for.
 */
import type { ChannelRegistry, Clock } from '#dispatch';
import { FLOW_TICK_MS } from '#policy';
import type { PaymentFeed } from '#postgres';
import { type FlowLink, FlowPost, FollowedFlow } from '#redis';
import { DoorFlow } from './door-flow';

export interface LiveFlowParts {
  /** Of this process and this start alone. */
  readonly doorId: string;
  readonly redisUrl: string;
  readonly link: FlowLink;
  readonly feed: PaymentFeed;
  readonly channels: Pick<ChannelRegistry, 'version'>;
  readonly clock: Clock;
}

export class LiveFlow {
  readonly door: DoorFlow;
  private readonly followed: FollowedFlow;
  private readonly post: FlowPost;
  private readonly stops: (() => void)[];

  constructor(private readonly parts: LiveFlowParts) {
    const { clock, doorId, feed, link, redisUrl } = parts;
    const door = (this.door = new DoorFlow(doorId, clock));
    this.followed = new FollowedFlow({
      url: redisUrl,
      link,
      monotonicMs: clock.monotonicMs,
      onSnapshot: (snapshot) => door.hear(snapshot, this.followed.ageMs()),
    });
    this.post = new FlowPost(link);
    const reporting = setInterval(() => this.report(), FLOW_TICK_MS);
    this.stops = [
      () => clearInterval(reporting),
      () => this.followed.close(),
      feed.subscribe((ids, states) => {
        for (let i = 0; i < ids.length; i += 1) door.became(ids[i]!, states[i] ?? null);
      }),
      feed.onReset(() => door.missed()),
    ];
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  /** Taken whether or not it can be sent: demand of a minute ago would only mislead. */
  private report(): void {
    const report = { ...this.door.report(), registryVersion: this.parts.channels.version() };
    void this.post.send({ kind: 'door', report });
  }
}
