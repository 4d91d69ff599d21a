/**
 * A shop that hears nothing, asks again, and is then told "not accepted" lets the payer pay elsewhere. If the first request is carried out
 * after all, the payer pays twice. The audit cannot hold that against the product, since one answer was silence; a fault run can look.
 */
import { Client } from 'pg';
import type { Breach } from '#audit';

/** @param keys of payments about which the last word was "not accepted" */
export async function refusedButStored(databaseUrl: string, keys: readonly string[]): Promise<Breach[]> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'chaos' });
  await client.connect();
  try {
    const { rows } = await client.query<{ key: string; payment: string; state: string }>(
      `select p.idempotency_key as key, p.id as payment, h.state from payments p join payment_heads h on h.payment_id = p.id
       where p.idempotency_key = any ($1) limit 10`,
      [keys],
    );
    return rows.map((evidence) => ({ invariant: 'I1', rule: 'refused_at_last_but_stored', evidence: { ...evidence } }));
  } finally {
    await client.end();
  }
}
