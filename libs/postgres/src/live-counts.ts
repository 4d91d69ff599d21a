/** The port LiveCounter over PostgreSQL: a sequence's last value and a count over the few open rows of a small index. */
import { JournalUnavailable } from '#dispatch';
import type { LiveCounter, LiveCounts } from '#dispatch';
import type { Pool } from 'pg';

export class PostgresLiveCounter implements LiveCounter {
  constructor(private readonly pool: Pool) {}

  async read(): Promise<LiveCounts> {
    try {
      return (await this.pool.query<LiveCounts>(READ)).rows[0]!;
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

const READ = `
select coalesce(pg_sequence_last_value(pg_get_serial_sequence('payments', 'accepted_seq')), 0)::float8 as accepted,
  (select coalesce(json_object_agg(kind, n), '{}') from (
    select kind, count(*)::int as n from worklist where settled_at is null group by kind) open) as "openWorklist"`;
