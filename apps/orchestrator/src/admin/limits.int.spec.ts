/** An operator changes limits over HTTP: by revision, up to the contract, for a while, later, and back. Time is moved in the database. */
import { readAuditChain } from '#postgres';
import { TEST_CHANNEL, type TestDatabase, type TestRedis, createTestJournal, createTestRedis } from '#testing';
import { Client } from 'pg';
import { type Answer, type SpecApi, ask, startApi } from '../spec-kit/api';

const OPERATOR = 'op_sandbox_test';
const PATH = `/v1/admin/channels/${TEST_CHANNEL}/limits`;

let database: TestDatabase;
let redis: TestRedis;
let api: SpecApi;
let sql: Client;

beforeEach(async () => {
  [database, redis] = await Promise.all([createTestJournal(), createTestRedis()]);
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  api = await startApi(database.url, redis.url);
});

afterEach(async () => {
  await api.stop();
  await sql.end();
  await database.drop();
});

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const read = (path = PATH) => ask(`${api.url}${path}`, { key: OPERATOR });
const send = (method: string, path: string, body: unknown, seen: number | null = null, key = OPERATOR) =>
  ask(`${api.url}${path}`, {
    method,
    key,
    headers: { 'Content-Type': 'application/json', ...(seen === null ? {} : { 'If-Match': `"${seen}"` }) },
    body: JSON.stringify(body),
  });
const patch = (limits: object, seen: number | null, more: object = {}) =>
  send('PATCH', PATH, { limits, reason: 'a test', ...more }, seen);
/** Whatever lies ahead comes sooner, as if the time until then had passed. */
async function letPass(interval: string): Promise<void> {
  await sql.query('alter table channel_limits disable trigger channel_limits_are_append_only');
  await sql.query(`update channel_limits set effective_from = effective_from - interval '${interval}'`);
  await sql.query(
    `update limit_changes set effective_from = effective_from - interval '${interval}', until = until - interval '${interval}'`,
  );
  await sql.query('alter table channel_limits enable trigger channel_limits_are_append_only');
}
const inForce = ({ json }: Answer) =>
  json['in_force'] as { revision: number; cause: string; limits: Record<string, number> };
const errors = ({ json }: Answer) =>
  (json['errors'] as { pointer: string; code: string }[]).map((e) => [e.pointer, e.code]);

describe('limits of a channel', () => {
  it('are read with the contract and an entity tag', async () => {
    const answer = await read();
    expect(answer).toMatchObject({
      status: 200,
      json: { channel: TEST_CHANNEL, latest_revision: 1, ahead: [], pending: [], contract: { rate_per_second: 100 } },
    });
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(inForce(answer)).toMatchObject({
      revision: 1,
      cause: 'set',
      limits: { in_flight_max: 10, timeout_ms: 1_000 },
    });
  });

  it('change only for who has seen the newest revision, and say whose word they are', async () => {
    expect(await patch({ in_flight_max: 5 }, null)).toMatchObject({ status: 428, json: { code: 'revision_required' } });
    const changed = await patch({ in_flight_max: 5 }, 1);
    expect(changed).toMatchObject({ status: 200, json: { latest_revision: 2, acknowledged: { workers: null } } });
    expect(inForce(changed)).toMatchObject({
      revision: 2,
      cause: 'change',
      by: 'Operator',
      reason: 'a test',
      limits: { in_flight_max: 5 },
    });
    expect(await patch({ in_flight_max: 6 }, 1)).toMatchObject({
      status: 412,
      json: {
        code: 'revision_conflict',
        latest_revision: 2,
        message: { 'zh-CN': expect.stringContaining('限额') as string },
      },
    });
    expect(await read(`/v1/admin/channels/${TEST_CHANNEL}`)).toMatchObject({
      json: { limits: { revision: 2, by: 'Operator', values: { in_flight_max: 5 } }, flow: null },
    });
  });

  it('let exactly one of two win who change the same revision at the same time', async () => {
    const answers = await Promise.all([3, 4, 5, 6].map((n) => patch({ in_flight_max: n }, 1)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200)!;
    expect(inForce(await read())).toEqual(inForce(winner));
  });

  it('are never raised above the contract, but up to it', async () => {
    const above = await patch({ in_flight_max: 11, rate_per_second: 101, timeout_ms: 9_000 }, 1);
    expect(above).toMatchObject({ status: 422, json: { code: 'above_contract', contract_in_flight_max: 10 } });
    expect(errors(above)).toEqual([
      ['/limits/rate_per_second', 'above_contract'],
      ['/limits/in_flight_max', 'above_contract'],
    ]);
    expect((await patch({ in_flight_max: 5 }, 1)).status).toBe(200);
    expect((await patch({ in_flight_max: 10 }, 2)).status).toBe(200);
    await sql.query('update channel_contracts set in_flight_max = 20');
    expect((await patch({ in_flight_max: 20 }, 3)).status).toBe(200);
  });

  it('return by themselves when an override ends, and keep what was changed for good meanwhile', async () => {
    const override = await patch({ rate_per_second: 30 }, 1, { until: inMs(3_600_000) });
    expect(override).toMatchObject({
      status: 200,
      json: {
        latest_revision: 3,
        pending: [{ limits: { rate_per_second: 30 } }],
        ahead: [{ revision: 3, cause: 'return' }],
      },
    });
    await patch({ in_flight_max: 5 }, 3);
    expect(inForce(await read()).limits).toMatchObject({ rate_per_second: 30, in_flight_max: 5 });
    await letPass('2 hours');
    const returned = await read();
    expect(inForce(returned)).toMatchObject({ cause: 'return', limits: { rate_per_second: 100, in_flight_max: 5 } });
    expect(returned.json).toMatchObject({ pending: [], ahead: [] });
  });

  it('begin when they are scheduled, and can be called off before', async () => {
    const scheduled = await patch({ rate_per_second: 50 }, 1, { effective_from: inMs(3_600_000) });
    expect(scheduled).toMatchObject({
      json: { latest_revision: 2, in_force: { revision: 1 }, ahead: [{ revision: 2 }] },
    });
    const [{ id }] = scheduled.json['pending'] as [{ id: string }];
    const off = await send('POST', `${PATH}/changes/${id}/call_off`, { reason: 'not tonight' }, 2);
    expect(off).toMatchObject({ status: 200, json: { in_force: { revision: 3, cause: 'called_off' }, ahead: [] } });
    await letPass('2 hours');
    expect(inForce(await read())).toMatchObject({ revision: 3, limits: { rate_per_second: 100 } });
    await patch({ rate_per_second: 60 }, 3, { effective_from: inMs(60_000) });
    await letPass('2 minutes');
    expect(inForce(await read())).toMatchObject({ revision: 4, cause: 'change', limits: { rate_per_second: 60 } });
    const settled = (await sql.query<{ id: string }>('select max(id)::text as id from limit_changes')).rows[0]!.id;
    expect(await send('POST', `${PATH}/changes/chg_${settled}/call_off`, { reason: 'late' }, 4)).toMatchObject({
      status: 409,
      json: { code: 'change_settled' },
    });
  });

  it('roll back to a former revision, and have a history', async () => {
    await patch({ in_flight_max: 5, rate_per_second: 50 }, 1);
    await patch({ in_flight_max: 2 }, 2, { until: inMs(60_000) });
    const back = await send('POST', `${PATH}/rollback`, { revision: 1, reason: 'worse' }, 4);
    expect(inForce(back)).toMatchObject({
      revision: 5,
      cause: 'rollback',
      limits: { in_flight_max: 10, rate_per_second: 100 },
    });
    expect(await send('POST', `${PATH}/rollback`, { revision: 99, reason: 'worse' }, 5)).toMatchObject({
      status: 422,
      json: { code: 'revision_unknown' },
    });
    const first = await read(`${PATH}/revisions?limit=3`);
    expect(first.json).toMatchObject({
      has_more: true,
      data: [{ revision: 5 }, { revision: 4, cause: 'return' }, { revision: 3 }],
    });
    const rest = await read(`${PATH}/revisions?limit=3&starting_after=3`);
    expect(rest.json).toMatchObject({
      has_more: false,
      data: [
        { revision: 2, by: 'Operator' },
        { revision: 1, cause: 'set' },
      ],
    });
  });

  it('refuse what no channel can be held to, field by field, in both languages', async () => {
    const nonsense = await send('PATCH', PATH, { limits: { rate_per_second: 0, colour: 1 }, until: 'soon' }, 1);
    expect(nonsense.status).toBe(422);
    expect(errors(nonsense)).toEqual([
      ['/limits/colour', 'unknown_field'],
      ['/limits/rate_per_second', 'rate_per_second'],
      ['/reason', 'required'],
      ['/until', 'expires_at'],
    ]);
    expect(errors(await patch({}, 1))).toEqual([['/limits', 'no_limits']]);
    expect(errors(await patch({ burst: 1 }, 1, { effective_from: inMs(-1_000), until: inMs(-2_000) }))).toEqual([
      ['/effective_from', 'schedule_time'],
      ['/until', 'override_end'],
    ]);
    expect(errors(await patch({ amount_min: 500, amount_max: 400 }, 1))).toEqual([
      ['/limits/amount_min', 'amounts_crossed'],
    ]);
    expect(errors(await send('PUT', PATH, { limits: { burst: 1 }, reason: 'x' }, 1))).toContainEqual([
      '/limits/timeout_ms',
      'required',
    ]);
    expect((await read('/v1/admin/channels/nobody.quickpay/limits')).status).toBe(404);
    expect((await read('/v1/admin/channels/nobody.quickpay/limits/revisions')).status).toBe(404);
    expect(inForce(await read()).revision).toBe(1);
  });

  it('belong to operators only, and every change is in the audit chain', async () => {
    expect((await send('PATCH', PATH, { limits: { burst: 1 }, reason: 'mine' }, 1, 'sk_sandbox_test')).status).toBe(
      403,
    );
    await patch({ burst: 5 }, 1);
    await patch({ burst: 4 }, 1);
    const links = [];
    for await (const link of readAuditChain(database.url)) links.push(link);
    expect(links).toMatchObject([
      {
        actor: 'operator:Operator',
        action: 'limits.changed',
        subject: TEST_CHANNEL,
        reason: 'a test',
        facts: { sets: { burst: 5 } },
      },
    ]);
    const page = await read('/v1/admin/audit?action=limits.changed&limit=1');
    expect(page.json).toMatchObject({
      object: 'list',
      has_more: false,
      data: [{ id: 'aud_1', subject: TEST_CHANNEL }],
    });
    expect((await read('/v1/admin/audit?actor=nobody')).json).toMatchObject({ data: [] });
    expect((await read('/v1/admin/audit?starting_after=aud_1')).json).toMatchObject({ data: [] });
  });

  it('keep at most sixteen changes that begin or end later, and can always be lowered at once', async () => {
    for (let n = 1; n <= 16; n += 1) {
      const head = (await read()).json['latest_revision'] as number;
      expect((await patch({ burst: 1 }, head, { effective_from: inMs(n * 60_000) })).status).toBe(200);
    }
    const head = (await read()).json['latest_revision'] as number;
    expect(await patch({ burst: 2 }, head, { effective_from: inMs(60_000) })).toMatchObject({
      status: 409,
      json: { code: 'limit_changes_full' },
    });
    expect((await patch({ burst: 3 }, head)).status).toBe(200);
  });
});
