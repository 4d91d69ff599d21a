/** Producer, consumer and valve together on a Redis of their own, which is wiped, frozen, killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { ChannelId, PaymentId } from '#domain';
import type { Job, Lane, Meters, TakenJob } from '#dispatch';
import { redisProgram } from '#testing';
import { BullJobSource, BullWorkQueue, ChannelValve, RedisLink, StockScripts, type JobSourceOptions } from './index';

const ICBC = 'icbc.quickpay' as ChannelId;
const CMB = 'cmb.gateway' as ChannelId;
const job = (n: number, version = 1): Job => ({ paymentId: `pay_${n}` as PaymentId, version });

/** A Redis that the spec may stop, freeze and wipe. */
class PrivateRedis {
  private child: ChildProcess | null = null;
  private constructor(readonly port: number) {}

  static async onFreePort(): Promise<PrivateRedis> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return new PrivateRedis(port);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const { argv0, file } = redisProgram();
    this.child = spawn(file, args, { argv0, stdio: 'ignore' });
    await this.use((redis) => redis.ping());
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async use<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: 200 });
    redis.on('error', () => {});
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}

/** Meters that can be asked. */
class Counts implements Meters {
  private readonly counts = new Map<string, number>();
  count(name: string, _labels?: Readonly<Record<string, string>>, by = 1): void {
    this.counts.set(name, this.of(name) + by);
  }
  observeMs(): void {}
  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}

/** Asks until the answer is what we wait for; ten seconds is for a machine under load. */
async function until<T>(ask: () => T | Promise<T>, good: (answer: Awaited<T>) => boolean): Promise<Awaited<T>> {
  for (const deadline = Date.now() + 10_000; ; await sleep(10)) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Waited 10 s; last answer: ${JSON.stringify(answer)}`);
  }
}

describe('the work queue on Redis', () => {
  let server: PrivateRedis;
  let counts: Counts;
  const closing: (() => Promise<void> | void)[] = [];

  const link = async (ready = true): Promise<RedisLink> => {
    const one = new RedisLink(server.url, 'spec');
    closing.push(() => one.close());
    if (ready) await until(() => one.available(), Boolean);
    return one;
  };
  const producer = async (): Promise<BullWorkQueue> => new BullWorkQueue(await link(), counts);
  const consumer = async (options: JobSourceOptions = {}): Promise<BullJobSource> => {
    const source = new BullJobSource(await link(), server.url, counts, options);
    closing.push(() => source.close());
    return source;
  };
  const takeSome = (source: BullJobSource, lane: Lane = 'pay', channel = ICBC): Promise<readonly TakenJob[]> =>
    until(
      () => source.take(lane, channel, 100),
      (jobs) => jobs.length > 0,
    );
  const idsOf = (jobs: readonly TakenJob[]): string[] => jobs.map((one) => one.paymentId);

  beforeAll(async () => {
    server = await PrivateRedis.onFreePort();
  });
  beforeEach(async () => {
    counts = new Counts();
    await server.start();
  });
  afterEach(async () => {
    server.thaw();
    for (const close of closing.splice(0).reverse()) await close();
    await server.stop();
  });

  it('carries a payment from the adder to a worker that was woken, and leaves nothing behind', async () => {
    const source = await consumer();
    const woken = new Promise<string>((resolve) => source.onWake((lane, channel) => resolve(`${lane} ${channel}`)));
    await server.use((redis) =>
      until(
        () => redis.pubsub('NUMSUB', '{sluice}:wake'),
        (answer) => Number(answer[1]) === 1,
      ),
    );
    const queue = await producer();
    expect(await queue.add('pay', ICBC, job(1, 7))).toBe(true);
    expect(await woken).toBe('pay icbc.quickpay');
    expect(source.waiting('pay', ICBC)).toBe(1);

    const [taken, ...others] = await source.take('pay', ICBC, 10);
    expect(others).toEqual([]);
    expect(taken).toMatchObject({ paymentId: 'pay_1', version: 7, lane: 'pay', channelId: ICBC });
    await source.finish([taken!]);
    const keys = await server.use((redis) => redis.keys('*pay_1*'));
    expect(keys).toEqual([]);
    expect(source.waiting('pay', ICBC)).toBe(0);
  });

  it('makes one job of a payment that is added twice, also while it is in work, and a new one after it is done', async () => {
    const queue = await producer();
    const source = await consumer();
    await Promise.all([queue.add('pay', ICBC, job(1)), queue.add('pay', ICBC, job(1))]);
    await queue.add('pay', ICBC, job(1));
    const jobs = await takeSome(source);
    expect(jobs).toHaveLength(1);
    expect(await queue.add('pay', ICBC, job(1))).toBe(true);
    expect(await source.take('pay', ICBC, 10)).toEqual([]);
    await source.finish(jobs);
    await queue.add('pay', ICBC, job(1));
    expect(await takeSome(source)).toHaveLength(1);
  });

  it('keeps payments, inquiries and channels apart, and hands out each queue in order', async () => {
    const queue = await producer();
    const source = await consumer();
    await Promise.all([
      ...[1, 2, 3].map((n) => queue.add('pay', ICBC, job(n))),
      queue.add('inquiry', ICBC, job(4)),
      queue.add('pay', CMB, job(5)),
    ]);
    const [icbc, inquiry, cmb] = await Promise.all([
      source.take('pay', ICBC, 2),
      source.take('inquiry', ICBC, 2),
      source.take('pay', CMB, 2),
    ]);
    expect([icbc, inquiry, cmb].map(idsOf)).toEqual([['pay_1', 'pay_2'], ['pay_4'], ['pay_5']]);
    expect(source.waiting('pay', ICBC)).toBe(1);
  });

  it('survives a wiped Redis in the middle of the work: what is in hand ends quietly, what comes later arrives', async () => {
    const queue = await producer();
    const source = await consumer();
    await Promise.all([queue.add('pay', ICBC, job(1)), queue.add('pay', ICBC, job(2))]);
    const jobs = await takeSome(source);
    await server.use((redis) => redis.flushall());
    await source.finish(jobs);
    expect(counts.of('queue_finishes_stale')).toBe(2);
    await queue.add('pay', ICBC, job(1, 2));
    expect(idsOf(await takeSome(source))).toEqual(['pay_1']);
  });

  it('says false, and soon at once, while Redis is frozen, and true again when it thaws', async () => {
    const queue = await producer();
    const source = await consumer();
    server.freeze();
    expect(await queue.add('pay', ICBC, job(1))).toBe(false);
    // Known to be silent by now: refused without asking, so nothing piles up in the driver.
    expect(await Promise.all(Array.from({ length: 500 }, (_, n) => queue.add('pay', ICBC, job(n))))).not.toContain(
      true,
    );
    await until(
      () => source.available(),
      (available) => !available,
    );
    expect(await source.take('pay', ICBC, 10)).toEqual([]);
    server.thaw();
    await until(() => queue.add('pay', ICBC, job(2)), Boolean);
    await until(() => source.available(), Boolean);
    expect(idsOf(await takeSome(source))).toContain('pay_2');
  });

  it('loses no job to a take whose answer came too late or never', async () => {
    const queue = await producer();
    const source = await consumer();
    await queue.add('pay', ICBC, job(1));
    server.freeze();
    expect(await source.take('pay', ICBC, 10)).toEqual([]);
    server.thaw();
    expect(idsOf(await takeSome(source))).toEqual(['pay_1']);
  });

  it('gives back what a take moved to us without our ever hearing of it', async () => {
    const source = await consumer({ stalledIntervalMs: 200 });
    const queue = await producer();
    expect(await source.take('pay', ICBC, 1)).toEqual([]);
    await queue.add('pay', ICBC, job(1));
    server.freeze();
    const unheard = source.take('pay', ICBC, 10);
    // The frozen server holds the command; the connection is cut before it can answer.
    expect(await unheard).toEqual([]);
    await until(
      () => source.available(),
      (available) => !available,
    );
    await sleep(1_100);
    server.thaw();
    expect(idsOf(await takeSome(source))).toEqual(['pay_1']);
    expect(counts.of('queue_jobs_reclaimed')).toBe(1);
  });

  it('refuses at once what is beyond the bound of pending adds', async () => {
    const queue = new BullWorkQueue(await link(), counts, { pendingMax: 3 });
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => queue.add('pay', ICBC, job(n))));
    expect(answers).toEqual([true, true, true, false, false]);
    expect(await queue.add('pay', ICBC, job(6))).toBe(true);
  });

  it('starts without Redis and serves when Redis comes, and again after Redis was killed', async () => {
    await server.stop();
    const queue = new BullWorkQueue(await link(false), counts);
    const source = new BullJobSource(await link(false), server.url, counts);
    closing.push(() => source.close());
    expect(await queue.add('pay', ICBC, job(1))).toBe(false);
    expect(source.available()).toBe(false);
    for (const n of [2, 3]) {
      await server.start();
      await until(() => queue.add('pay', ICBC, job(n)), Boolean);
      const jobs = await takeSome(source);
      expect(idsOf(jobs)).toEqual([`pay_${n}`]);
      await server.stop();
      await source.finish(jobs);
      await until(
        () => source.available(),
        (available) => !available,
      );
    }
  });

  it('says again what Redis did not confirm, so that no dead permit fills the channel', async () => {
    const queue = await producer();
    const source = await consumer();
    await queue.add('pay', ICBC, job(1));
    const jobs = await takeSome(source);
    server.freeze();
    await source.finish(jobs);
    server.thaw();
    await until(
      async () => {
        await source.refresh([ICBC]);
        return server.use((redis) => redis.llen('{sluice}:pay.icbc.quickpay:active'));
      },
      (active) => active === 0,
    );
  });

  it('gives a dead worker’s job to another one, and leaves a slow but living worker its own', async () => {
    const short = { lockDurationMs: 400, stalledIntervalMs: 200 };
    const queue = await producer();
    const slow = await consumer(short);
    const dead = await consumer(short);
    await queue.add('pay', ICBC, job(1));
    const slowJobs = await takeSome(slow);
    await queue.add('pay', ICBC, job(2));
    await takeSome(dead);
    await dead.close();
    const heir = await consumer(short);
    expect(idsOf(await takeSome(heir))).toEqual(['pay_2']);
    await slow.finish(slowJobs);
    expect(counts.of('queue_finishes_stale')).toBe(0);
    expect(counts.of('queue_jobs_recovered')).toBe(1);
  });

  it.each(['batched', 'stock'] as const)(
    'two workers never exceed the channel’s limit together (%s scripts)',
    async (kind) => {
      const valve = new ChannelValve(await link());
      const queue = await producer();
      const sources = await Promise.all(
        [1, 2].map(async () => {
          const own = await link();
          const source = new BullJobSource(own, server.url, counts, {
            scripts: kind === 'stock' ? new StockScripts(own.redis, '{sluice}') : undefined,
          });
          closing.push(() => source.close());
          return source;
        }),
      );
      expect(await valve.assert([{ channelId: ICBC, limit: 3, paused: false }])).toBe(true);
      await Promise.all(Array.from({ length: 20 }, (_, n) => queue.add('pay', ICBC, job(n))));
      let held: { source: BullJobSource; one: TakenJob }[] = [];
      let done = 0;
      while (done < 20) {
        const taken = await Promise.all(sources.map((source) => source.take('pay', ICBC, 5)));
        held = [...held, ...taken.flatMap((jobs, i) => jobs.map((one) => ({ source: sources[i]!, one })))];
        expect(held.length).toBeGreaterThan(0);
        expect(held.length).toBeLessThanOrEqual(3);
        const [first] = held.splice(0, 1);
        await first!.source.finish([first!.one]);
        done += 1;
      }
    },
  );

  it('forgets limits and pauses when wiped, until the valve asserts them again', async () => {
    const valve = new ChannelValve(await link());
    const queue = await producer();
    const source = await consumer();
    const closed = [{ channelId: ICBC, limit: 1, paused: true }];
    const addAll = (): Promise<boolean[]> => Promise.all([1, 2, 3].map((n) => queue.add('pay', ICBC, job(n))));
    await valve.assert(closed);
    await addAll();
    expect(await source.take('pay', ICBC, 10)).toEqual([]);
    expect(await valve.backlogs([ICBC, CMB])).toEqual(
      new Map([
        [ICBC, { waiting: 3, active: 0, delayed: 0 }],
        [CMB, { waiting: 0, active: 0, delayed: 0 }],
      ]),
    );
    await server.use((redis) => redis.flushall());
    await valve.assert(closed);
    await addAll();
    expect(await source.take('pay', ICBC, 10)).toEqual([]);
    const woken = new Promise<void>((resolve) => source.onWake(() => resolve()));
    await valve.assert([{ channelId: ICBC, limit: 2, paused: false }]);
    await woken;
    expect(await source.take('pay', ICBC, 10)).toHaveLength(2);
  });

  it('brings a delayed inquiry when it is due, by a wake-up', async () => {
    const queue = await producer();
    const source = await consumer();
    await server.use((redis) =>
      until(
        () => redis.pubsub('NUMSUB', '{sluice}:wake'),
        (answer) => Number(answer[1]) === 1,
      ),
    );
    const woken = new Promise<string>((resolve) => source.onWake((lane, channel) => resolve(`${lane} ${channel}`)));
    expect(await queue.add('inquiry', ICBC, job(1), 150)).toBe(true);
    await queue.add('inquiry', ICBC, job(1), 150);
    expect(await source.take('inquiry', ICBC, 10)).toEqual([]);
    expect(await woken).toBe('inquiry icbc.quickpay');
    expect(idsOf(await takeSome(source, 'inquiry'))).toEqual(['pay_1']);
  });

  it('finds by the slow poll what no wake-up told', async () => {
    const queue = await producer();
    await queue.add('pay', ICBC, job(1));
    await queue.add('inquiry', CMB, job(2), 20);
    const source = await consumer();
    expect(source.waiting('pay', ICBC)).toBe(0);
    await until(
      async () => (await source.refresh([ICBC, CMB]), source.waiting('inquiry', CMB)),
      (n) => n === 1,
    );
    expect(source.waiting('pay', ICBC)).toBe(1);
  });
});
