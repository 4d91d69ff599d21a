/** What can happen to Redis. All of it is allowed to be lost: the journal is the truth. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { between, type FaultContext, type FaultKind, happened, notSeen } from '../fault';

/** Redis is on this machine; a second without an answer means that it does not answer. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 20;
/** An empty one is there in tens of milliseconds. */
const BACK_WITHIN_MS = 10_000;

async function withRedis<T>({ product }: FaultContext, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(product.place.databases.redis_url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

export const redisFlush: FaultKind = {
  name: 'redis-flush',
  what: 'FLUSHALL: every queue, pause, limit and lease is gone',
  draw: (atS) => ({ fault: 'redis-flush', at_s: atS }),
  inject: (_, context) =>
    context.keeper.inTurn('redis', () =>
      withRedis(context, async (redis) => {
        let keys = await redis.dbsize();
        // Right after another fault it may be empty; then it is not the moment yet.
        while (keys === 0 && !context.loadEnds.aborted) {
          await sleep(LOOK_EVERY_MS);
          keys = await redis.dbsize();
        }
        await redis.flushall();
        return keys > 0 ? happened(`${keys} keys wiped`) : notSeen('there was no key to wipe');
      }),
    ),
};

export const redisGone: FaultKind = {
  name: 'redis-gone',
  what: 'Redis is killed, is gone for `for_s` seconds, and comes back with what its append-only file kept',
  draw: (atS, random) => ({ fault: 'redis-gone', at_s: atS, for_s: between(0.5, 6, random) }),
  inject: ({ for_s: forS = 10 }, context) =>
    restart(context, forS, () => undefined)
      .then((redis) => `Redis was gone for ${forS} s; ${redis}`)
      .then(happened),
};

export const redisEmpty: FaultKind = {
  name: 'redis-empty',
  what: 'Redis is killed and comes back, after `for_s` seconds, without its files',
  draw: (atS, random) => ({ fault: 'redis-empty', at_s: atS, for_s: between(0, 3, random) }),
  inject: ({ for_s: forS = 0 }, context) =>
    restart(context, forS, () =>
      rmSync(join(context.product.place.folder, 'redis', 'appendonlydir'), { recursive: true, force: true }),
    ).then(happened),
};

/** @returns how many keys the new one had at its first answer */
function restart(context: FaultContext, forS: number, meanwhile: () => void): Promise<string> {
  const { keeper } = context;
  return keeper.inTurn('redis', async () => {
    const pid = await keeper.takeDown('redis');
    if (pid === null) throw new Error('Redis was not running');
    meanwhile();
    await sleep(forS * 1_000);
    await keeper.bringBack('redis');
    const begun = performance.now();
    for (;;) {
      const keys = await withRedis(context, (redis) => redis.dbsize()).catch(() => null);
      if (keys !== null) return `it came back with ${keys} keys`;
      if (performance.now() - begun > BACK_WITHIN_MS) throw new Error('Redis did not come back');
      await sleep(LOOK_EVERY_MS);
    }
  });
}

export const redisFull: FaultKind = {
  name: 'redis-full',
  what: 'Redis has no memory left for `for_s` seconds and refuses whatever would add to it',
  draw: (atS, random) => ({ fault: 'redis-full', at_s: atS, for_s: between(1, 6, random) }),
  inject: ({ for_s: forS = 5 }, context) =>
    context.keeper.inTurn('redis', () =>
      withRedis(context, async (redis) => {
        const before = await refusals(redis);
        await redis.config('SET', 'maxmemory', '1mb');
        await sleep(forS * 1_000);
        const refused = (await refusals(redis)) - before;
        await redis.config('SET', 'maxmemory', '0');
        return refused > 0 ? happened(`${refused} commands refused`) : notSeen('no command was refused');
      }),
    ),
};

async function refusals(redis: Redis): Promise<number> {
  return Number(/errorstat_OOM:count=(\d+)/.exec(await redis.info('errorstats'))?.[1] ?? 0);
}
