/** Our scripts against BullMQ's own on one Redis: the same steps must leave the same keys. */
import { Redis } from 'ioredis';
import { Queue, Worker } from 'bullmq';
import * as fc from 'fast-check';
import type { ChannelId } from '#domain';
import { createTestRedis } from '#testing';
import { ChannelQueues, type ChannelQueue } from '../channel-queues';
import { RedisLink } from '../redis-link';
import { BatchedScripts } from './batched-scripts';
import type { JobScripts, NewJob, TakeAnswer } from './job-scripts';
import { StockScripts } from './stock-scripts';

type StepOf<A> = A extends fc.Arbitrary<infer T> ? T : never;
const PREFIXES = { stock: '{stock}', ours: '{ours}' } as const;
const CHANNELS = ['icbc.quickpay', 'cmb.gateway'] as ChannelId[];
const jobs = (from: number, count: number): NewJob[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `pay_${from + i}-1`,
    data: `{"paymentId":"pay_${from + i}","version":1}`,
  }));

describe('batched scripts leave the keys that BullMQ’s own leave', () => {
  let url: string;
  let redis: Redis;
  let link: RedisLink;
  let sides: { prefix: string; scripts: JobScripts; queues: ChannelQueue[] }[];

  beforeEach(async () => {
    ({ url } = await createTestRedis());
    redis = new Redis(url);
    link = new RedisLink(url, 'spec');
    await new Promise((resolve) => link.redis.once('ready', resolve));
    sides = [PREFIXES.stock, PREFIXES.ours].map((prefix) => {
      const queues = new ChannelQueues(link, { prefix });
      const scripts =
        prefix === PREFIXES.stock
          ? new StockScripts(link.redis, prefix)
          : new BatchedScripts(link.redis, prefix, 30_000);
      return { prefix, scripts, queues: CHANNELS.map((channelId) => queues.of('pay', channelId)) };
    });
    await prepare();
  });
  afterEach(() => {
    link.close();
    redis.disconnect();
  });

  /** Empty, but for what BullMQ's own scripts write when they find it missing. */
  async function prepare(): Promise<void> {
    await redis.flushdb();
    for (const { queues } of sides)
      for (const queue of queues) await queue.backend.setQueueMeta({ 'opts.maxLenEvents': 10_000 });
  }

  /** Every key of a side but the events stream, with its content and whether it expires; moments blanked. */
  async function contents(prefix: string): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const key of (await redis.keys(`${prefix}*`)).sort()) {
      if (key.endsWith(':events')) continue;
      const expires = (await redis.pttl(key)) > 0;
      found[key.slice(prefix.length)] = { expires, value: await contentOf(key) };
    }
    return found;
  }

  async function contentOf(key: string): Promise<unknown> {
    switch (await redis.type(key)) {
      case 'hash': {
        const { timestamp, processedOn, opts, ...fields } = await redis.hgetall(key);
        return { ...fields, opts: opts && JSON.parse(opts), moments: [timestamp, processedOn].map(Boolean) };
      }
      case 'list':
        return redis.lrange(key, 0, -1);
      case 'set':
        return (await redis.smembers(key)).sort();
      case 'zset':
        return redis.zrange(key, '0', '-1');
      default:
        return redis.get(key);
    }
  }

  /** Does the same on both sides, compares what came back and what is in Redis, and returns the answer. */
  async function both<T>(step: (scripts: JobScripts, queues: ChannelQueue[]) => Promise<T>): Promise<T> {
    const answers: T[] = [];
    for (const { scripts, queues } of sides) answers.push(await step(scripts, queues));
    expect(answers[1]).toEqual(answers[0]);
    expect(await contents(PREFIXES.ours)).toEqual(await contents(PREFIXES.stock));
    return answers[1] as T;
  }
  const idsOf = (answers: readonly TakeAnswer[]): (readonly string[])[] => answers.map((answer) => answer.ids);
  const takeBoth = (max: number, token = 'me'): Promise<readonly TakeAnswer[]> =>
    both((scripts, queues) =>
      scripts.take(
        queues.map((queue) => ({ queue, max })),
        token,
      ),
    );

  it('add, add again, take in order, finish, drained', async () => {
    const add = (from: number, count: number): Promise<void> =>
      both((scripts, queues) =>
        scripts.add(
          queues.map((queue) => ({ queue, delayMs: 0, jobs: jobs(from, count) })),
          [],
        ),
      );
    await add(1, 5);
    await add(4, 4);
    expect(idsOf(await takeBoth(3))[0]).toEqual(['pay_1-1', 'pay_2-1', 'pay_3-1']);
    await add(3, 2);
    const finish = (ids: string[], token = 'me'): Promise<number> =>
      both((scripts, queues) =>
        scripts.finish(
          queues.map((queue) => ({ queue, ids })),
          token,
        ),
      );
    expect(await finish(['pay_2-1', 'pay_1-1'])).toBe(0);
    expect(await finish(['pay_1-1', 'pay_3-1', 'pay_7-1'], 'somebody else')).toBe(6);
    expect(await finish(['pay_3-1'])).toBe(0);
    expect(idsOf(await takeBoth(100))[1]).toEqual(['pay_4-1', 'pay_5-1', 'pay_6-1', 'pay_7-1']);
    expect(await finish(['pay_4-1', 'pay_5-1', 'pay_6-1', 'pay_7-1', 'pay_8-1'])).toBe(2);
    expect(idsOf(await takeBoth(10))).toEqual([[], []]);
  });

  it('a limit, a limit reached, a pause', async () => {
    await both(async (scripts, queues) => {
      await queues[0]!.backend.setQueueMeta({ concurrency: 2 });
      await queues[1]!.backend.pause(true);
      await scripts.add(
        queues.map((queue) => ({ queue, delayMs: 0, jobs: jobs(1, 4) })),
        [],
      );
    });
    expect(idsOf(await takeBoth(3))).toEqual([['pay_1-1', 'pay_2-1'], []]);
    expect(idsOf(await takeBoth(1))).toEqual([[], []]);
    await both((scripts, queues) => scripts.add([{ queue: queues[0]!, delayMs: 0, jobs: jobs(9, 1) }], []));
    await both((scripts, queues) => scripts.finish([{ queue: queues[0]!, ids: ['pay_1-1'] }], 'me'));
    expect(idsOf(await takeBoth(3))).toEqual([['pay_3-1'], []]);
    await both(async (_, queues) => {
      await queues[0]!.backend.setQueueMeta({ concurrency: 0 });
      await queues[1]!.backend.pause(false);
    });
    expect(idsOf(await takeBoth(4))).toEqual([[], ['pay_1-1', 'pay_2-1', 'pay_3-1', 'pay_4-1']]);
  });

  it('delayed jobs come when they are due, and not before', async () => {
    await both((scripts, queues) => scripts.add([{ queue: queues[0]!, delayMs: 1, jobs: jobs(1, 2) }], []));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(idsOf(await takeBoth(1))).toEqual([['pay_1-1'], []]);
    const later = { delayMs: 60_000, jobs: jobs(3, 1) };
    for (const { scripts, queues } of sides) await scripts.add([{ queue: queues[1]!, ...later }], []);
    for (const { scripts, queues } of sides) {
      const [answer] = await scripts.take([{ queue: queues[1]!, max: 5 }], 'me');
      expect(answer).toMatchObject({ ids: [], waiting: 0 });
      expect(answer!.nextDueAt! - Date.now()).toBeGreaterThan(50_000);
    }
  });

  it('ours: a job that was delayed, by whatever clock, is taken now when it is added for now', async () => {
    const { scripts, queues } = sides[1]!;
    const add = (delayMs: number) => scripts.add([{ queue: queues[0]!, delayMs, jobs: jobs(1, 1) }], []);
    const take = () => scripts.take([{ queue: queues[0]!, max: 5 }], 'me');
    await add(3_600_000);
    expect(idsOf(await take())).toEqual([[]]);
    await add(0);
    await add(0);
    expect(idsOf(await take())).toEqual([['pay_1-1']]);
    expect(await take()).toMatchObject([{ ids: [], waiting: 0, nextDueAt: null }]);
  });

  it('a job whose lock ran out is left to its new holder', async () => {
    await both((scripts, queues) => scripts.add([{ queue: queues[0]!, delayMs: 0, jobs: jobs(1, 1) }], []));
    await takeBoth(1);
    for (const { queues } of sides) await redis.del(`${queues[0]!.keyPrefix}pay_1-1:lock`);
    const gone = await both((scripts, queues) => scripts.finish([{ queue: queues[0]!, ids: ['pay_1-1'] }], 'me'));
    expect(gone).toBe(1);
  });

  it('whatever is done in whatever order', async () => {
    const anId = fc.integer({ min: 1, max: 12 });
    const aStep = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), from: anId, count: fc.integer({ min: 1, max: 5 }) }),
      fc.record({
        kind: fc.constant('take' as const),
        max: fc.integer({ min: 1, max: 6 }),
        who: fc.constantFrom('a', 'b'),
      }),
      fc.record({ kind: fc.constant('finish' as const), ids: fc.uniqueArray(anId), who: fc.constantFrom('a', 'b') }),
      fc.record({ kind: fc.constant('limit' as const), to: fc.integer({ min: 0, max: 6 }) }),
      fc.record({ kind: fc.constant('pause' as const), on: fc.boolean() }),
      fc.constant({ kind: 'count' as const }),
    );
    const doStep = async (step: StepOf<typeof aStep>): Promise<unknown> => {
      switch (step.kind) {
        case 'add':
          return both((scripts, [queue]) =>
            scripts.add([{ queue: queue!, delayMs: 0, jobs: jobs(step.from, step.count) }], []),
          );
        case 'take':
          return both((scripts, [queue]) => scripts.take([{ queue: queue!, max: step.max }], step.who));
        case 'finish':
          return both((scripts, [queue]) =>
            scripts.finish([{ queue: queue!, ids: step.ids.map((n) => `pay_${n}-1`) }], step.who),
          );
        case 'limit':
          return both((_, [queue]) => queue!.backend.setQueueMeta({ concurrency: step.to }).then(() => 0));
        case 'pause':
          return both((_, [queue]) => queue!.backend.pause(step.on));
        case 'count':
          return both((scripts, queues) => scripts.count(queues));
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 5, maxLength: 25 }), async (steps) => {
        await prepare();
        for (const step of steps) await doStep(step);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('the BullMQ that is installed is the one they know, its Worker finishes what ours added, and its counts see it', async () => {
    const { scripts, queues, prefix } = sides[1]!;
    await scripts.add([{ queue: queues[0]!, delayMs: 0, jobs: jobs(1, 3) }], []);
    const connection = {
      host: '127.0.0.1',
      port: Number(new URL(url).port),
      db: Number(new URL(url).pathname.slice(1)),
    };
    const options = { connection: { ...connection, password: new URL(url).password || undefined }, prefix };
    const queue = new Queue(queues[0]!.name, options);
    // Another version may keep other keys: read its scripts, then this suite, then change this line.
    expect(await queue.getVersion()).toBe('bullmq:6.7.0');
    expect(await queue.getJobCounts('wait', 'active')).toEqual({ wait: 3, active: 0 });
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      const worker = new Worker(queue.name, async (one) => void seen.push(one.data), options);
      worker.on('drained', () => void worker.close().then(resolve));
    });
    await queue.close();
    expect(seen).toEqual(jobs(1, 3).map((one) => JSON.parse(one.data) as unknown));
    expect(await redis.keys(`${prefix}*pay_*`)).toEqual([]);
  });

  it('works again after Redis forgot the scripts', async () => {
    const { scripts, queues } = sides[1]!;
    await redis.script('FLUSH');
    await scripts.add([{ queue: queues[0]!, delayMs: 0, jobs: jobs(1, 1) }], []);
    expect(idsOf(await scripts.take([{ queue: queues[0]!, max: 1 }], 'me'))).toEqual([['pay_1-1']]);
  });
});
