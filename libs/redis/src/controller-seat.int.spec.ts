/** One controller at a time on a real Redis: death, sleep, wipes, and Redis away. Asserted by the order of events, not by their time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createTestRedis, type TestRedis } from '#testing';
import { ControllerSeat } from './controller-seat';
import { FlowEar } from './flow-ear';
import type { FlowReport } from './flow-messages';
import type { FlowLink } from './flow-link';
import { FlowPost } from './flow-post';
import { LastFlow } from './last-flow';
import { snapshotOf } from './spec-kit/snapshot';

async function until<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + 10_000; ; await sleep(10)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('Waited 10 s.');
  }
}

describe('the controller’s seat', () => {
  let server: TestRedis;
  let redis: Redis;
  let link: FlowLink;
  const closing: (() => void)[] = [];

  beforeEach(async () => {
    server = await createTestRedis();
    const connection = new Redis(server.url);
    redis = connection;
    link = { redis, available: () => redis.status === 'ready', ask: (command) => command };
    closing.push(() => connection.disconnect());
    await until(() => link.available());
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  const candidate = (candidateId: string, monotonicMs = () => performance.now()): ControllerSeat =>
    new ControllerSeat({ link, candidateId, monotonicMs });

  it('goes to one candidate, and after its death to the next in a higher term, with its state', async () => {
    const [first, second] = [candidate('first'), candidate('second')];
    expect(await first.take(0)).toEqual({ term: 1, found: null });
    expect(await second.take(0)).toBeNull();
    expect(await first.publish(snapshotOf(1, 1), 'what I learnt')).toBe('published');
    expect(await second.take(0)).toBeNull();
    // The first says nothing any more.
    const taken = await until(() => second.take(1));
    expect(taken).toMatchObject({ term: 2, found: { text: 'what I learnt' } });
    expect(await first.publish(snapshotOf(1, 2), null)).toBe('lost');
    expect(await second.publish(snapshotOf(2, 1), null)).toBe('published');
  });

  it('is not spoken from by a controller that slept through the loss of it, even by its own clock', async () => {
    const sleeper = candidate('sleeper', () => 0); // its clock stood still with it
    const second = candidate('second');
    await sleeper.take(0);
    await until(() => second.take(1));
    expect(sleeper.heldTerm()).toBe(1);
    expect(await sleeper.publish(snapshotOf(1, 1), null)).toBe('lost');
    expect(sleeper.heldTerm()).toBeNull();
  });

  it('is given up by its own clock without asking anybody', async () => {
    let nowMs = 0;
    const one = candidate('one', () => nowMs);
    await one.take(0);
    nowMs = 1_499;
    expect(one.heldTerm()).toBe(1);
    nowMs = 1_500;
    expect(one.heldTerm()).toBeNull();
    expect(await one.publish(snapshotOf(1, 1), null)).toBe('lost');
  });

  it('is lost with a wiped Redis and taken again in a term above all that was heard', async () => {
    const one = candidate('one');
    await one.take(6);
    expect(await one.publish(snapshotOf(7, 1), 'state')).toBe('published');
    await server.flush();
    expect(await one.publish(snapshotOf(7, 2), 'state')).toBe('lost');
    expect(await one.take(7)).toEqual({ term: 8, found: null });
  });

  it('is free at once when the controller leaves in order, and another’s is left alone', async () => {
    const [first, second] = [candidate('first'), candidate('second')];
    await first.take(0);
    await second.leave();
    expect(await second.take(0)).toBeNull();
    await first.leave();
    expect(await second.take(0)).toMatchObject({ term: 2 });
  });

  it('is nobody’s business while Redis is away: no throw, no seat', async () => {
    const away: FlowLink = { redis, available: () => false, ask: (command) => command };
    const parts = { link: away, candidateId: 'one', monotonicMs: () => performance.now() };
    expect(await new ControllerSeat(parts).take(0)).toBeNull();
    const silent: FlowLink = { redis, available: () => true, ask: () => Promise.reject(new Error('silent')) };
    expect(await new ControllerSeat({ ...parts, link: silent }).take(0)).toBeNull();
    expect(await new FlowPost(away).newest()).toBeNull();
    expect(await new FlowPost(silent).newest()).toBeNull();
    expect(await new FlowPost(silent).send(REPORT)).toBe(false);
  });

  it('is heard by everybody: those who listen at once, those who come later from the key', async () => {
    const flow = new LastFlow();
    const ear = new FlowEar(server.url, { snapshot: (snapshot) => flow.hear(snapshot, performance.now()) });
    closing.push(() => ear.close());
    const one = candidate('one');
    const { term } = await until(() => one.take(0));
    let seq = 0;
    await until(async () => {
      await one.publish(snapshotOf(term, (seq += 1)), null);
      return flow.snapshot;
    });
    const late = await until(() => new FlowPost(link).newest());
    expect(late.snapshot).toEqual(snapshotOf(term, seq));
    expect(late.ageMs).toBeLessThan(10_000);
  });

  it('hears reports while it wants to, and drops what is no report', async () => {
    const heard: FlowReport[] = [];
    const ear = new FlowEar(server.url, { snapshot: () => {}, report: (report) => heard.push(report) });
    closing.push(() => ear.close());
    ear.hearReports(true);
    const post = new FlowPost(link);
    await until(async () => {
      await redis.publish('{sluice}:flow:reports', 'nonsense');
      await post.send(REPORT);
      return heard.length > 0;
    });
    expect(new Set(heard.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify(REPORT)]));
    ear.hearReports(false);
    await until(async () => {
      const count = heard.length;
      await post.send(REPORT);
      await sleep(20);
      return heard.length === count;
    });
  });
});

const REPORT: FlowReport = {
  kind: 'worker',
  report: { workerId: 'w', seq: 1, snapshotSeq: 0, revisions: {}, calls: [] },
};
