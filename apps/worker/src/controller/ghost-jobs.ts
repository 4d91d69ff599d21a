/**
 * Jobs that Redis counts as in work and nobody has: their worker was killed, or Redis was frozen for longer than their locks. They leave
 * when their locks have run out and were found, which takes up to 20 s; until then they fill the channel's shared limit, and a limit that
 * is no larger than what is in flight would be full of them. So the limit is raised by as many.
 *
 *   ghosts = least over the last second of (active in Redis − taken, as the workers say)
 *
 * The least, since a report is up to a tick older than the count: what was taken since looks like a ghost once, but not five times. What
 * this leaves open is held by the workers' leases, which add up to the limit.
 */
import type { ChannelId } from '#domain';
import type { WorkerReport } from '#policy';
import type { Backlog } from '#queue';

/** Counts in a row: a second of ticks. */
const COUNTS = 5;
/** A worker that has said nothing for so long holds nothing that will end in time, ms: five reports missing. */
const SILENT_MS = 1_000;

interface Taken {
  readonly heardMs: number;
  readonly taken: Readonly<Record<ChannelId, number>>;
}

export class GhostJobs {
  private readonly workers = new Map<string, Taken>();
  private readonly unclaimed = new Map<ChannelId, number[]>();

  hear({ leaving, taken = {}, workerId }: WorkerReport, heardMs: number): void {
    if (leaving === true) this.workers.delete(workerId);
    else this.workers.set(workerId, { heardMs, taken });
  }

  /** Once per step. */
  count(backlogs: ReadonlyMap<ChannelId, Backlog>, nowMs: number): void {
    for (const [id, { heardMs }] of this.workers) if (nowMs - heardMs > SILENT_MS) this.workers.delete(id);
    for (const [channelId, { active }] of backlogs) {
      let claimed = 0;
      for (const { taken } of this.workers.values()) claimed += taken[channelId] ?? 0;
      const counts = this.unclaimed.get(channelId) ?? [];
      this.unclaimed.set(channelId, [...counts, active - claimed].slice(-COUNTS));
    }
  }

  of(channelId: ChannelId): number {
    const counts = this.unclaimed.get(channelId) ?? [];
    return counts.length < COUNTS ? 0 : Math.max(Math.min(...counts), 0);
  }
}
