/**
 * The bare floor: what the engines alone charge for a payment's work, as fast as they go.
 *
 *   generator ──▶ Fastify echo ──▶ insert, in batches ──▶ BullMQ add ──▶ drain ──▶ insert ──▶ one HTTP call ──▶ insert
 *
 * A given number of payments is carried to its end and every microsecond until then is counted, so nothing is left in a queue unpaid.
 */
import { type Child, startChild } from './child.ts';
import { startEngines } from './engines.ts';
import { type Load, Generator } from './generator.ts';
import { processorTimes } from './processor-time.ts';
import supervisors from '../scripts/lib/supervisor.cjs';

/** Requests under way at once: several full batches, so that a batch never waits for the next request. */
const BATCHES_OFFERED = 6;
/** The floor stands still for this long only when it is broken. */
const STUCK_MS = 20_000;

export interface FloorWindow {
  readonly payments: number;
  readonly seconds: number;
  /** Processor time by process, µs. */
  readonly cpu: Readonly<Record<string, number>>;
}

export interface Floor {
  /** Carries so many payments to their end. */
  run(payments: number, seed: number): Promise<FloorWindow>;
  end(): Promise<void>;
}

export async function startFloor(wish: { folder: string; batch: number; bankLatencyMs: number }): Promise<Floor> {
  const supervisor = new supervisors.Supervisor();
  const engines = await startEngines(wish.folder, supervisor);
  for (const table of ['accepted', 'dispatched', 'settled']) {
    await engines.query(
      `create table ${table} (id text collate "C" primary key, order_key text collate "C", body jsonb)`,
    );
  }
  await engines.query('create unique index on accepted (order_key)');
  const bank = startChild('bank-stub.ts', { BANK_LATENCY_MS: String(wish.bankLatencyMs) });
  const { port } = await bank.next<{ port: number }>('ready');
  const settings = {
    NODE_ENV: 'production',
    FLOOR_DATABASE_URL: engines.databaseUrl,
    FLOOR_REDIS_URL: engines.redisUrl,
    FLOOR_BANK_URL: `http://127.0.0.1:${port}`,
    FLOOR_BATCH: String(wish.batch),
  };
  const api = startChild('floor-api.ts', settings);
  const worker = startChild('floor-worker.ts', settings);
  const [{ url }] = await Promise.all([api.next<{ url: string }>('ready'), worker.next('ready')]);
  const generator = new Generator(url, '');
  const pids = { api: api.pid, worker: worker.pid, ...engines.pids, bank: bank.pid, generator: generator.pid };
  let carried = 0;
  return {
    async run(payments, seed) {
      const load: Load = { model: 'count', payments, inFlight: BATCHES_OFFERED * wish.batch, follow: false, seed };
      const begunMs = performance.now();
      const before = processorTimes(pids);
      const drained = untilDone(worker, carried + payments);
      const { failed } = await generator.run(load);
      if (failed > 0) throw new Error(`The floor refused ${failed} of ${payments} payments.`);
      await drained;
      carried += payments;
      const after = processorTimes(pids);
      const seconds = (performance.now() - begunMs) / 1000;
      await assertBooked(engines.query, carried);
      return {
        payments,
        seconds,
        cpu: Object.fromEntries(Object.keys(pids).map((name) => [name, after[name]! - before[name]!])),
      };
    },
    async end() {
      await generator.end();
      await api.end();
      await worker.end();
      await bank.end();
      await engines.end();
    },
  };
}

async function untilDone(worker: Child, total: number): Promise<void> {
  for (;;) {
    let stuck: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      stuck = setTimeout(
        () => reject(new Error(`The floor's worker has said nothing for ${STUCK_MS / 1000} s.`)),
        STUCK_MS,
      );
    });
    const { done } = await Promise.race([worker.next<{ done: number }>('done'), tooLong]);
    clearTimeout(stuck);
    if (done >= total) return;
  }
}

async function assertBooked(
  query: (text: string) => Promise<Record<string, unknown>[]>,
  carried: number,
): Promise<void> {
  for (const table of ['accepted', 'dispatched', 'settled']) {
    const [row] = await query(`select count(*)::int as rows from ${table}`);
    if (row?.['rows'] !== carried)
      throw new Error(`The floor's table ${table} has ${String(row?.['rows'])} rows, not ${carried}.`);
  }
}
