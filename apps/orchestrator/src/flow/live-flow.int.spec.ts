/** A door on a real Redis: it follows the controller, its reports arrive, and it goes on when Redis is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelId, PaymentId } from '#domain';
import type { FlowSnapshot } from '#policy';
import type { PaymentFeed, PaymentsListener } from '#postgres';
import { RedisLink } from '#queue';
import { ControllerSeat, type FlowReport, FollowedFlow } from '#redis';
import { systemClock } from '#runtime';
import { type TestRedis, createTestRedis } from '#testing';
import { LiveFlow } from './live-flow';

const { monotonicMs } = systemClock;
const ICBC = 'icbc.quickpay' as ChannelId;

async function until(good: () => unknown): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await good()); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`Waited 10 s for ${good.toString()}`);
  }
}

describe('a door, live', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let live: LiveFlow;
  let controllerLink: RedisLink;
  let followed: FollowedFlow;
  let reports: FlowReport[];
  let tell: PaymentsListener;

  beforeEach(async () => {
    redis = await createTestRedis();
    link = new RedisLink(redis.url, 'door');
    controllerLink = new RedisLink(redis.url, 'controller');
    reports = [];
    const onReport = (report: FlowReport) => void reports.push(report);
    followed = new FollowedFlow({ url: redis.url, link: controllerLink, monotonicMs, onReport });
    followed.hearReports(true);
    const feed: PaymentFeed = {
      subscribe: (listener) => {
        tell = listener;
        return () => {};
      },
      onReset: () => () => {},
    };
    const channels = { version: () => 4 };
    live = new LiveFlow({ doorId: 'd', redisUrl: redis.url, link, feed, channels, clock: systemClock });
    await until(() => controllerLink.available() && link.available());
  });
  afterEach(() => {
    live.close();
    followed.close();
    link.close();
    controllerLink.close();
  });

  it('acts on what the controller says, reports every tick, and keeps the last word when Redis is gone', async () => {
    const seat = new ControllerSeat({ link: controllerLink, candidateId: 'c', monotonicMs });
    const { term } = (await seat.take(0))!;
    const word = (seq: number): FlowSnapshot => ({ controllerId: 'c', term, seq, channels: [] });
    let seq = 0;
    await until(async () => {
      await seat.publish(word((seq += 1)), null);
      return live.door.newest() !== null;
    });
    await until(() => reports.length >= 2);
    expect(reports[0]).toMatchObject({ kind: 'door', report: { doorId: 'd', registryVersion: 4 } });
    const [one, two] = reports.map(({ report }) => report.seq);
    expect(two).toBe(one! + 1);
    link.close();
    const last = live.door.newest();
    await until(() => (live.door.ageMs() ?? 0) > 500);
    expect(live.door.newest()).toEqual(last);
  });

  it('hears from the journal what became of payments', () => {
    const wait = { ahead: 0, pointMs: 100, roundTripMs: 100, p50Ms: 100, p90Ms: 200 };
    live.door.noteAccepted('pay_1' as PaymentId, ICBC, wait);
    expect(live.door.followed).toBe(1);
    tell(['pay_0', 'pay_1'], ['succeeded', 'succeeded']);
    expect(live.door.followed).toBe(0);
  });
});
