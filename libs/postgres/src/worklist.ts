/** The worklist's table: added to by whoever finds something, settled by operators, each settling linked into the audit chain. */
import type { WorklistDraft, WorklistItem, WorklistKind } from '#domain';
import {
  JournalUnavailable,
  type DecideSettlement,
  type Log,
  type ProposalDraft,
  type Worklist,
  type WorklistApproved,
  type WorklistDesk,
  type WorklistPage,
  type WorklistProposed,
  type WorklistSettled,
} from '#dispatch';
import type { Pool } from 'pg';
import { appendAuditLink, inTransaction } from './audit-chain';
import { approve, findItem, ITEM_COLUMNS, NEEDS_TWO, propose } from './two-persons';

export class PostgresWorklist implements Worklist, WorklistDesk {
  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
  ) {}

  async add(item: WorklistDraft): Promise<boolean> {
    const { kind, subject, paymentId, leg, channelId, facts } = item;
    try {
      await this.pool.query(ADD, [kind, subject, paymentId, leg, channelId, JSON.stringify(facts)]);
      return true;
    } catch (error) {
      this.log.error('Something for the worklist could not be put there', { kind, subject, error: String(error) });
      return false;
    }
  }

  async resolve(kind: WorklistKind, subject: string, note: string): Promise<void> {
    try {
      await this.pool.query(RESOLVE, [kind, subject, note]);
    } catch (error) {
      this.log.warn('A worklist item that is settled stays open', { kind, subject, error: String(error) });
    }
  }

  async list(open: boolean | null, before: number | null, limit: number): Promise<WorklistPage> {
    try {
      const { rows } = await this.pool.query<WorklistItem>(LIST, [open, before, limit + 1]);
      return { items: rows.slice(0, limit), hasMore: rows.length > limit };
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }

  settle(id: number, by: string, note: string): Promise<WorklistSettled> {
    return inTransaction(this.pool, async (client) => {
      const settled = await client.query<WorklistItem>(SETTLE, [id, by, note]);
      const item = settled.rows[0];
      if (item) {
        const { kind, subject, facts } = item;
        const act = { actor: `operator:${by}`, action: 'worklist.settled', subject: `wrk_${id}`, reason: note };
        await appendAuditLink(client, { ...act, facts: { kind, about: subject, facts } });
        return { outcome: 'settled', item };
      }
      const found = await findItem(client, id);
      if (!found) return { outcome: 'not_found' };
      return found.settledAt === null ? { outcome: 'needs_two' } : { outcome: 'already_settled', item: found };
    });
  }

  find(id: number): Promise<WorklistItem | null> {
    return inTransaction(this.pool, (client) => findItem(client, id));
  }

  async note(id: number, by: string, action: string, note: string): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      const item = await findItem(client, id);
      const act = { actor: `operator:${by}`, action, subject: `wrk_${id}`, reason: note };
      await appendAuditLink(client, { ...act, facts: { kind: item?.kind ?? null, about: item?.subject ?? null } });
    });
  }

  propose(id: number, by: string, draft: ProposalDraft): Promise<WorklistProposed> {
    return inTransaction(this.pool, (client) => propose(client, id, by, draft));
  }

  approve(id: number, proposal: number, by: string, note: string, decide: DecideSettlement): Promise<WorklistApproved> {
    return inTransaction(this.pool, (client) => approve(client, id, proposal, by, note, decide));
  }
}

/** What people have settled is not put before them again with the same facts, unless an attempt waits for it (migration 0009). */
const ADD = `
insert into worklist (kind, subject, payment_id, leg, channel_id, facts)
select $1, $2, $3, $4, $5, $6::jsonb
where not exists (select from worklist where kind = $1 and subject = $2 and settled_at is not null and facts = $6::jsonb)
on conflict (kind, subject) where settled_at is null do nothing`;

const RESOLVE = `
update worklist set settled_at = now(), settled_by = 'system', note = $3
where subject = $2 and kind = $1 and settled_at is null`;

const LIST = `
select ${ITEM_COLUMNS} from worklist w
where ($1::boolean is null or (settled_at is null) = $1) and ($2::bigint is null or id < $2) order by id desc limit $3`;

const SETTLE = `
update worklist w set settled_at = now(), settled_by = $2, note = $3
where id = $1 and settled_at is null and not (${NEEDS_TWO}) returning ${ITEM_COLUMNS}`;
