/**
 * A payment in the journal that nobody can carry out: its list of instruments is not one. Its neighbours in the same batches must go on
 * as if it were not there. The rows are taken away before the audit, which would rightly call them not final.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type FaultKind, happened, notSeen } from '../fault';

const ROWS = 5;
const RECONNECT_EVERY_MS = 200;

const INSERT = `
with given as (select $3 || n as id, n from generate_series(1, $1::int) n),
paid as (
  insert into payments (id, merchant_id, merchant_order_no, idempotency_key, fingerprint, amount_minor, currency, instruments,
    routing_mode, on_decline, payer_cohort, tier, shard, expires_at)
  select id, $2, id, id, '', 100, 'CNY', '{"not": "a list"}'::jsonb, 'suggest', 'fail', 0, 1, n % 64, now() + interval '5 minutes' from given)
insert into payment_heads (payment_id, state, version, leg, channel_id, instrument_token, bank_reference, limit_revision, queued_at, updated_at)
select id, 'queued', 1, 1, 'icbc.quickpay', 'tok_poison', id, 1, now(), now() from given`;

/** Of one injection's rows: two of them may stand there at once (chaos, random, seed 11). */
const REMOVE = [
  `delete from follow_ups where starts_with(payment_id, $1)`,
  `delete from attempts where starts_with(payment_id, $1)`,
  `delete from payment_events where starts_with(payment_id, $1)`,
  `delete from payment_heads where starts_with(payment_id, $1)`,
  `delete from payments where starts_with(id, $1)`,
];

export const poisonRow: FaultKind = {
  name: 'poison-row',
  what: `${ROWS} payments with an unusable list of instruments stand in the journal for \`for_s\` seconds`,
  draw: (atS) => ({ fault: 'poison-row', at_s: atS, for_s: 8 }),
  async inject({ for_s: forS = 8 }, { product, random, loadEnds }) {
    const { databases, merchant } = product.place;
    const name = `pay_poison_${Math.floor(random() * 1e9)}_`;
    const work = async <T>(deed: (client: Client) => Promise<T>): Promise<T> => {
      const client = await connected(databases.postgres_url, loadEnds);
      try {
        return await deed(client);
      } finally {
        await client.end().catch(() => undefined);
      }
    };
    const inserted = await work((client) => client.query(INSERT, [ROWS, merchant.id, name]));
    await sleep(forS * 1_000);
    const looks = await work((client) =>
      client.query<{ looks: number }>(
        `select coalesce(sum(looks), 0)::int as looks from follow_ups where starts_with(payment_id, $1)`,
        [name],
      ),
    );
    await work(async (client) => {
      await client.query('begin');
      for (const statement of REMOVE) await client.query(statement, [name]);
      await client.query('commit');
    });
    return inserted.rowCount === ROWS
      ? happened(
          `${ROWS} poisoned payments stood there for ${forS} s and were looked at ${looks.rows[0]?.looks ?? 0} times`,
        )
      : notSeen('the rows could not be inserted');
  },
};

/** Another fault may have PostgreSQL down: then once it is up again. @throws if it is not by the end of the load */
async function connected(databaseUrl: string, loadEnds: AbortSignal): Promise<Client> {
  for (;;) {
    const client = new Client({ connectionString: databaseUrl, application_name: 'chaos' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (loadEnds.aborted) throw error;
      await sleep(RECONNECT_EVERY_MS);
    }
  }
}
