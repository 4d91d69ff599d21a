/** Tells the controller, every tick, what this worker's calls were like and what it acts on. A report that gets lost is not said again. */
import type { ChannelRegistry } from '#dispatch';
import type { ChannelId } from '#domain';
import { FLOW_TICK_MS, type WorkerReport } from '#policy';
import type { FlowPost, FollowedFlow } from '#redis';
import type { CallSamples } from './call-samples';

export interface ReportLoopParts {
  readonly workerId: string;
  readonly samples: Pick<CallSamples, 'take'>;
  /** Payments in hand that Redis handed out, by channel. */
  readonly taken: () => Readonly<Record<ChannelId, number>>;
  readonly channels: Pick<ChannelRegistry, 'all' | 'version'>;
  readonly flow: Pick<FollowedFlow, 'snapshot'>;
  readonly post: Pick<FlowPost, 'send'>;
}

export class ReportLoop {
  private seq = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly parts: ReportLoopParts) {}

  start(): void {
    this.timer = setInterval(() => void this.report(), FLOW_TICK_MS);
    void this.report();
  }

  /** The worker's journey is over: what it was leased is free for the others. */
  async leave(): Promise<void> {
    this.stop();
    await this.report(true);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Samples are taken whether or not they can be sent: what is a minute old when Redis is back would only mislead. */
  async report(leaving = false): Promise<void> {
    const { channels, flow, post, samples, taken, workerId } = this.parts;
    this.seq += 1;
    const revisions: Record<ChannelId, number> = {};
    for (const { channel, limits } of channels.all()) revisions[channel.id] = limits.revision;
    const report: WorkerReport = {
      workerId,
      seq: this.seq,
      snapshotSeq: flow.snapshot?.seq ?? 0,
      ...(flow.snapshot && { snapshotTerm: flow.snapshot.term }),
      ...(leaving && { leaving }),
      registryVersion: channels.version(),
      revisions,
      calls: samples.take(),
      taken: taken(),
    };
    await post.send({ kind: 'worker', report });
  }
}
