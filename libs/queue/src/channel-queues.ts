/**
 * The BullMQ queues of all channels over one connection. BullMQ's `Queue` object costs listeners and a handshake each; its backend has
 * `forQueue`, made for flows over many queues, which shares the connection. 600 queues are then 600 small objects and no sockets.
 */
import { createRedisBackend, type IQueueBackend, type QueueOptions, type WorkerOptions } from 'bullmq';
import type { ChannelId } from '#domain';
import type { Lane } from '#dispatch';
import { DEFAULT_PREFIX, queueNameOf } from './queue-names';
import type { RedisLink } from './redis-link';

/** How long a job belongs to a worker that says nothing, ms. BullMQ's own default: longer than any bank call without renewal. */
export const LOCK_DURATION_MS = 30_000;
/** Between two looks for jobs of dead workers, ms. Two looks are needed: one suspects, the next acts. */
export const STALLED_INTERVAL_MS = 15_000;

/** One lane of one channel. */
export interface ChannelQueue {
  readonly lane: Lane;
  readonly channelId: ChannelId;
  /** `pay.icbc.quickpay`. */
  readonly name: string;
  /** What all its keys begin with: `{sluice}:pay.icbc.quickpay:`. */
  readonly keyPrefix: string;
  readonly backend: IQueueBackend;
}

export interface ChannelQueuesOptions {
  readonly prefix?: string;
  readonly lockDurationMs?: number;
  readonly stalledIntervalMs?: number;
}

type BackendOptions = QueueOptions &
  Required<Pick<WorkerOptions, 'lockDuration' | 'stalledInterval' | 'maxStalledCount'>>;

export class ChannelQueues {
  readonly prefix: string;
  readonly lockDurationMs: number;
  readonly stalledIntervalMs: number;
  private readonly root;
  private readonly known = new Map<string, ChannelQueue>();

  constructor(link: RedisLink, options: ChannelQueuesOptions = {}) {
    this.prefix = options.prefix ?? DEFAULT_PREFIX;
    this.lockDurationMs = options.lockDurationMs ?? LOCK_DURATION_MS;
    this.stalledIntervalMs = options.stalledIntervalMs ?? STALLED_INTERVAL_MS;
    const backendOptions: BackendOptions = {
      connection: link.redis,
      prefix: this.prefix,
      // Both would wait for Redis: then a process that starts while Redis is down never gets its queues.
      skipWaitingForReady: true,
      skipVersionCheck: true,
      lockDuration: this.lockDurationMs,
      // How long one worker's look spares the others theirs; a little less than a round, or every second round would find it still there.
      stalledInterval: Math.floor(this.stalledIntervalMs * 0.8),
      // How often a job may outlive its worker before BullMQ marks it failed. The mark is ignored here: the journal decides.
      maxStalledCount: 1_000,
    };
    this.root = createRedisBackend('root', backendOptions);
    this.root.on('error', () => {});
  }

  /** The queue of a channel's lane; made when first asked for, needs no Redis. */
  of(lane: Lane, channelId: ChannelId): ChannelQueue {
    const name = queueNameOf(lane, channelId);
    const found = this.known.get(name);
    if (found) return found;
    const backend = this.root.forQueue(name);
    const queue = { lane, channelId, name, keyPrefix: backend.toKey(''), backend };
    this.known.set(name, queue);
    return queue;
  }

  /** Every queue asked for so far. */
  all(): readonly ChannelQueue[] {
    return [...this.known.values()];
  }
}
