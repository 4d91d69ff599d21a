/** The port LimitsBook over PostgreSQL: the channel's row is locked, so that changes of one channel are one after the other. */
import type { ChannelContract, ChannelId, LimitValues } from '#domain';
import { JournalUnavailable } from '#dispatch';
import type {
  LimitChangeRecord,
  LimitRevisionPage,
  LimitRevisionRecord,
  LimitsAmended,
  LimitsAmendment,
  LimitsBook,
  LimitsState,
  LimitsToAmend,
} from '#dispatch';
import type { ClientBase, Pool } from 'pg';
import { appendAuditLink, inTransaction } from './audit-chain';
import { ms } from './payment-row';

export class PostgresLimitsBook implements LimitsBook {
  constructor(
    private readonly pool: Pool,
    /** Waited for after each change, so that whoever made it finds it in this process's registry. Does not throw. */
    private readonly onChanged: () => Promise<void>,
  ) {}

  read(channelId: ChannelId): Promise<LimitsState | null> {
    return inTransaction(this.pool, (client) => readState(client, channelId));
  }

  async amend<Refused>(
    channelId: ChannelId,
    revision: number | null,
    decide: (state: LimitsToAmend) => { readonly amend: LimitsAmendment } | { readonly refuse: Refused },
  ): Promise<{ readonly amended: LimitsAmended } | { readonly refused: Refused } | null> {
    const done = await inTransaction(this.pool, async (client) => {
      // Locked by a statement of its own: the next one reads the clock, and what others have written, after the wait.
      await client.query('select from channels where id = $1 for update', [channelId]);
      const state = await readState(client, channelId);
      if (!state) return null;
      const { rows } = await client.query<{ id: number }>(NEXT_CHANGE_ID);
      const former = revision === null ? null : await findRevision(client, channelId, revision);
      const decision = decide({ ...state, nextChangeId: rows[0]!.id, revision: former });
      if ('refuse' in decision) return { refused: decision.refuse };
      await write(client, state, rows[0]!.id, decision.amend);
      const version = await readVersion(client);
      return { amended: { state: (await readState(client, channelId))!, version } };
    });
    if (done && 'amended' in done) await this.onChanged();
    return done;
  }

  async revisions(channelId: ChannelId, before: number | null, limit: number): Promise<LimitRevisionPage> {
    try {
      const { rows } = await this.pool.query<LimitRevisionRecord>(
        `${REVISIONS} where channel_id = $1 and ($2::int is null or revision < $2) order by revision desc limit $3`,
        [channelId, before, limit + 1],
      );
      return { revisions: rows.slice(0, limit), hasMore: rows.length > limit };
    } catch (error) {
      throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Of the registry, as this transaction has made it. */
export async function readVersion(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number }>('select version::float8 as version from registry_version');
  return rows[0]!.version;
}

async function readState(client: ClientBase, channelId: ChannelId): Promise<LimitsState | null> {
  const channel = (await client.query<ChannelRow>(CHANNEL, [channelId])).rows[0];
  if (!channel) return null;
  const { contract, nowMs } = channel;
  const standing = await client.query<LimitRevisionRecord>(
    `${REVISIONS} where channel_id = $1 and revision >= (${IN_FORCE}) order by effective_from, revision`,
    [channelId, nowMs],
  );
  const changes = await client.query<LimitChangeRecord>(CHANGES, [channelId, nowMs]);
  const base = (await client.query<LimitRevisionRecord>(BASE, [channelId, nowMs])).rows[0];
  const inForce = standing.rows.filter(({ effectiveFrom }) => effectiveFrom <= nowMs).at(-1) ?? standing.rows[0];
  if (!inForce || !base) return null;
  const head = Math.max(...standing.rows.map(({ revision }) => revision));
  const ahead = standing.rows.filter(({ effectiveFrom }) => effectiveFrom > nowMs);
  return {
    channelId,
    nowMs,
    contract: contract ?? valuesOf(base),
    base: valuesOf(base),
    changes: changes.rows,
    inForce,
    // One that was planned anew is passed over by a newer one before or when its time comes.
    ahead: ahead.filter(({ revision }, index) => ahead.slice(index + 1).every((later) => later.revision > revision)),
    head,
  };
}

async function findRevision(
  client: ClientBase,
  channelId: ChannelId,
  revision: number,
): Promise<LimitRevisionRecord | null> {
  const { rows } = await client.query<LimitRevisionRecord>(`${REVISIONS} where channel_id = $1 and revision = $2`, [
    channelId,
    revision,
  ]);
  return rows[0] ?? null;
}

async function write(
  client: ClientBase,
  state: LimitsState,
  changeId: number,
  amendment: LimitsAmendment,
): Promise<void> {
  const { action, by, callsOff, change, revisions, why } = amendment;
  const { channelId } = state;
  if (change) {
    const { changes, effectiveFrom, rollsBackTo, until } = change;
    await client.query(INSERT_CHANGE, [
      changeId,
      channelId,
      JSON.stringify(changes),
      effectiveFrom,
      until,
      rollsBackTo,
      by,
      why,
    ]);
  }
  if (callsOff !== null) await client.query(END_CHANGE, [callsOff, by, why]);
  const authorOf = new Map(state.changes.map((known) => [known.id, known]));
  const rows = revisions.map(({ cause, changeId: of, effectiveFrom, values }, index) => {
    // Revisions that are planned anew are still those of whoever asked for them.
    const author = cause === 'called_off' || of === null ? undefined : authorOf.get(of);
    return {
      ...values,
      revision: state.head + 1 + index,
      effective_from: effectiveFrom,
      cause,
      change_id: of,
      changed_by: author?.by ?? by,
      reason: author?.why ?? why,
    };
  });
  await client.query(INSERT_REVISIONS, [channelId, JSON.stringify(rows)]);
  const facts = {
    change: changeId,
    ...(change
      ? {
          sets: { ...change.changes },
          effective_from: change.effectiveFrom,
          until: change.until,
          rolls_back_to: change.rollsBackTo,
        }
      : {}),
    ...(callsOff === null ? {} : { change: callsOff }),
    before: { revision: state.inForce.revision, ...valuesOf(state.inForce) },
    revisions: rows.map(({ revision, effective_from }) => ({ revision, effective_from })),
  };
  await appendAuditLink(client, { actor: `operator:${by}`, action, subject: channelId, reason: why, facts });
}

function valuesOf(revision: LimitRevisionRecord): LimitValues {
  const { amountMax, amountMin, burst, inFlightMax, longestWaitMs, ratePerSecond, timeoutMs } = revision;
  return { ratePerSecond, burst, inFlightMax, longestWaitMs, timeoutMs, amountMin, amountMax };
}

interface ChannelRow {
  readonly nowMs: number;
  readonly contract: ChannelContract | null;
}

const CHANNEL = `
select ${ms('clock_timestamp()')} as "nowMs",
  case when k.channel_id is not null then json_build_object('ratePerSecond', k.rate_per_second, 'burst', k.burst,
    'inFlightMax', k.in_flight_max, 'amountMin', k.amount_min, 'amountMax', k.amount_max) end as contract
from channels c left join channel_contracts k on k.channel_id = c.id where c.id = $1`;

const REVISIONS = `
select channel_id as "channelId", revision, rate_per_second as "ratePerSecond", burst, in_flight_max as "inFlightMax",
  longest_wait_ms as "longestWaitMs", timeout_ms as "timeoutMs", amount_min::float8 as "amountMin", amount_max::float8 as "amountMax",
  ${ms('effective_from')} as "effectiveFrom", cause, change_id::float8 as "changeId", changed_by as by, reason as why,
  ${ms('created_at')} as "createdAt"
from channel_limits`;

const IN_FORCE = `
select coalesce(max(revision), 0) from channel_limits where channel_id = $1 and ${ms('effective_from')} <= $2::float8`;

/** What was set from the contract or by hand stands below all changes made since. */
const BASE = `${REVISIONS} where channel_id = $1 and cause = 'set' order by ${ms('effective_from')} <= $2::float8 desc, revision desc limit 1`;

/** One row per deed of a person on a channel since its contract: tens in a year. */
const CHANGES = `
select id::float8 as id, changes, ${ms('effective_from')} as "effectiveFrom", ${ms('until')} as until, rolls_back_to as "rollsBackTo",
  changed_by as by, reason as why, ${ms('created_at')} as "createdAt"
from limit_changes c
where channel_id = $1 and ended_at is null and (until is null or ${ms('until')} > $2::float8)
  and created_at >= (select max(created_at) from channel_limits where channel_id = $1 and cause = 'set')
order by id`;

const NEXT_CHANGE_ID = `select nextval(pg_get_serial_sequence('limit_changes', 'id'))::float8 as id`;

const INSERT_CHANGE = `
insert into limit_changes (id, channel_id, changes, effective_from, until, rolls_back_to, changed_by, reason)
overriding system value
values ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000), $6, $7, $8)`;

const END_CHANGE = `update limit_changes set ended_at = clock_timestamp(), ended_by = $2, end_reason = $3 where id = $1`;

const INSERT_REVISIONS = `
insert into channel_limits (channel_id, revision, rate_per_second, burst, in_flight_max, longest_wait_ms, timeout_ms, amount_min, amount_max,
  effective_from, cause, change_id, changed_by, reason)
select $1, revision, "ratePerSecond", burst, "inFlightMax", "longestWaitMs", "timeoutMs", "amountMin", "amountMax",
  to_timestamp(effective_from / 1000), cause, change_id, changed_by, reason
from jsonb_to_recordset($2::jsonb) as r(revision int, "ratePerSecond" int, burst int, "inFlightMax" int, "longestWaitMs" int,
  "timeoutMs" int, "amountMin" bigint, "amountMax" bigint, effective_from float8, cause text, change_id bigint, changed_by text, reason text)`;
