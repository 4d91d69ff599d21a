/** What can happen to PostgreSQL short of losing its disk: the journal must neither lose a commit it answered nor invent one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { between, type FaultContext, type FaultKind, happened, notSeen } from '../fault';

/** After an immediate stop it replays its log: tenths of a second here. */
const BACK_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;

async function withPostgres<T>({ product }: FaultContext, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: product.place.databases.postgres_url,
    application_name: 'chaos',
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const postgresRestart: FaultKind = {
  name: 'postgres-restart',
  what: 'PostgreSQL is stopped in mode `immediate` (SIGQUIT) and comes back after `for_s` seconds, by way of recovery',
  draw: (atS, random) => ({ fault: 'postgres-restart', at_s: atS, for_s: between(0, 3, random) }),
  inject: ({ for_s: forS = 0 }, context) =>
    context.keeper.inTurn('postgres', async () => {
      const { keeper, product } = context;
      const pid = await keeper.running('postgres');
      keeper.hold('postgres');
      await product.signal('postgres', 'SIGQUIT');
      const how = await keeper.endOf(pid, AbortSignal.timeout(BACK_WITHIN_MS));
      await sleep(forS * 1_000);
      await keeper.bringBack('postgres');
      const begun = performance.now();
      while (!(await withPostgres(context, () => Promise.resolve(true)).catch(() => false))) {
        if (performance.now() - begun > BACK_WITHIN_MS) throw new Error('PostgreSQL did not come back');
        await sleep(LOOK_EVERY_MS);
      }
      return how === null
        ? notSeen(`PostgreSQL ${pid} did not stop`)
        : happened(`PostgreSQL ended (${how}) and recovered in ${Math.round(performance.now() - begun)} ms`);
    }),
};

/** Sessions of ours that have a statement under way; first those that wait for the disk with their commit. */
const TERMINATE = `
with chosen as (
  select pid, wait_event in ('WALSync', 'WalSync', 'WALWrite', 'WalWrite') as committing
  from pg_stat_activity
  where application_name like 'sluice-%' and pid <> pg_backend_pid() and ($1 or state = 'active')
  order by committing desc nulls last limit $2)
select count(*) filter (where pg_terminate_backend(pid))::int as ended, count(*) filter (where committing)::int as committing from chosen`;

export const postgresTerminate: FaultKind = {
  name: 'postgres-terminate',
  what: 'for `for_s` seconds sessions of the product are terminated in the middle of their statement, those that commit first',
  draw: (atS, random) => ({ fault: 'postgres-terminate', at_s: atS, for_s: between(1, 5, random) }),
  async inject({ for_s: forS = 4 }, context) {
    let ended = 0;
    let committing = 0;
    const end = performance.now() + forS * 1_000;
    // While another fault has PostgreSQL down there is nobody to terminate: then it goes on until there was somebody.
    const goesOn = (): boolean => performance.now() < end || (ended === 0 && !context.loadEnds.aborted);
    const terminate = async (client: Client): Promise<void> => {
      while (goesOn()) {
        // Now and then all of them, idle ones too: a fail-over looks like that.
        const all = context.random() < 0.05;
        const { rows } = await client.query<{ ended: number; committing: number }>(TERMINATE, [all, all ? 100 : 2]);
        ended += rows[0]?.ended ?? 0;
        committing += rows[0]?.committing ?? 0;
        await sleep(context.random() * 60);
      }
    };
    while (goesOn()) await withPostgres(context, terminate).catch(() => sleep(LOOK_EVERY_MS));
    return ended > 0
      ? happened(`${ended} sessions terminated, ${committing} of them while their commit was being written`)
      : notSeen('no session of the product had a statement under way');
  },
};
