/** What the journal says about the payments that broke a rule: the product's databases are gone after the run, and this is what one needs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Breach } from '#audit';

/** A pattern shows in a few; the file stays readable. */
const PAYMENTS_MAX = 30;

const HISTORY = `
select p.id, to_jsonb(p) as payment, to_jsonb(h) as head,
  (select jsonb_agg(a order by a.leg) from attempts a where a.payment_id = p.id) as attempts,
  (select jsonb_agg(e order by e.version) from payment_events e where e.payment_id = p.id) as events,
  (select jsonb_agg(f) from follow_ups f where f.payment_id = p.id) as follow_ups
from payments p left join payment_heads h on h.payment_id = p.id
where p.id = any ($1)`;

/** Writes `history.json` into the run's folder. */
export async function keepHistory(databaseUrl: string, folder: string, breaches: readonly Breach[]): Promise<void> {
  const ids = [...new Set(breaches.map(({ evidence }) => evidence['payment']).filter((id) => typeof id === 'string'))];
  const client = new Client({ connectionString: databaseUrl, application_name: 'chaos' });
  await client.connect();
  try {
    const { rows } = await client.query(HISTORY, [ids.slice(0, PAYMENTS_MAX)]);
    writeFileSync(join(folder, 'history.json'), `${JSON.stringify(rows, null, 1)}\n`);
  } finally {
    await client.end();
  }
}
