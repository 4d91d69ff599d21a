/** The pump on a real Redis: permits, wipes, throws, a dead Redis, and the end of the day. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelId, PaymentId } from '#domain';
import type { Log, Meters, QueuedPayment } from '#dispatch';
import { BullJobSource, BullWorkQueue, ChannelValve, RedisLink } from '#queue';
import { createTestRedis, type TestRedis } from '#testing';
import { Pump, type PumpJob, type PumpParts } from './pump';

const ICBC = 'icbc.quickpay' as ChannelId;
const CMB = 'cmb.gateway' as ChannelId;
const meters: Meters = { count: () => {}, observeMs: () => {} };
const idOf = (n: number): PaymentId => `pay_${n}` as PaymentId;

async function until(good: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await good()); await sleep(5)) {
    if (Date.now() > deadline) throw new Error('Waited 10 s.');
  }
}

/** A handler that holds each job until it is told to let go, and remembers what it saw. */
class Hands {
  readonly seen: string[] = [];
  most = 0;
  private held: (() => void)[] = [];
  private holding = true;

  readonly handle = (job: PumpJob): Promise<void> => {
    this.seen.push(`${job.lane} ${job.channelId} ${job.paymentId}`);
    return new Promise((resolve) => {
      if (!this.holding) return void setImmediate(resolve);
      this.held.push(resolve);
      this.most = Math.max(this.most, this.held.length);
    });
  };

  get holds(): number {
    return this.held.length;
  }

  letGo(count = this.held.length): void {
    for (const end of this.held.splice(0, count)) end();
  }

  letAllGo(): void {
    this.holding = false;
    this.letGo();
  }
}

describe('the pump', () => {
  let redis: TestRedis;
  let queue: BullWorkQueue;
  let hands: Hands;
  let errors: string[];
  const closing: (() => Promise<unknown> | void)[] = [];

  beforeEach(async () => {
    redis = await createTestRedis();
    hands = new Hands();
    errors = [];
    queue = new BullWorkQueue(await linkTo(redis.url), meters);
  });
  afterEach(async () => {
    hands.letAllGo();
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function linkTo(url: string, ready = true): Promise<RedisLink> {
    const link = new RedisLink(url, 'spec');
    closing.push(() => link.close());
    if (ready) await until(() => link.available());
    return link;
  }

  async function pump(parts: Partial<PumpParts> = {}, url = redis.url): Promise<Pump> {
    const source = new BullJobSource(await linkTo(url, url === redis.url), url, meters);
    const log: Log = { info: () => {}, warn: () => {}, error: (message) => errors.push(message) };
    const one = new Pump({
      source,
      channels: () => [ICBC, CMB],
      limitFor: () => 3,
      handle: hands.handle,
      claimFromJournal: () => Promise.resolve([]),
      claimsFirst: () => true,
      meters,
      log,
      ...parts,
    });
    closing.push(
      () => source.close(),
      () => one.drain(1_000),
    );
    one.start();
    return one;
  }

  const addAll = (count: number): Promise<boolean[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => queue.add('pay', ICBC, { paymentId: idOf(n), version: 1 })));

  it('carries every payment once and never holds more than its permits', async () => {
    const one = await pump();
    await addAll(40);
    while (hands.seen.length < 40) {
      await until(() => hands.holds > 0);
      expect(hands.holds).toBeLessThanOrEqual(3);
      hands.letGo(2);
    }
    hands.letAllGo();
    expect(new Set(hands.seen).size).toBe(40);
    expect(hands.most).toBe(3);
    await until(() => one.inFlight('pay', ICBC) === 0);
  });

  it('keeps permits for inquiries that payments cannot fill', async () => {
    await pump({ limitFor: (lane) => (lane === 'pay' ? 2 : 1) });
    await addAll(10);
    await until(() => hands.holds === 2);
    await queue.add('inquiry', ICBC, { paymentId: idOf(99), version: 1 });
    await until(() => hands.seen.includes('inquiry icbc.quickpay pay_99'));
    expect(hands.holds).toBe(3);
  });

  it('takes nothing for a closed channel, and begins when it is opened', async () => {
    let limit = 0;
    const one = await pump({ limitFor: () => limit });
    await addAll(2);
    await queue.add('pay', CMB, { paymentId: idOf(9), version: 1 });
    expect(hands.seen).toEqual([]);
    limit = 5;
    one.reconsider();
    await until(() => hands.holds === 3);
  });

  it('a handler that throws gives its permit back and leaves no job behind', async () => {
    const failing = await pump({ handle: () => Promise.reject(new Error('PostgreSQL is away')) });
    await addAll(10);
    await until(() => errors.length === 10);
    await until(() => failing.inFlight('pay', ICBC) === 0);
    const valve = new ChannelValve(await linkTo(redis.url));
    await until(async () => (await valve.backlogs([ICBC]))?.get(ICBC)?.active === 0);
  });

  it('holds its own gate when Redis is wiped, and carries what is added again', async () => {
    const valve = new ChannelValve(await linkTo(redis.url));
    await valve.assert([{ channelId: ICBC, limit: 3, paused: false }]);
    const one = await pump();
    await addAll(10);
    await until(() => hands.holds === 3);
    await redis.flush();
    // As the sweeper does: what it finds queued is added again, what is in hand too.
    await addAll(10);
    await sleep(50);
    expect(hands.holds).toBe(3);
    hands.letAllGo();
    await until(() => new Set(hands.seen).size === 10 && one.inFlight('pay', ICBC) === 0);
    expect(hands.most).toBe(3);
  });

  it('two workers share the channel’s limit', async () => {
    const valve = new ChannelValve(await linkTo(redis.url));
    await valve.assert([{ channelId: ICBC, limit: 4, paused: false }]);
    await pump({ limitFor: () => 3 });
    await pump({ limitFor: () => 3 });
    await addAll(30);
    while (hands.seen.length < 30) {
      await until(() => hands.holds > 0);
      hands.letGo(1);
    }
    hands.letAllGo();
    expect(hands.most).toBeLessThanOrEqual(4);
    expect(new Set(hands.seen).size).toBe(30);
  });

  it('claims from the journal while Redis is gone, skips what is in hand, and keeps to its permits', async () => {
    const journal: QueuedPayment[] = [1, 2, 3, 4, 5].map((n) => ({ paymentId: idOf(n), version: 1, channelId: ICBC }));
    const asked: number[] = [];
    const claimFromJournal: PumpParts['claimFromJournal'] = (channels, max) => {
      asked.push(max);
      // What was carried is no longer queued, what is in hand still is.
      const open = journal.filter(({ paymentId }) => !done.has(paymentId));
      return Promise.resolve(open.filter(({ channelId }) => channels.includes(channelId)).slice(0, max + 2));
    };
    const done = new Set<PaymentId>();
    const handle = async (job: PumpJob): Promise<void> => {
      await hands.handle(job);
      done.add(job.paymentId);
    };
    await pump({ claimFromJournal, handle }, 'redis://127.0.0.1:1');
    await until(() => asked.length > 3);
    expect(hands.holds).toBe(3);
    hands.letGo();
    await until(() => hands.seen.length === 5);
    expect(new Set(hands.seen).size).toBe(5);
    expect(asked.every((max) => max <= 12)).toBe(true);
  });

  it('begins with its own part of the journal, and takes others’ where that leaves permits', async () => {
    const journal: QueuedPayment[] = [1, 2, 3, 4].map((n) => ({ paymentId: idOf(n), version: 1, channelId: ICBC }));
    const claimsFirst = ({ paymentId }: QueuedPayment): boolean => paymentId === idOf(3) || paymentId === idOf(4);
    const open = (): readonly QueuedPayment[] =>
      journal.filter(({ paymentId }) => !hands.seen.some((seen) => seen.endsWith(` ${paymentId}`)));
    await pump({ claimFromJournal: () => Promise.resolve(open()), claimsFirst }, 'redis://127.0.0.1:1');
    await until(() => hands.holds === 3);
    expect(hands.seen.map((seen) => seen.split(' ')[2])).toEqual(['pay_3', 'pay_4', 'pay_1']);
    hands.letAllGo();
    await until(() => hands.seen.length === 4);
  });

  it('takes nothing new at the end of the day and waits for what is in hand', async () => {
    const one = await pump();
    await addAll(5);
    await until(() => hands.holds === 3);
    expect(await one.drain(20)).toBe(3);
    const drained = one.drain(10_000);
    hands.letGo();
    expect(await drained).toBe(0);
    expect(hands.seen).toHaveLength(3);
    expect(one.offer({ lane: 'pay', channelId: ICBC, paymentId: idOf(9), version: 1 })).toBe(false);
  });
});
