/** The work queue on Redis: adding, taking and finishing jobs, and the valve that limits channels for all workers together. */
export * from './bull-job-source';
export * from './bull-work-queue';
export * from './channel-valve';
export type { ChannelQueuesOptions } from './channel-queues';
export { RedisLink } from './redis-link';
export type { JobScripts } from './scripts/job-scripts';
export { StockScripts } from './scripts/stock-scripts';
