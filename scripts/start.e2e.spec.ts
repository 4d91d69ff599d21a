// As a stranger does it: a fresh copy of the checkout in a folder of its own, `npm start -- --detach`, the printed
// payment, `npm stop`. As root the folder is closed to PostgreSQL's user, as /root would be.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isStillThere, type ProcessRecord } from './lib/process-identity.cjs';
import type { RunFile } from './lib/run-file.cjs';
import { until } from './lib/stop-process.cjs';

const root = path.join(__dirname, '..');
const copy = mkdtempSync(path.join(tmpdir(), 'sluice-start-'));
const runFile = path.join(copy, '.data', 'run.json');

/** What a clone brings; packages are linked, since installing them is npm's business and takes a minute. */
function cloneLike(): void {
  for (const name of [
    'apps',
    'libs',
    'scripts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ]) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
}

/** The stranger's environment: neither jest's nor that of the `npm test` around us. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_|SLUICE_|TEST_|JEST_|NODE_|DATABASE_URL|REDIS_URL|PORT|HOST|LOG_LEVEL)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

function run(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd: copy,
    env: plainEnvironment(),
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

/** @throws with the command's own words if it does not succeed */
function start() {
  const started = run('npm', 'start', '--', '--detach');
  if (started.status !== 0) throw new Error(`npm start ended with ${started.status}:\n${started.stderr}`);
  return started;
}
const stop = (...args: string[]) => run('npm', 'stop', ...args);
const readRun = (): RunFile => JSON.parse(readFileSync(runFile, 'utf8'));
const everyProcess = (file: RunFile): ProcessRecord[] => [file.supervisor, ...file.processes];
const stillThere = (records: ProcessRecord[]) => records.filter(isStillThere).map(({ name }) => name);

/** The line that is printed to be pasted. */
function printedPayment(output: string): string {
  return /^ {2}curl (?:.*\\\n)*.*$/m.exec(output)?.[0] ?? 'echo "no curl was printed"';
}

/** What the banks have charged, by their own books. */
async function charges(file: RunFile): Promise<number> {
  const ledger = await (await fetch(`${file.urls.bank_simulator}/control/ledger`)).text();
  const lines = ledger.split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ operation, result }) => operation === 'charge' && result === 'OK').length;
}

/** Asks as a checkout does, and lets the API wait for the answer. */
async function fateOf(id: string, file: RunFile): Promise<unknown> {
  const headers = { authorization: `Bearer ${file.keys.merchant.api_key}`, prefer: 'wait=20' };
  return (await fetch(`${file.urls.api}/v1/payments/${id}`, { headers })).json();
}

beforeAll(cloneLike);

afterAll(() => {
  stop('--', '--wipe');
  rmSync(copy, { recursive: true, force: true });
});

describe('npm start -- --detach', () => {
  let printed = '';
  let first: RunFile;
  let payment: { id: string; status: string };

  it('returns when everything is up, and says where', () => {
    printed = start().stdout;
    first = readRun();
    expect(first).toMatchObject({
      state: 'ready',
      urls: {
        api: expect.stringMatching(/^http/),
        bank_simulator: expect.stringMatching(/^http/),
        worker: expect.stringMatching(/^http/),
      },
      keys: {
        merchant: { api_key: expect.stringMatching(/^sk_sandbox_[0-9a-z]{32}$/) },
        other_merchant: { api_key: expect.stringMatching(/^sk_sandbox_[0-9a-z]{32}$/) },
        operator: { api_key: expect.stringMatching(/^op_sandbox_[0-9a-z]{32}$/) },
      },
      tokens: { ok: expect.stringMatching(/./), foreign: expect.stringMatching(/./) },
      databases: { postgres_url: expect.stringMatching(/^postgres:/), redis_url: expect.stringMatching(/^redis:/) },
    });
    expect(Object.keys(first.pids).sort()).toEqual([
      'bank_simulator',
      'orchestrator',
      'postgres',
      'redis',
      'supervisor',
      'worker',
    ]);
  });

  it('keeps the keys from other users', () => {
    expect(statSync(runFile).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(copy, '.data', 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('prints a first payment that succeeds when it is pasted, and is charged once', async () => {
    const before = await charges(first);
    const pasted = run('sh', '-c', printedPayment(printed));
    payment = JSON.parse(pasted.stdout);
    expect(await fateOf(payment.id, first)).toMatchObject({ status: 'succeeded' });
    expect(await charges(first)).toBe(before + 1);
  });

  it('finds itself running when it is called again', () => {
    expect(start().stderr).toContain('already running');
    expect(readRun().pids).toEqual(first.pids);
  });

  it('starts a killed worker again and writes down its new pid', async () => {
    process.kill(Number(first.pids.worker), 'SIGKILL');
    const isBack = (): boolean => ![undefined, first.pids.worker].includes(readRun().pids.worker);
    expect(await until(isBack, 10_000)).toBe(true);
  });

  it('after a kill -9 of its supervisor ends what was left, and keeps keys and payments', async () => {
    const killed = readRun();
    process.kill(killed.supervisor.pid, 'SIGKILL');
    start();
    expect(stillThere(everyProcess(killed))).toEqual([]);
    const again = readRun();
    expect(again.keys).toEqual(first.keys);
    expect(await fateOf(payment.id, again)).toMatchObject({ id: payment.id, status: 'succeeded' });
  });

  it('after a kill -9 of everything comes up again', () => {
    const killed = readRun();
    for (const { pid } of everyProcess(killed)) process.kill(pid, 'SIGKILL');
    start();
    expect(stillThere(everyProcess(readRun()))).toHaveLength(6);
  });
});

describe('npm stop', () => {
  it('leaves nothing running', () => {
    const running = everyProcess(readRun());
    expect(stillThere(running)).toHaveLength(6);
    expect(stop()).toMatchObject({ status: 0 });
    expect(stillThere(running)).toEqual([]);
    expect(existsSync(runFile)).toBe(false);
  });

  it('with nothing running says so, and that is no error', () => {
    expect(stop()).toMatchObject({ status: 0, stderr: expect.stringContaining('nothing of this checkout is running') });
  });
});
