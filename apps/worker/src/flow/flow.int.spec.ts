/**
 * The loop, live: two workers over a real Redis and a real journal, one of them controller. What is asserted is who follows whom and
 * what holds in the end, in the order of events; how long it takes is measured elsewhere.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Postgres, createPostgres } from '#postgres';
import { ChannelValve, RedisLink } from '#queue';
import { systemClock } from '#runtime';
import {
  TEST_CHANNEL,
  type TestDatabase,
  type TestRedis,
  createTestJournal,
  createTestRedis,
  silentLog,
} from '#testing';
import { handsFor } from '../pace/channel-paces';
import { CallSamples } from './call-samples';
import { type Flow, createFlow } from './flow';

interface Hand {
  readonly id: string;
  readonly flow: Flow;
  readonly samples: CallSamples;
  readonly link: RedisLink;
  /** Without a word, as a process that was killed. */
  die(): Promise<void>;
}

let database: TestDatabase;
let redis: TestRedis;
let postgres: Postgres;
let sql: Client;
let probe: RedisLink;
let hands: Hand[];

beforeAll(async () => {
  database = await createTestJournal();
  postgres = await createPostgres({
    databaseUrl: database.url,
    applicationName: 'spec',
    site: 'a',
    log: silentLog,
    monotonicMs: systemClock.monotonicMs,
  });
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await postgres.close();
  await database.drop();
});
beforeEach(async () => {
  redis = await createTestRedis();
  probe = new RedisLink(redis.url, 'probe');
  hands = [];
  await setCeiling(100);
});
afterEach(async () => {
  for (const hand of hands) await hand.die();
  probe.close();
});

async function until(good: () => unknown): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await good()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`Waited 20 s for ${good.toString()}`);
  }
}

function begin(id: string): Hand {
  const link = new RedisLink(redis.url, id);
  const samples = new CallSamples(systemClock.monotonicMs);
  const flow = createFlow({
    env: { REDIS_URL: redis.url, SLUICE_FLOW_TRACE: null },
    workerId: id,
    postgres,
    redis: link,
    samples,
    holdMsOf: () => 15_000,
    journalAvailable: () => true,
    taken: () => ({}),
    heard: () => {},
    clock: systemClock,
    random: Math.random,
    log: silentLog,
  });
  let dead = false;
  const die = async (): Promise<void> => {
    if (dead) return;
    dead = true;
    link.close();
    await flow.resign();
    await flow.close();
  };
  const hand = { id, flow, samples, link, die };
  hands.push(hand);
  flow.start();
  return hand;
}

const ceiling = (): number => postgres.channels.get(TEST_CHANNEL)!.limits.inFlightMax;
async function setCeiling(inFlightMax: number): Promise<void> {
  await sql.query(
    `insert into channel_limits (channel_id, revision, rate_per_second, burst, in_flight_max, longest_wait_ms, timeout_ms, amount_min,
       amount_max, changed_by, reason)
     select channel_id, revision + 1, rate_per_second, burst, $2, longest_wait_ms, timeout_ms, amount_min, amount_max, 'op', 'spec'
     from channel_limits where channel_id = $1 order by revision desc limit 1`,
    [TEST_CHANNEL, inFlightMax],
  );
  await until(() => ceiling() === inFlightMax);
}

const metaOf = async (field: string): Promise<string | null> =>
  probe.redis.hget(`{sluice}:pay.${TEST_CHANNEL}:meta`, field);
const permitsOf = ({ flow }: Hand): number => flow.permits.of('pay', TEST_CHANNEL);
const heard = ({ flow }: Hand) => flow.followed.channel(TEST_CHANNEL);
const leasedTo = (hand: Hand): number | undefined => heard(hand)?.workers[hand.id]?.inFlight.pay;

/** Both have a lease in the same snapshot, and one of them is controller. */
async function two(): Promise<readonly [Hand, Hand]> {
  const [one, other] = [begin('one'), begin('other')];
  await until(() => leasedTo(one) !== undefined && leasedTo(other) !== undefined);
  return one.flow.controller.term !== null ? [one, other] : [other, one];
}

it('one of two workers is controller, both follow it, and their leases add up to the limit, for which Redis hands out jobs enough', async () => {
  const [controller, other] = await two();
  expect(controller.flow.controller.term).toBe(1);
  expect(other.flow.controller.term).toBeNull();
  const leased = (): number =>
    Object.values(heard(other)!.workers).reduce((sum, { inFlight }) => sum + inFlight.pay, 0);
  // Never more than the limit; all of it perhaps a snapshot later, on a slow machine.
  await until(() => {
    expect(leased()).toBeLessThanOrEqual(heard(other)!.limits.pay.effective);
    return leased() === heard(other)!.limits.pay.effective;
  });
  expect(permitsOf(controller) + permitsOf(other)).toBeLessThanOrEqual(ceiling());
  await until(async () => Number(await metaOf('concurrency')) === handsFor(heard(other)!.limits.pay.effective));
});

it('when the controller dies without a word, the other takes over in a higher term and has the whole', async () => {
  const [controller, other] = await two();
  await controller.die();
  await until(() => other.flow.controller.term === 2);
  await until(() => heard(other)!.workers[controller.id] === undefined);
  await until(() => leasedTo(other) === heard(other)!.limits.pay.effective);
  expect(other.flow.followed.snapshot).toMatchObject({ term: 2, controllerId: other.id });
});

it('a controller that leaves in order is followed by the other', async () => {
  const [controller, other] = await two();
  await controller.flow.resign();
  await until(() => other.flow.followed.snapshot!.term === 2);
});

it('a wiped Redis is told the limits again by a controller in a higher term, and leases hold meanwhile', async () => {
  const [controller, other] = await two();
  const before = permitsOf(controller) + permitsOf(other);
  await redis.flush();
  expect(permitsOf(controller) + permitsOf(other)).toBeLessThanOrEqual(before);
  await until(() => other.flow.followed.snapshot!.term > 1);
  await until(async () => (await metaOf('concurrency')) !== null);
  await until(async () => (await probe.redis.get('{sluice}:flow:snapshot')) !== null);
});

it('with Redis gone everybody goes on with the last lease, and a newcomer, after a while, with a tenth', async () => {
  const [controller, other] = await two();
  const leased = permitsOf(other);
  expect(leased).toBeGreaterThan(0);
  for (const { link } of [controller, other]) link.close();
  await until(() => other.flow.controller.term === null && controller.flow.controller.term === null);
  expect(permitsOf(other)).toBe(leased);
  const newcomer = begin('newcomer');
  newcomer.link.close();
  expect(permitsOf(newcomer)).toBe(0);
  await until(() => permitsOf(newcomer) === Math.max(1, Math.floor(ceiling() / 10)));
});

it('an operator’s pause stops every worker and pauses the queue; its release opens both', async () => {
  const [controller, other] = await two();
  const { rows } = await sql.query<{ id: number }>(
    `insert into channel_orders (target, hold, ordered_by, reason) values ($1, 'pause', 'op', 'spec') returning id`,
    [TEST_CHANNEL],
  );
  await until(() => permitsOf(controller) === 0 && permitsOf(other) === 0);
  await until(async () => (await metaOf('paused')) !== null);
  await until(() => heard(other)?.hold === 'pause');
  await sql.query(
    `update channel_orders set released_at = now(), released_by = 'op', release_reason = 'spec' where id = $1`,
    [rows[0]!.id],
  );
  await until(() => permitsOf(controller) + permitsOf(other) > 0);
  await until(async () => (await metaOf('paused')) === null);
  expect(await new ChannelValve(probe).backlogs([TEST_CHANNEL])).toEqual(
    new Map([[TEST_CHANNEL, { waiting: 0, active: 0, delayed: 0 }]]),
  );
});

it('a bank that nobody can reach: the breaker opens, every worker stops, and its queue is paused', async () => {
  const [controller, other] = await two();
  const dying = setInterval(() => {
    for (const { samples } of [controller, other]) samples.began(TEST_CHANNEL, 'pay')('unreachable', 5);
  }, 20);
  try {
    await until(() => heard(other)!.breaker.state === 'open');
    await until(() => permitsOf(controller) === 0 && permitsOf(other) === 0);
    await until(async () => (await metaOf('paused')) !== null);
    // It is still asked what became of the payments it has.
    expect(other.flow.permits.of('inquiry', TEST_CHANNEL)).toBeGreaterThan(0);
  } finally {
    clearInterval(dying);
  }
});

it('a lowered ceiling acts on every worker and on Redis, and is acknowledged', async () => {
  const [controller, other] = await two();
  expect(permitsOf(controller) + permitsOf(other)).toBeGreaterThan(2);
  await setCeiling(2);
  await until(() => permitsOf(controller) + permitsOf(other) <= 2);
  await until(async () => Number(await metaOf('concurrency')) <= handsFor(2));
  const { revision } = postgres.channels.get(TEST_CHANNEL)!.limits;
  await until(() => heard(other)!.revision === revision);
  expect(heard(other)!.limits.pay.configured).toBe(2);
  await until(() => {
    const acting = other.flow.followed.snapshot!.hands ?? [];
    return acting.length === 2 && acting.every((hand) => hand.registryVersion === postgres.channels.version());
  });
});
