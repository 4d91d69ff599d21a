/** Every kind of fault we know how to inject, by name. */
import type { FaultKind } from './fault';
import { bankOutage, bankTrouble } from './faults/bank-faults';
import { clockJump } from './faults/clock-jump';
import { crashAtStep } from './faults/crash-at-step';
import { freezeAtStep } from './faults/freeze-at-step';
import { killProcess } from './faults/kill-process';
import { pauseProcess } from './faults/pause-process';
import { poisonRow } from './faults/poison-row';
import { postgresDiskFull } from './faults/postgres-disk-full';
import { postgresRestart, postgresTerminate } from './faults/postgres-faults';
import { receiverTrouble } from './faults/receiver-trouble';
import { redisEmpty, redisFlush, redisFull, redisGone } from './faults/redis-faults';

export const FAULT_KINDS: ReadonlyMap<string, FaultKind> = new Map(
  [
    killProcess,
    crashAtStep,
    freezeAtStep,
    pauseProcess,
    redisFlush,
    redisEmpty,
    redisFull,
    redisGone,
    postgresRestart,
    postgresTerminate,
    postgresDiskFull,
    bankTrouble,
    bankOutage,
    receiverTrouble,
    clockJump,
    poisonRow,
  ].map((kind) => [kind.name, kind]),
);

/** @throws naming those there are */
export function faultKind(name: string): FaultKind {
  const kind = FAULT_KINDS.get(name);
  if (kind === undefined)
    throw new Error(`There is no fault ${name}; there are ${[...FAULT_KINDS.keys()].join(', ')}.`);
  return kind;
}
