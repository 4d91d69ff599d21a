/**
 * What is set for all workers together: how many jobs of a channel may be in work at once, and whether it is paused. Redis obeys both in
 * the step that hands out a job. A wiped Redis forgets both (a paused queue with limit 1 then hands out 20 at once), so they are asserted
 * again and again, and every worker has a gate of its own beside them.
 */
import type { ChannelId } from '#domain';
import { ChannelQueues, type ChannelQueuesOptions } from './channel-queues';
import { formatWakeUps, wakeChannelOf } from './queue-names';
import type { RedisLink } from './redis-link';

/** Entries kept in each queue's events stream. BullMQ always writes some and nobody here reads them. */
const EVENTS_MAX = 100;

export interface ValveSetting {
  readonly channelId: ChannelId;
  /** Most payments in work at once over all workers; 0 closes the channel. */
  readonly limit: number;
  readonly paused: boolean;
}

export interface Backlog {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

export class ChannelValve {
  private readonly queues: ChannelQueues;
  private readonly lastLimits = new Map<ChannelId, number>();

  constructor(
    private readonly link: RedisLink,
    options: ChannelQueuesOptions = {},
  ) {
    this.queues = new ChannelQueues(link, options);
  }

  /** Makes Redis say what the settings say, for their pay queues. @returns whether Redis confirmed */
  async assert(settings: readonly ValveSetting[]): Promise<boolean> {
    if (settings.length === 0) return true;
    if (!this.link.available()) return false;
    const pipeline = this.link.redis.pipeline();
    for (const { channelId, limit } of settings) {
      const meta = `${this.queues.of('pay', channelId).keyPrefix}meta`;
      const concurrency = Math.max(Math.floor(limit), 0);
      pipeline.hset(meta, { concurrency, 'opts.maxLenEvents': EVENTS_MAX }).hexists(meta, 'paused');
    }
    try {
      const answers = (await this.link.ask(pipeline.exec())) ?? [];
      if (answers.some(([error]) => error)) return false;
      const differing = settings.filter((setting, i) => (answers[2 * i + 1]?.[1] === 1) !== setting.paused);
      await this.link.ask(
        Promise.all(differing.map((one) => this.queues.of('pay', one.channelId).backend.pause(one.paused))),
      );
      await this.wakeOpened(settings, differing);
      return true;
    } catch {
      return false;
    }
  }

  /** What waits, is in work and is delayed in each channel's pay queue; `null` while Redis does not answer. */
  async backlogs(channels: readonly ChannelId[]): Promise<ReadonlyMap<ChannelId, Backlog> | null> {
    if (!this.link.available()) return null;
    const pipeline = this.link.redis.pipeline();
    for (const channelId of channels) {
      const { keyPrefix } = this.queues.of('pay', channelId);
      pipeline.llen(`${keyPrefix}wait`).llen(`${keyPrefix}active`).zcard(`${keyPrefix}delayed`);
    }
    try {
      const counts = ((await this.link.ask(pipeline.exec())) ?? []).map(([, count]) => Number(count ?? 0));
      return new Map(
        channels.map((channelId, i) => {
          const [waiting = 0, active = 0, delayed = 0] = counts.slice(3 * i, 3 * i + 3);
          return [channelId, { waiting, active, delayed }];
        }),
      );
    } catch {
      return null;
    }
  }

  /** A raised limit or a resumed channel is worth a look at once, rather than at the next poll. */
  private async wakeOpened(settings: readonly ValveSetting[], resumed: readonly ValveSetting[]): Promise<void> {
    const opened = settings.filter(
      (one) => !one.paused && (resumed.includes(one) || one.limit > (this.lastLimits.get(one.channelId) ?? one.limit)),
    );
    for (const { channelId, limit } of settings) this.lastLimits.set(channelId, limit);
    if (opened.length === 0) return;
    const wakeUps = opened.map(({ channelId }) => ({ lane: 'pay', channelId, count: 0, delayMs: 0 }) as const);
    await this.link.ask(this.link.redis.publish(wakeChannelOf(this.queues.prefix), formatWakeUps(wakeUps)));
  }
}
