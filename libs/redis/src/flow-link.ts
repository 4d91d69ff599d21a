/** What this library needs of a connection to Redis; the queue's `RedisLink` is one, so that a process has one for all its commands. */
import type { Redis } from 'ioredis';

export interface FlowLink {
  readonly redis: Redis;
  /** Whether Redis answers now. */
  available(): boolean;
  /** The command's answer, given up in time. @throws when Redis is silent, gone or refuses */
  ask<T>(command: Promise<T>): Promise<T>;
}
