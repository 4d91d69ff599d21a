/** The tutorial's product (bench/peers), brought up on engines of its own, with the banks that the product has. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import ports from '../scripts/lib/free-port.cjs';
import health from '../scripts/lib/health.cjs';
import paths from '../scripts/lib/paths.cjs';
import programsOf from '../scripts/lib/product-programs.cjs';
import secretsOf from '../scripts/lib/secrets.cjs';
import supervisors from '../scripts/lib/supervisor.cjs';
import { startEngines } from './engines.ts';
import { Generator } from './generator.ts';
import { type Books, ledgerOf, widenBanks } from './product.ts';
import { BANK_LATENCY_MS } from './side.ts';

const END_BOUND_MS = 5_000;

export interface Peer {
  readonly pids: Readonly<Record<string, number | undefined>>;
  readonly generator: Generator;
  books(): Promise<Books>;
  end(): Promise<void>;
}

export async function startPeer({ folder, seed }: { folder: string; seed: number }): Promise<Peer> {
  compilePeer();
  const databases = new supervisors.Supervisor();
  const engines = await startEngines(folder, databases);
  const supervisor = new supervisors.Supervisor();
  const killWithUs = (): void => supervisor.killAll();
  process.once('exit', killWithUs);
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const secrets = secretsOf.newSecrets();
  const own = await ports.freePorts(['orchestrator', 'worker', 'bank_simulator'], { place: `${folder} peer` });
  const { programs, urls } = programsOf.productPrograms({
    ...{ databaseUrl: engines.databaseUrl, redisUrl: engines.redisUrl, host: '127.0.0.1', ports: own, secrets },
    ...{ data: folder, logs, env: { BANK_SIMULATOR_SEED: String(seed) } },
  });
  await supervisor.start(programs['bank_simulator']!);
  await health.untilReady('bank simulator', urls.bank_simulator, () => supervisor.isAlive('bank_simulator'));
  await widenBanks(urls.bank_simulator, BANK_LATENCY_MS);
  await engines.query(
    `create table payments (id uuid primary key, order_no text not null unique, amount int not null, currency text not null,
     token text not null, status text not null, bank_transaction_id text, created_at timestamptz not null default now(),
     updated_at timestamptz not null default now())`,
  );
  const env = {
    ...{ DATABASE_URL: engines.databaseUrl, REDIS_URL: engines.redisUrl, PORT: String(own['orchestrator']) },
    ...{ BANK_URL: urls.bank_simulator, BANK_SECRET: secrets.bank_secret, NODE_ENV: 'production' },
  };
  const api = startProgram('api', env, logs);
  const worker = startProgram('worker', env, logs);
  const url = `http://127.0.0.1:${own['orchestrator']}`;
  while (!(await health.isReady(url))) {
    if (api.exitCode !== null) throw new Error(`The peer's API ended while starting; see ${logs}/api.log.`);
    await sleep(50);
  }
  const generator = new Generator(url, '');
  return {
    pids: {
      ...{ orchestrator: api.pid, worker: worker.pid },
      ...engines.pids,
      bank_simulator: supervisor.pidOf('bank_simulator'),
    },
    generator,
    async books() {
      const [row = {}] = await engines.query(
        `select count(*)::int as accepted, count(*) filter (where status = 'succeeded')::int as succeeded,
           coalesce(sum(amount) filter (where status = 'succeeded'), 0)::float8 as captured from payments`,
      );
      return {
        accepted: Number(row['accepted']),
        succeeded: Number(row['succeeded']),
        capturedMinor: Number(row['captured']),
        ...(await ledgerOf(urls.bank_simulator)),
      };
    },
    async end() {
      await generator.end();
      for (const program of [api, worker]) await endOf(program);
      await supervisor.stopAll(programsOf.productOrder);
      process.removeListener('exit', killWithUs);
      await engines.end();
    },
  };
}

/** Its decorators need a compiler. What comes out lies below the root, so that it finds the same packages as the product. */
function compilePeer(): void {
  const compiler = join(paths.root, 'node_modules', 'ts7', 'bin', 'tsc');
  const args = [compiler, '-p', join(import.meta.dirname, 'peers', 'tsconfig.json')];
  const done = spawnSync(process.execPath, args, { cwd: paths.root, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`bench/peers does not compile:\n${done.stdout}${done.stderr}`);
}

function startProgram(name: string, env: Readonly<Record<string, string>>, logs: string): ChildProcess {
  const log = openSync(join(logs, `${name}.log`), 'a');
  const entry = join(paths.root, 'dist', 'bench-peers', `${name}.js`);
  const program = spawn(process.execPath, [entry], { env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  process.once('exit', () => program.kill('SIGKILL'));
  return program;
}

async function endOf(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  program.kill();
  const timer = setTimeout(() => program.kill('SIGKILL'), END_BOUND_MS);
  await gone;
  clearTimeout(timer);
}
