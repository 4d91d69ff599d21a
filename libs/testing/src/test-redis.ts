// A Redis database (by number) for one spec file, on the private server of the jest run.
import { Redis } from 'ioredis';
import { serviceSetting } from './service-setting';

/** An empty Redis database. */
export interface TestRedis {
  /** Connection string, the database's number in its path. */
  readonly url: string;
  /** Forgets everything in this database: the `flushall` that Sluice must survive. */
  flush(): Promise<void>;
}

/** As the set-up starts it, less database 0, which counts the others. */
const DATABASES = 255;
const COUNTER = 'sluice:test:databases';

/**
 * Takes the next database by number. A run with more than 255 of them meets the first again, emptied.
 * @throws if the spec runs outside the `integration` and `e2e` projects
 */
export async function createTestRedis(): Promise<TestRedis> {
  const server = serviceSetting('TEST_REDIS_URL');
  const number = await on(server, async (redis) => 1 + ((await redis.incr(COUNTER)) % DATABASES));
  const url = `${server}/${number}`;
  const flush = (): Promise<void> => on(url, async (redis) => void (await redis.flushdb()));
  await flush();
  return { url, flush };
}

async function on<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
