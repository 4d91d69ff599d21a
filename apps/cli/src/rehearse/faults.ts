/**
 * What is broken on purpose while the load runs: `redis-flushall@5s`, `kill-worker@8s`. A fault that was asked for and did not happen
 * makes the run void: it would prove less than it says.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { InvalidArgumentError } from 'commander';
import { readRunningProduct, type RunningProduct } from '../running-product';

export const FAULT_NAMES = ['redis-flushall', 'kill-worker', 'kill-orchestrator'] as const;
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
        const seen =
          fault.name === 'redis-flushall'
            ? await flushRedis(product)
            : await killProcess(fault.name.slice('kill-'.length));
        say(`fault: ${fault.name} at ${fault.atS} s: ${seen}`);
        return { ...fault, happened: true, seen };
      } catch (error) {
        const seen = error instanceof Error ? error.message : String(error);
        say(`fault: ${fault.name} did NOT happen: ${seen}`);
        return { ...fault, happened: false, seen };
      }
    }),
  );
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
