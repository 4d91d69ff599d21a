/**
 * What is broken on purpose while the load runs: `redis-flushall@5s`, `kill-worker@8s`. A fault that was asked for and did not happen
 * makes the run void: it would prove less than it says.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { InvalidArgumentError } from 'commander';
import { readRunningProduct, type RunningProduct } from '../running-product';

export const FAULT_NAMES = [
  'redis-flushall',
  'redis-restart',
  'redis-gone',
  'kill-worker',
  'kill-orchestrator',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export interface PlannedFault {
  readonly name: FaultName;
  /** From the first payment on, s. */
  readonly atS: number;
}

export interface FaultReport extends PlannedFault {
  readonly happened: boolean;
  /** What was seen: keys gone, the process that followed. */
  readonly seen: string;
  /** When it struck, and until when it lasted, ms since 1970. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

/** Reads one `name@seconds` for commander, which collects them. */
export function parseFault(value: string, before: readonly PlannedFault[] = []): PlannedFault[] {
  const [, name, seconds] = /^([a-z-]+)@(\d+(?:\.\d+)?)s?$/.exec(value) ?? [];
  const known = FAULT_NAMES.find((fault) => fault === name);
  if (known === undefined)
    throw new InvalidArgumentError(
      `write a fault as name@seconds, such as redis-flushall@5s; there are ${FAULT_NAMES.join(', ')}.`,
    );
  return [...before, { name: known, atS: Number(seconds) }];
}

/** Injects each fault at its time. Never throws: what did not work is in the report. */
export function injectFaults(
  planned: readonly PlannedFault[],
  product: RunningProduct,
  say: (line: string) => void,
  breakOff: AbortSignal,
): Promise<FaultReport[]> {
  return Promise.all(
    planned.map(async (fault) => {
      try {
        await sleep(fault.atS * 1_000, undefined, { signal: breakOff });
        const struck = await strike(fault.name, product, breakOff);
        say(`fault: ${fault.name} at ${fault.atS} s: ${struck.seen}`);
        return { ...fault, happened: true, ...struck };
      } catch (error) {
        const seen = error instanceof Error ? error.message : String(error);
        say(`fault: ${fault.name} did NOT happen: ${seen}`);
        return { ...fault, happened: false, seen };
      }
    }),
  );
}

type Struck = Pick<FaultReport, 'seen' | 'fromMs' | 'untilMs'>;

async function strike(name: FaultName, product: RunningProduct, breakOff: AbortSignal): Promise<Struck> {
  const fromMs = Date.now();
  if (name !== 'redis-flushall' && Object.keys(product.pids).length === 0)
    throw new Error('this product runs on other machines: its processes are not ours to stop');
  switch (name) {
    case 'redis-flushall':
      return { fromMs, seen: await flushRedis(product) };
    case 'redis-restart': {
      // Emptied first: its append-only file would bring everything back.
      const wiped = await flushRedis(product);
      return { fromMs, seen: `${wiped}, ${await killProcess('redis')}`, untilMs: Date.now() };
    }
    case 'redis-gone':
      return silenceRedis(product, breakOff);
    case 'kill-worker':
    case 'kill-orchestrator':
      return { fromMs, seen: await killProcess(name.slice('kill-'.length)), untilMs: Date.now() };
  }
}

/** Longer than every lease and every patience of ours, short enough for a run of minutes. */
const REDIS_GONE_MS = 25_000;

/** Stops the process without ending it: connections stay open and nothing is answered, as behind a network that swallows everything. */
async function silenceRedis(product: RunningProduct, breakOff: AbortSignal): Promise<Struck> {
  const pid = product.pids['redis'];
  if (pid === undefined) throw new Error('.data/run.json names no process redis: it is not ours to stop');
  process.kill(pid, 'SIGSTOP');
  const fromMs = Date.now();
  // Whoever ends this command must not leave a Redis behind that never answers.
  const wake = (): void => void process.kill(pid, 'SIGCONT');
  process.once('exit', wake);
  try {
    await sleep(REDIS_GONE_MS, undefined, { signal: breakOff });
  } finally {
    wake();
    process.removeListener('exit', wake);
  }
  const untilMs = Date.now();
  return { seen: `Redis was silent for ${Math.round((untilMs - fromMs) / 1_000)} s`, fromMs, untilMs };
}

async function flushRedis(product: RunningProduct): Promise<string> {
  const redis = new Redis(product.databases.redis_url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    connectTimeout: 2_000,
  });
  try {
    await redis.connect();
    const keys = await redis.dbsize();
    await redis.flushall();
    return `${keys} keys wiped`;
  } finally {
    redis.disconnect();
  }
}

/** The supervisor of `npm start` brings a process back within a second or two; waiting longer means that it does not. */
const BACK_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;

async function killProcess(name: string): Promise<string> {
  const before = readRunningProduct()?.pids[name];
  if (before === undefined) throw new Error(`.data/run.json names no process ${name}`);
  process.kill(before, 'SIGKILL');
  const begun = Date.now();
  while (Date.now() - begun < BACK_WITHIN_MS) {
    await sleep(LOOK_EVERY_MS);
    const now = readRunningProduct()?.pids[name];
    if (now !== undefined && now !== before)
      return `process ${before} killed, ${now} follows after ${Date.now() - begun} ms`;
  }
  throw new Error(`process ${before} was killed and none followed within ${BACK_WITHIN_MS / 1_000} s`);
}
