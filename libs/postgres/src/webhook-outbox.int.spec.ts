import type { MerchantId, PaymentId, WebhookEndpointId } from '#domain';
import type { Commit, TakenWebhook, WebhookRecord, WebhookWish } from '#dispatch';
import { TEST_MERCHANT, type TestDatabase, claimOf, createTestJournal, draftOf, silentLog } from '#testing';
import { Client } from 'pg';
import { typeidUnboxed } from 'typeid-js';
import { type Postgres, createPostgres } from './postgres';
import { PostgresWebhookOutbox } from './webhook-outbox';

let database: TestDatabase;
let postgres: Postgres;
let sql: Client;

beforeAll(async () => {
  database = await createTestJournal();
  const options = { applicationName: 'spec', site: 'a', log: silentLog, monotonicMs: () => performance.now() };
  postgres = await createPostgres({ databaseUrl: database.url, ...options });
  sql = new Client({ connectionString: database.url });
  await sql.connect();
});

afterAll(async () => {
  await sql.end();
  await postgres.close();
  await database.drop();
});

// Each sentence has a merchant of its own, so that no other's deliveries are in its way.
let merchant: MerchantId;
let merchants = 0;
beforeEach(async () => {
  await sql.query('delete from webhook_deliveries');
  merchants += 1;
  merchant = `mer_${merchants}` as MerchantId;
  await sql.query('insert into merchants (id, name) values ($1, $1)', [merchant]);
});

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const valueOf = <T>(commit: Commit<T>): T => {
  if (commit.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(commit)}`);
  return commit.value;
};
async function endpoint(eventTypes: string[] = ['*'], merchantId = merchant): Promise<WebhookEndpointId> {
  const id = typeidUnboxed('whe') as string as WebhookEndpointId;
  const url = `https://shop.example.com/${id}`;
  const made = await postgres.webhookEndpoints.create({ id, merchantId, url, eventTypes, secret: SECRET });
  if (typeof made === 'string') throw new Error(made);
  return made.id;
}
async function accept(merchantId = merchant): Promise<PaymentId> {
  return valueOf(await postgres.journal.accept(draftOf({ merchantId }))).payment.id;
}
async function cancel(paymentId: PaymentId, version = 1): Promise<string> {
  const eventType = 'payment.canceled';
  return valueOf(await postgres.journal.apply({ paymentId, version, to: 'canceled', eventType, lookAgainInMs: null }))
    .outcome;
}
/** Everything that is due now, unless told otherwise. */
async function take(wish: Partial<WebhookWish> = {}): Promise<readonly TakenWebhook[]> {
  const all = { after: '' as const, rooms: new Map(), roomElse: 100, max: 100 };
  return (await postgres.webhookOutbox.take({ ...all, ...wish })).deliveries;
}
async function record(taken: TakenWebhook, verdict: WebhookRecord['verdict'], status = 500) {
  const { endpointId, paymentId, version, tries } = taken;
  return valueOf(
    await postgres.webhookOutbox.record({ endpointId, paymentId, version, tries, verdict, status, error: null }),
  );
}
const delivered = { kind: 'delivered' } as const;
const dead = { kind: 'dead', closesEndpoint: false } as const;
const later = { kind: 'retry', afterMs: 3_600_000 } as const;
/** As if every wait were over. */
const waitOver = () => sql.query(`update webhook_deliveries set next_attempt_at = now() where state = 'pending'`);
const rows = async (paymentId: PaymentId) =>
  (
    await sql.query<{ version: number; event_type: string; state: string; tries: number; last_error: string | null }>(
      'select version, event_type, state, tries, last_error from webhook_deliveries where payment_id = $1 order by version',
      [paymentId],
    )
  ).rows;
const versions = (taken: readonly TakenWebhook[]) => taken.map(({ version }) => version);

describe('the outbox', () => {
  it('holds one delivery for each event, entered with it: of accepting, dispatching and every later move', async () => {
    const endpointId = await endpoint();
    const paymentId = await accept();
    expect(valueOf(await postgres.journal.dispatch(claimOf(paymentId))).outcome).toBe('dispatched');
    const eventType = 'payment.unknown';
    const move = { paymentId, version: 2, to: 'unknown', eventType, lookAgainInMs: 1_000 } as const;
    expect(valueOf(await postgres.journal.apply(move)).outcome).toBe('applied');
    const { rows: pairs } = await sql.query(
      `select d.endpoint_id, e.version, e.type, d.event_type, e.at = d.event_at as same_moment from payment_events e
       full join webhook_deliveries d on d.payment_id = e.payment_id and d.version = e.version where e.payment_id = $1 order by 2`,
      [paymentId],
    );
    const types = ['payment.queued', 'payment.processing', 'payment.unknown'];
    expect(pairs).toEqual(
      types.map((type, at) => ({
        endpoint_id: endpointId,
        version: at + 1,
        type,
        event_type: type,
        same_moment: true,
      })),
    );
  });

  it('holds nothing of what did not happen: a stale move, an order that was there, a refused row of a batch', async () => {
    await endpoint();
    const paymentId = await accept();
    expect(await cancel(paymentId, 7)).toBe('stale');
    const again = draftOf({ merchantId: merchant, merchantOrderNo: 'twice' });
    await postgres.journal.accept(again);
    await postgres.journal.accept({ ...again, idempotencyKey: 'another', id: typeidUnboxed('pay') as never });
    const bad = draftOf({ merchantId: merchant, amount: { value: 0, currency: 'CNY' } });
    const commits = await Promise.all([
      postgres.journal.accept(bad),
      postgres.journal.accept(draftOf({ merchantId: merchant })),
    ]);
    expect(commits.map(({ kind }) => kind)).toEqual(['not_committed', 'committed']);
    const { rows: counts } = await sql.query(
      `select (select count(*)::int from webhook_deliveries where merchant_id = $1) as deliveries,
         (select count(*)::int from payment_events e join payments p on p.id = e.payment_id where p.merchant_id = $1) as events`,
      [merchant],
    );
    expect(counts[0]).toEqual({ deliveries: 3, events: 3 });
    expect(await rows(bad.id)).toEqual([]);
  });

  it('holds only what an enabled endpoint of that merchant wants', async () => {
    const finals = await endpoint(['payment.canceled', 'payment.succeeded']);
    const removed = await endpoint();
    expect(await postgres.webhookEndpoints.remove(merchant, removed)).toBe(true);
    const [ours, theirs] = [await accept(), await accept(TEST_MERCHANT)];
    await Promise.all([cancel(ours), cancel(theirs)]);
    expect(await rows(ours)).toMatchObject([{ version: 2, event_type: 'payment.canceled' }]);
    expect(await rows(theirs)).toEqual([]);
    expect(await take()).toMatchObject([{ endpointId: finals, secrets: [SECRET] }]);
  });

  it('gives the event with the payment as it is now', async () => {
    await endpoint();
    const paymentId = await accept();
    await cancel(paymentId);
    const [first] = await take();
    expect(first).toMatchObject({
      tries: 1,
      event: { version: 1, type: 'payment.queued', state: 'queued', leg: 1 },
      payment: { id: paymentId, head: { state: 'canceled', version: 2 } },
    });
    expect(first!.payment).toEqual({ ...(await postgres.journal.read(paymentId)), readAt: expect.any(Number) });
  });
});

describe('deliveries of one payment', () => {
  it('go out one after the other: the next when the one before is delivered', async () => {
    await endpoint();
    const paymentId = await accept();
    await cancel(paymentId);
    const first = await take();
    expect(versions(first)).toEqual([1]);
    expect(await take()).toEqual([]);
    expect(await record(first[0]!, delivered, 200)).toEqual({ held: true, released: true });
    const second = await take();
    expect(versions(second)).toEqual([2]);
    expect(await record(second[0]!, delivered, 200)).toEqual({ held: true, released: false });
    expect(await rows(paymentId)).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
  });

  it('wait while the one before is to be tried again, and pass once it is dead', async () => {
    await endpoint();
    await cancel(await accept());
    await record((await take())[0]!, later);
    expect(await take()).toEqual([]);
    await waitOver();
    const again = await take();
    expect(again).toMatchObject([{ version: 1, tries: 2 }]);
    expect(await record(again[0]!, dead)).toEqual({ held: true, released: true });
    expect(versions(await take())).toEqual([2]);
  });

  it('are never held by two takers at once, and each is taken', async () => {
    await endpoint();
    await endpoint();
    const ids = await Promise.all(Array.from({ length: 40 }, () => accept()));
    await Promise.all(ids.map((id) => cancel(id)));
    const other = await createPostgres({
      databaseUrl: database.url,
      applicationName: 'spec-2',
      site: 'a',
      log: silentLog,
      monotonicMs: () => performance.now(),
    });
    const seen: string[] = [];
    try {
      for (let round = 0; round < 30 && seen.length < 160; round += 1) {
        const wish = { after: '' as const, rooms: new Map(), roomElse: 7, max: 100 };
        const hauls = await Promise.all([postgres.webhookOutbox.take(wish), other.webhookOutbox.take(wish)]);
        for (const taken of hauls.flatMap(({ deliveries }) => deliveries)) {
          seen.push(`${taken.endpointId} ${taken.paymentId} ${taken.version}`);
          await record(taken, delivered, 200);
        }
      }
    } finally {
      await other.close();
    }
    expect(seen).toHaveLength(160);
    expect(new Set(seen).size).toBe(160);
    const order = new Map<string, number[]>();
    for (const line of seen) {
      const [endpointId, paymentId, version] = line.split(' ');
      const key = `${endpointId} ${paymentId}`;
      order.set(key, [...(order.get(key) ?? []), Number(version)]);
    }
    for (const told of order.values()) expect(told).toEqual([1, 2]);
  });
});

describe('a delivery whose taker died', () => {
  it('is taken again after its lease, and what the first taker says then is too late', async () => {
    await endpoint();
    await accept();
    const first = (await take())[0]!;
    expect(await take()).toEqual([]);
    await waitOver();
    const second = (await take())[0]!;
    expect(second).toMatchObject({ paymentId: first.paymentId, version: 1, tries: 2 });
    expect(await record(first, dead)).toEqual({ held: false, released: false });
    expect(await record(second, delivered, 200)).toEqual({ held: true, released: false });
  });
});

describe('an endpoint', () => {
  it('with a long backlog hides no other one', async () => {
    const slow = await endpoint();
    const ids = await Promise.all(Array.from({ length: 60 }, () => accept()));
    await Promise.all(ids.map((id) => cancel(id)));
    const quick = await endpoint();
    const paymentId = await accept();
    const taken = await take({ rooms: new Map([[slow, 1]]), roomElse: 5, max: 64 });
    expect(taken.filter(({ endpointId }) => endpointId === slow)).toHaveLength(1);
    expect(taken.filter(({ endpointId }) => endpointId === quick)).toMatchObject([{ paymentId }]);
    expect(await take({ rooms: new Map([[slow, 0]]), roomElse: 5 })).toEqual([]);
  });

  it('is one of many: they are served in turn, the end of the list is said', async () => {
    const ids: WebhookEndpointId[] = [];
    const names = Array.from({ length: 5 }, (_, n) => `mer_turn_${merchants}_${n}` as MerchantId);
    for (const name of names) {
      await sql.query('insert into merchants (id, name) values ($1, $1)', [name]);
      for (let n = 0; n < 14; n += 1) ids.push(await endpoint(['*'], name));
    }
    await Promise.all(names.map((name) => accept(name)));
    const wish = { rooms: new Map(), roomElse: 1, max: 200 };
    const first = await postgres.webhookOutbox.take({ ...wish, after: '' });
    expect(first.deliveries).toHaveLength(64);
    const second = await postgres.webhookOutbox.take({ ...wish, after: first.next });
    expect(second.next).toBe('');
    const served = [...first.deliveries, ...second.deliveries].map(({ endpointId }) => endpointId);
    expect([...served].sort()).toEqual([...ids].sort());
  });

  it('that says it is gone is closed, and what it was still to be told ends', async () => {
    const id = await endpoint();
    const paymentId = await accept();
    await cancel(paymentId);
    await record((await take())[0]!, { kind: 'dead', closesEndpoint: true }, 410);
    expect(await postgres.webhookEndpoints.find(merchant, id)).toMatchObject({
      enabled: false,
      disabledReason: 'gone',
    });
    expect(await take()).toEqual([]);
    expect(await rows(paymentId)).toMatchObject([
      { version: 1, state: 'dead' },
      { version: 2, state: 'dead', last_error: 'endpoint_closed' },
    ]);
    expect(await rows(await accept())).toEqual([]);
    const key = { endpointId: id, paymentId, version: 1 };
    expect(await postgres.webhookEndpoints.redeliver(merchant, key)).toBe('closed');
  });

  it('signs with both secrets for a day after a rotation, then with the new one', async () => {
    const id = await endpoint();
    const next = 'whsec_bmV3IHNlY3JldCBvZiBlbm91Z2ggYnl0ZXMgISE=';
    const rotated = await postgres.webhookEndpoints.rotate(merchant, id, next);
    expect(rotated!.previousSecretUntil).toBeGreaterThan(rotated!.createdAt);
    await accept();
    expect(await take()).toMatchObject([{ secrets: [next, SECRET] }]);
    await sql.query('update webhook_endpoints set previous_secret_until = now() where id = $1', [id]);
    await waitOver();
    expect(await take()).toMatchObject([{ secrets: [next] }]);
  });

  it('is made once for each address, and a merchant has no more than sixteen', async () => {
    const url = 'https://shop.example.com/hooks';
    const draft = () => ({
      id: typeidUnboxed('whe') as string as WebhookEndpointId,
      merchantId: merchant,
      url,
      eventTypes: ['*'],
      secret: SECRET,
    });
    const made = await Promise.all([1, 2, 3].map(() => postgres.webhookEndpoints.create(draft())));
    expect(made.filter((one) => one === 'url_taken')).toHaveLength(2);
    for (let n = 1; n < 16; n += 1) await endpoint();
    expect(await postgres.webhookEndpoints.create({ ...draft(), url: `${url}/17` })).toBe('too_many');
    expect(await postgres.webhookEndpoints.create(draft())).toBe('url_taken');
    const listed = await postgres.webhookEndpoints.list(merchant);
    expect(listed).toHaveLength(16);
    await postgres.webhookEndpoints.remove(merchant, listed[0]!.id);
    expect(await postgres.webhookEndpoints.create(draft())).toMatchObject({ url, enabled: true });
  });
});

describe('a merchant who asks for one more try', () => {
  it('gets one of what is dead, and only one: it fails and the rest goes on', async () => {
    const endpointId = await endpoint();
    const paymentId = await accept();
    await cancel(paymentId);
    const key = { endpointId, paymentId, version: 1 };
    await record((await take())[0]!, dead);
    expect(await postgres.webhookEndpoints.redeliver(merchant, key)).toMatchObject({ state: 'pending', tries: 9 });
    const again = (await take()).find(({ version }) => version === 1)!;
    expect(again.tries).toBe(10);
    await record(again, dead);
    expect(await rows(paymentId)).toMatchObject([{ state: 'dead' }, { version: 2, state: 'pending' }]);
  });

  it('leaves delivered what was delivered, even if the repetition fails', async () => {
    const endpointId = await endpoint();
    const paymentId = await accept();
    await record((await take())[0]!, delivered, 200);
    const key = { endpointId, paymentId, version: 1 };
    await postgres.webhookEndpoints.redeliver(merchant, key);
    await record((await take())[0]!, dead);
    const { deliveries } = await postgres.webhookEndpoints.deliveries(endpointId, null, 10);
    expect(deliveries).toMatchObject([{ state: 'delivered', lastStatus: 500, version: 1 }]);
    expect(await postgres.webhookEndpoints.redeliver(TEST_MERCHANT, key)).toBeNull();
  });

  it('reads the deliveries of an endpoint newest first, page by page', async () => {
    const endpointId = await endpoint();
    const paymentId = await accept();
    await cancel(paymentId);
    const later = await accept();
    const first = await postgres.webhookEndpoints.deliveries(endpointId, null, 2);
    expect(first.hasMore).toBe(true);
    const second = await postgres.webhookEndpoints.deliveries(endpointId, first.deliveries[1]!, 2);
    expect(second.hasMore).toBe(false);
    const seen = [...first.deliveries, ...second.deliveries].map((one) => [one.paymentId, one.version]);
    expect(seen).toEqual([
      [later, 1],
      [paymentId, 2],
      [paymentId, 1],
    ]);
  });
});

/** As if everything had been entered, and the endpoint made, so many days ago. */
const daysAgo = async (days: number) => {
  await sql.query(`update webhook_deliveries set event_at = event_at - make_interval(days => $1)`, [days]);
  await sql.query(`update webhook_endpoints set created_at = created_at - make_interval(days => $1)`, [days + 1]);
};

it('closes an endpoint that took nothing for days while the whole plan of a delivery ran out', async () => {
  const id = await endpoint();
  await Promise.all([accept(), accept()]);
  const [young, taken] = await take();
  await record(young!, dead);
  expect(await postgres.webhookEndpoints.find(merchant, id)).toMatchObject({ enabled: true });
  await daysAgo(4);
  await record(taken!, dead);
  expect(await postgres.webhookEndpoints.find(merchant, id)).toMatchObject({
    enabled: false,
    disabledReason: 'failing',
  });
});

it('leaves an endpoint open that fails one delivery for days and takes others', async () => {
  const id = await endpoint();
  await accept();
  await accept();
  const [poison, other] = await take();
  await daysAgo(4);
  await record(other!, delivered, 200);
  await record(poison!, dead);
  expect(await postgres.webhookEndpoints.find(merchant, id)).toMatchObject({ enabled: true });
});

it('removes what ended a month ago, and nothing else', async () => {
  await endpoint();
  const [old, pending, young] = [await accept(), await accept(), await accept()];
  for (const taken of await take()) if (taken.paymentId !== pending) await record(taken, delivered, 200);
  await sql.query(`update webhook_deliveries set event_at = now() - interval '31 days' where payment_id = any ($1)`, [
    [old, pending],
  ]);
  const outbox = new PostgresWebhookOutbox({ connectionString: database.url });
  expect(await outbox.prune()).toBe(1);
  await outbox.close();
  expect([await rows(old), await rows(pending), await rows(young)].map(({ length }) => length)).toEqual([0, 1, 1]);
});
