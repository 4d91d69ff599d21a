/** Which faults, when: schedules are data files, `random` is drawn from a seed, and a file of one's own can be played too. */
import { readFileSync } from 'node:fs';
import { STEPS } from '#dispatch';
import { pick, type PlannedFault } from './fault';
import { FAULT_KINDS, faultKind } from './fault-kinds';
import banks from './schedules/banks.json';
import ci from './schedules/ci.json';
import clocks from './schedules/clocks.json';
import crashPoints from './schedules/crash-points.json';
import pauses from './schedules/pauses.json';
import postgres from './schedules/postgres.json';
import redis from './schedules/redis.json';

/** One run: a load and what is broken under it. */
export interface PlannedRun {
  readonly workers: 1 | 2;
  readonly rate_per_second: number;
  /** Of load, s. */
  readonly seconds: number;
  /** How long an order may take, s: what waits for a payer or an absent bank ends with it, so it bounds the liveness phase. */
  readonly expires_s: number;
  readonly faults: readonly PlannedFault[];
}

/** The form of a schedule's file. */
interface ScheduleFile {
  readonly what: string;
  readonly runs: readonly {
    readonly workers?: number;
    readonly rate_per_second?: number;
    readonly seconds?: number;
    readonly expires_s?: number;
    readonly faults: readonly unknown[];
  }[];
}

export interface Schedule {
  readonly name: string;
  readonly what: string;
  readonly runs: readonly PlannedRun[];
}

/** 20 s under load: long enough for a worker to die and come back a few times. */
const SECONDS = 20;
/** Light: what is looked for are orders of events, not limits; and others use the machine too. */
const RATE_PER_SECOND = 80;
/** Short enough that everything ends within the liveness phase, long enough to outlive most faults. */
const EXPIRES_S = 30;

const FILES: Readonly<Record<string, ScheduleFile>> = {
  'crash-points': crashPoints,
  redis,
  postgres,
  banks,
  pauses,
  clocks,
  ci,
};

export const SCHEDULE_NAMES: readonly string[] = [...Object.keys(FILES), 'all'];

/** @param wanted a name, or a file. @throws with what there is, or what is wrong in the file */
export function scheduleOf(wanted: string): Schedule {
  if (wanted === 'all') {
    const parts = Object.keys(FILES).filter((name) => name !== 'ci');
    return {
      name: 'all',
      what: `${parts.join(', ')}, one after the other`,
      runs: parts.flatMap((name) => scheduleOf(name).runs),
    };
  }
  const file = FILES[wanted] ?? (wanted.endsWith('.json') ? readScheduleFile(wanted) : undefined);
  if (file === undefined)
    throw new Error(
      `There is no schedule ${wanted}; there are ${SCHEDULE_NAMES.join(', ')}, random, or a file of your own (*.json).`,
    );
  return { name: wanted, what: file.what, runs: file.runs.map(readRun) };
}

function readScheduleFile(file: string): ScheduleFile {
  return JSON.parse(readFileSync(file, 'utf8')) as ScheduleFile;
}

function readRun({
  workers = 1,
  rate_per_second = RATE_PER_SECOND,
  seconds = SECONDS,
  expires_s = EXPIRES_S,
  faults,
}: ScheduleFile['runs'][number]): PlannedRun {
  if (workers !== 1 && workers !== 2) throw new Error(`A run has 1 or 2 workers, not ${workers}.`);
  return { workers, rate_per_second, seconds, expires_s, faults: faults.map(readFault) };
}

function readFault(given: unknown): PlannedFault {
  const fault = given as PlannedFault;
  faultKind(fault.fault);
  if (!(fault.at_s >= 0))
    throw new Error(`${JSON.stringify(given)}: at_s says when, in seconds from the first payment on.`);
  if (fault.step !== undefined && !STEPS.includes(fault.step))
    throw new Error(`There is no step ${fault.step}; there are ${STEPS.join(', ')}.`);
  return fault;
}

/** How many faults one run has: with more, they hide each other. */
const FAULTS_MIN = 2;
const FAULTS_MAX = 6;
/** The last one begins so long before the end of the load, s. */
const LAST_BEFORE_END_S = 4;

/** A random run; the same for the same chance. */
export function randomRun(random: () => number): PlannedRun {
  const kinds = [...FAULT_KINDS.values()].flatMap(({ draw }) => (draw === null ? [] : [draw]));
  const count = FAULTS_MIN + Math.floor(random() * (FAULTS_MAX - FAULTS_MIN + 1));
  const faults = Array.from({ length: count }, () => {
    const atS = Math.round((0.5 + random() * (SECONDS - LAST_BEFORE_END_S - 0.5)) * 10) / 10;
    return pick(kinds, random)(atS, random);
  });
  return {
    workers: random() < 0.5 ? 1 : 2,
    rate_per_second: 50 + Math.floor(random() * 80),
    seconds: SECONDS,
    expires_s: EXPIRES_S,
    faults: faults.sort((a, b) => a.at_s - b.at_s),
  };
}
