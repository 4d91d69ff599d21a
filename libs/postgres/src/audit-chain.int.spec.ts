// What people did stays done and stays in order: several writers make one chain, and nothing in it can be changed unseen.
import { hash } from 'node:crypto';
import { auditChainIntact } from '#audit';
import { AUDIT_CHAIN_START, type AuditAct, type AuditLink, auditHash } from '#domain';
import { type TestDatabase, createTestJournal, silentLog } from '#testing';
import { Client } from 'pg';
import { readAuditChain } from './audit-chain';
import { type Postgres, createPostgres } from './postgres';

let database: TestDatabase;
let client: Client;
let processes: Postgres[];

const act = (n: number): AuditAct => ({
  actor: 'operator:Li Wei',
  action: 'limits.changed',
  subject: 'icbc.quickpay',
  reason: `reason ${n}`,
  facts: { n, rate: 0.1, old: null, names: ['b', 'a'], of: { z: 1e21, a: '你好 "quoted"\n' } },
});
const sha256 = (text: string): Uint8Array => hash('sha256', text, 'buffer');
const chain = async (): Promise<AuditLink[]> => {
  const links: AuditLink[] = [];
  for await (const link of readAuditChain(database.url)) links.push(link);
  return links;
};

beforeAll(async () => {
  database = await createTestJournal();
  client = new Client({ connectionString: database.url });
  await client.connect();
  const options = { databaseUrl: database.url, applicationName: 'spec', site: 'a', log: silentLog };
  processes = await Promise.all([1, 2].map(() => createPostgres({ ...options, monotonicMs: () => performance.now() })));
});

afterAll(async () => {
  await client.end();
  await Promise.all(processes.map((postgres) => postgres.close()));
  await database.drop();
});

it('is one chain, however many write at once', async () => {
  const written = await Promise.all(Array.from({ length: 60 }, (_, n) => processes[n % 2]!.auditTrail.append(act(n))));
  const links = await chain();
  expect(links.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  expect(new Set(links.map(({ facts }) => facts['n'])).size).toBe(60);
  expect([...written].sort((a, b) => a.seq - b.seq)).toEqual(links);
  links.forEach((link, index) => {
    expect(link.prevHash).toBe(links[index - 1]?.hash ?? AUDIT_CHAIN_START);
    expect(link.hash).toBe(auditHash(link, sha256));
    expect(link.at).toBeGreaterThanOrEqual(links[index - 1]?.at ?? 0);
  });
});

it.each([
  ['an update', `update audit_chain set reason = 'another' where seq = 2`],
  ['a deletion', 'delete from audit_chain where seq = 2'],
  ['a truncation', 'truncate audit_chain'],
])('refuses %s', async (_what, statement) => {
  const before = await chain();
  await expect(client.query(statement)).rejects.toThrow(/append-only/);
  expect(await chain()).toEqual(before);
});

it('refuses a link that does not continue it: no fork, no gap', async () => {
  const { seq, prevHash } = (await chain()).at(-1)!;
  const insert = (at: number, prev: string) =>
    client.query(
      `insert into audit_chain (seq, at, actor, action, subject, reason, facts, prev_hash, hash)
       values ($1, now(), 'a', 'b', 'c', 'd', '{}', $2, $3)`,
      [at, prev, 'f'.repeat(64)],
    );
  await expect(insert(seq + 1, prevHash)).rejects.toThrow(/does not continue/);
  await expect(insert(seq + 2, (await chain()).at(-1)!.hash)).rejects.toThrow(/does not continue/);
});

it('stores nothing of an act that it cannot hold', async () => {
  const before = await chain();
  const { auditTrail } = processes[0]!;
  await expect(auditTrail.append({ ...act(1), reason: 'with \0 in it' })).rejects.toThrow();
  await expect(auditTrail.append({ ...act(1), facts: { n: Number.NaN } })).rejects.toThrow(/must be JSON/);
  expect(await chain()).toEqual(before);
});

describe('whoever may switch the guards off', () => {
  /** As the owner of the database could; undone afterwards. */
  async function tampered(statements: readonly string[], withAnchor = true): Promise<string[]> {
    const untouched = await chain();
    const { seq, hash: end } = untouched.at(-1)!;
    const links: AuditLink[] = [];
    await client.query('create table kept as select * from audit_chain; alter table audit_chain disable trigger user');
    try {
      for (const statement of statements) await client.query(statement);
      for await (const link of readAuditChain(database.url)) links.push(link);
    } finally {
      await client.query(`delete from audit_chain; insert into audit_chain select * from kept order by seq; drop table kept;
        alter table audit_chain enable trigger user`);
    }
    expect(await chain()).toEqual(untouched);
    const anchor = withAnchor ? { seq, hash: end } : null;
    return (await auditChainIntact({ links, anchor, sha256 })).breaches.map(({ rule }) => rule);
  }

  it('and does nothing is found to have done nothing', async () => {
    expect(await tampered([])).toEqual([]);
  });

  it.each([
    ['alters a reason', ['update audit_chain set reason = $$another$$ where seq = 7'], ['audit_chain_altered']],
    ['alters a fact', [`update audit_chain set facts = facts || '{"n": 99}' where seq = 7`], ['audit_chain_altered']],
    ['alters a time', [`update audit_chain set at = at + interval '1 ms' where seq = 7`], ['audit_chain_altered']],
    ['deletes a link', ['delete from audit_chain where seq = 7'], ['audit_chain_gap']],
    ['cuts the tail', ['delete from audit_chain where seq > 50'], ['audit_chain_cut']],
    ['empties the table', ['truncate audit_chain'], ['audit_chain_cut']],
    [
      'swaps two links',
      [
        'update audit_chain set seq = 1007 where seq = 7',
        'update audit_chain set seq = 7 where seq = 8',
        'update audit_chain set seq = 8 where seq = 1007',
      ],
      ['audit_chain_broken', 'audit_chain_altered', 'audit_chain_broken', 'audit_chain_altered', 'audit_chain_broken'],
    ],
  ])('and %s is found out', async (_what, statements, rules) => {
    expect(await tampered(statements)).toEqual(rules);
  });

  it('and cuts the tail is found out by the anchor only', async () => {
    expect(await tampered(['delete from audit_chain where seq > 50'], false)).toEqual([]);
  });
});
