/**
 * The whole product as `npm start` brings it up, on engines of its own, with banks that are never the bottleneck: every quickpay channel
 * answers after the same short time, takes more than is offered, and its contract limits allow it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import ports from '../scripts/lib/free-port.cjs';
import products from '../scripts/lib/product.cjs';
import programs from '../scripts/lib/product-programs.cjs';
import type reports from '../scripts/lib/report.cjs';
import secretsOf from '../scripts/lib/secrets.cjs';
import supervisors from '../scripts/lib/supervisor.cjs';
import health from '../scripts/lib/health.cjs';
import { type Engines, startEngines } from './engines.ts';

/** Payments at once in one bank: eight such banks hold 1.3 s of 3,000/s, ten times what their answer time needs. */
const BANK_SLOTS = 2_000;
/** Calls under way per channel: 4,096 together, far above the few hundred that 5,000/s at the banks' answer time need. */
const IN_FLIGHT_MAX = 512;
const RATE_MAX = 1_000_000;
/** Between two looks whether a process is ready, ms: a fiftieth of a start. */
const LOOK_EVERY_MS = 10;

export interface Commits {
  /** Rows and transactions of each kind of commit since the last look. */
  readonly rows: number;
  readonly commits: number;
}

export interface Product {
  readonly url: string;
  readonly workerUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly apiKey: string;
  /** How long each step of its start took, by the names that `npm start` shows, ms. */
  readonly startMs: Readonly<Record<string, number>>;
  /** By name of the process. */
  readonly pids: Readonly<Record<string, number | undefined>>;
  /** How many payments shared a commit between two moments, by what the commit did. */
  batchesBetween(from: Date, to: Date): Promise<Record<string, Commits>>;
  books(): Promise<Books>;
  query: Engines['query'];
  /** Ends the process in order and starts it again. @returns from its start until it is ready, ms */
  restart(name: 'orchestrator' | 'worker'): Promise<number>;
  end(): Promise<void>;
}

/** The same money in three books. */
export interface Books {
  readonly accepted: number;
  readonly succeeded: number;
  readonly capturedMinor: number;
  readonly charges: number;
  readonly chargedMinor: number;
  readonly chargedTwice: number;
}

interface LedgerSummary {
  readonly channels: Readonly<
    Record<string, { charge: { count: number; sum_minor: Record<string, number> }; charged_twice: number }>
  >;
}

export async function startProduct(wish: {
  folder: string;
  seed: number;
  bankLatencyMs: number;
  env?: Readonly<Record<string, string>>;
  /** What is to be done to the seeded database before anybody reads it. */
  prepare?: (query: Engines['query'], bankUrl: string) => Promise<void>;
}): Promise<Product> {
  const { folder } = wish;
  const databases = new supervisors.Supervisor();
  const engines = await startEngines(folder, databases);
  const supervisor = new supervisors.Supervisor();
  const killWithUs = (): void => supervisor.killAll();
  process.once('exit', killWithUs);
  const secrets = secretsOf.newSecrets();
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const startMs: Record<string, number> = {};
  const own = await ports.freePorts(['orchestrator', 'worker', 'bank_simulator'], { place: `${folder} product` });
  const { urls } = await products.bringUpProduct({
    databaseUrl: engines.databaseUrl,
    redisUrl: engines.redisUrl,
    host: '127.0.0.1',
    ports: own,
    secrets,
    data: folder,
    logs: join(folder, 'logs'),
    env: { BANK_SIMULATOR_SEED: String(wish.seed), ...wish.env },
    supervisor,
    report: timing(startMs),
    prepare: async () => wish.prepare?.(engines.query, `http://127.0.0.1:${own.bank_simulator}`),
  });
  await widenBanks(urls.bank_simulator, wish.bankLatencyMs);
  await engines.query(
    `insert into channel_limits (channel_id, revision, rate_per_second, burst, in_flight_max, longest_wait_ms, timeout_ms, amount_min, amount_max, changed_by, reason)
     select distinct on (channel_id) channel_id, revision + 1, $1, $1, $2, longest_wait_ms, timeout_ms, amount_min, amount_max, 'bench', 'banks are not what is measured'
     from channel_limits where channel_id like '%.quickpay' order by channel_id, revision desc`,
    [RATE_MAX, IN_FLIGHT_MAX],
  );
  await engines.query('notify sluice_channels_changed');
  return {
    url: urls.api,
    workerUrl: urls.worker,
    databaseUrl: engines.databaseUrl,
    redisUrl: engines.redisUrl,
    apiKey: secrets.merchant_key,
    startMs,
    pids: {
      orchestrator: supervisor.pidOf('orchestrator'),
      worker: supervisor.pidOf('worker'),
      ...engines.pids,
      bank_simulator: supervisor.pidOf('bank_simulator'),
    },
    query: engines.query,
    async restart(name) {
      const program = supervisor.programOf(name);
      if (!program) throw new Error(`${name} was never started.`);
      await supervisor.stop(name);
      const begunMs = performance.now();
      await supervisor.start(program);
      const url = name === 'worker' ? urls.worker : urls.api;
      while (!(await health.isReady(url))) {
        if (!supervisor.isAlive(name)) throw new Error(`${name} ended while starting; see ${program.logFile}.`);
        await sleep(LOOK_EVERY_MS);
      }
      return performance.now() - begunMs;
    },
    async batchesBetween(from, to) {
      // Every row carries the transaction that wrote it, and events are never rewritten: an exact count, after the fact and for nothing.
      const rows = await engines.query(
        `select type, count(*)::int as rows, count(distinct xmin::text)::int as commits from payment_events
         where at between $1 and $2 group by type order by type`,
        [from, to],
      );
      return Object.fromEntries(
        rows.map((row) => [String(row['type']), { rows: Number(row['rows']), commits: Number(row['commits']) }]),
      );
    },
    async books() {
      const [row = {}] = await engines.query(
        `select count(*)::int as accepted, count(*) filter (where h.state = 'succeeded')::int as succeeded,
           coalesce(sum(h.captured_minor), 0)::float8 as captured
         from payments p left join payment_heads h on h.payment_id = p.id`,
      );
      return {
        accepted: Number(row['accepted']),
        succeeded: Number(row['succeeded']),
        capturedMinor: Number(row['captured']),
        ...(await ledgerOf(urls.bank_simulator)),
      };
    },
    async end() {
      await supervisor.stopAll(programs.productOrder);
      process.removeListener('exit', killWithUs);
      await engines.end();
    },
  };
}

/** What the banks say they have charged. */
export async function ledgerOf(bankUrl: string): Promise<Pick<Books, 'charges' | 'chargedMinor' | 'chargedTwice'>> {
  const answer = await fetch(`${bankUrl}/control/ledger/summary`);
  const channels = Object.values(((await answer.json()) as LedgerSummary).channels);
  const sum = (of: (channel: (typeof channels)[number]) => number): number =>
    channels.reduce((total, channel) => total + of(channel), 0);
  return {
    charges: sum(({ charge }) => charge.count),
    chargedMinor: sum(({ charge }) => charge.sum_minor['CNY'] ?? 0),
    chargedTwice: sum(({ charged_twice }) => charged_twice),
  };
}

/** A report that says nothing and remembers how long each step took. */
function timing(startMs: Record<string, number>): ReturnType<typeof reports.reporter> {
  return {
    async step(title, work) {
      const begunMs = performance.now();
      const result = await work(() => undefined);
      startMs[title] = performance.now() - begunMs;
      return result;
    },
    note: () => undefined,
  };
}

/** Every quickpay channel answers after the same short time and takes more than is offered. */
export async function widenBanks(url: string, latencyMs: number): Promise<void> {
  const { channels } = (await (await fetch(`${url}/control/channels`)).json()) as { channels: { id: string }[] };
  const capacity = {
    slots: BANK_SLOTS,
    service: { shape: 'lognormal', mean_ms: latencyMs, sigma: 0.2 },
    answer_delay_ms: 0,
    degradation: { knee_load: 1, slope: 0, floor: 1 },
    collapse: null,
    rate_cap: null,
    pauses: null,
  };
  for (const { id } of channels.filter((channel) => channel.id.endsWith('.quickpay'))) {
    const answer = await fetch(`${url}/control/channels/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ capacity }),
    });
    if (!answer.ok) throw new Error(`The bank simulator refused wider settings for ${id}: ${await answer.text()}`);
  }
}
