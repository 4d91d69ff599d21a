/**
 * Stores the audit chain: one writer at a time, so that the chain has one end. What a link's hash covers is in `#domain` audit-chain.ts.
 */
import { hash } from 'node:crypto';
import { AUDIT_CHAIN_START, type AuditAct, type AuditFacts, type AuditLink, auditHash } from '#domain';
import { type AuditFilter, type AuditPage, type AuditTrail, JournalUnavailable } from '#dispatch';
import { Client, type ClientBase, type Pool } from 'pg';
import { ms } from './payment-row';

/** Any number, the same in all versions: who appends holds it until its transaction ends. */
const LOCK = 5_871_0002;
/** Links per page of a reader: half a megabyte. */
const PAGE = 1_000;

const sha256 = (text: string): Uint8Array => hash('sha256', text, 'buffer');

/**
 * Appends within the transaction that `client` is in, so that an act and its link are there together or not at all.
 * Its level must be read committed: the end of the chain is read after the lock.
 */
export async function appendAuditLink(client: ClientBase, act: AuditAct): Promise<AuditLink> {
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  const { rows } = await client.query<{ seq: number; hash: string | null; at: number }>(END_OF_CHAIN);
  const end = rows[0]!;
  const open = { ...act, seq: end.seq + 1, at: end.at, prevHash: end.hash ?? AUDIT_CHAIN_START };
  const link: AuditLink = { ...open, hash: auditHash(open, sha256) };
  const { seq, at, actor, action, subject, reason, facts, prevHash } = link;
  const values = [seq, at, actor, action, subject, reason, JSON.stringify(facts), prevHash, link.hash];
  await client.query(INSERT_LINK, values);
  return link;
}

export class PostgresAuditTrail implements AuditTrail {
  constructor(private readonly pool: Pool) {}

  append(act: AuditAct): Promise<AuditLink> {
    return inTransaction(this.pool, (client) => appendAuditLink(client, act));
  }

  async list({ action, actor, subject }: AuditFilter, before: number | null, limit: number): Promise<AuditPage> {
    try {
      const { rows } = await this.pool.query<AuditLink>(LIST, [subject, action, actor, before, limit + 1]);
      return { links: rows.slice(0, limit), hasMore: rows.length > limit };
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Runs a deed in one transaction of a pooled connection. @throws JournalUnavailable; after a lost answer it may be there or not */
export async function inTransaction<T>(pool: Pool, deed: (client: ClientBase) => Promise<T>): Promise<T> {
  let client;
  try {
    client = await pool.connect();
  } catch (error) {
    throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
  }
  let broken: Error | undefined;
  try {
    await client.query('begin isolation level read committed');
    const result = await deed(client);
    await client.query('commit');
    return result;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    await client.query('rollback').then(
      () => (broken = undefined),
      () => undefined,
    );
    throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
  } finally {
    // A connection that could not even roll back is not given to the next caller.
    client.release(broken);
  }
}

/** Every link that is there when it begins, in order. Reads through a connection of its own. @throws Error of PostgreSQL */
export async function* readAuditChain(databaseUrl: string): AsyncGenerator<AuditLink> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'sluice-audit' });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read, read only');
    let after = '';
    for (;;) {
      // By place in the table's order, not by number: a chain that was tampered with may have any numbers.
      const { rows } = await client.query<LinkRow>(LINKS, [after === '' ? null : after, PAGE]);
      for (const { place: _place, ...row } of rows) yield row;
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = last.place;
    }
  } finally {
    await client.end();
  }
}

interface LinkRow extends Omit<AuditLink, 'facts'> {
  readonly facts: AuditFacts;
  readonly place: string;
}

const END_OF_CHAIN = `
select coalesce(max(c.seq), 0)::float8 as seq, max(c.hash) as hash,
  ${ms("greatest(date_trunc('milliseconds', clock_timestamp()), max(c.at))")} as at
from (select seq, hash, at from audit_chain order by seq desc limit 1) c`;

const INSERT_LINK = `
insert into audit_chain (seq, at, actor, action, subject, reason, facts, prev_hash, hash)
values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7, $8, $9)`;

const COLUMNS = `seq::float8 as seq, ${ms('at')} as at, actor, action, subject, reason, facts, prev_hash as "prevHash", hash`;

const LIST = `
select ${COLUMNS} from audit_chain
where ($1::text is null or subject = $1) and ($2::text is null or action = $2) and ($3::text is null or actor = $3)
  and ($4::bigint is null or audit_chain.seq < $4) order by audit_chain.seq desc limit $5`;

const LINKS = `
select seq::text as place, ${COLUMNS}
from audit_chain where $1::text is null or seq > $1::bigint order by audit_chain.seq limit $2`;
