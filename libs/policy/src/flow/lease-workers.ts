/**
 * What each worker may do by itself, also while nobody can be asked: parts of the whole that add up to no more than the whole. Half is
 * shared evenly, for a worker that was idle may get work; half follows who sends.
 */
import { shareOutAll } from '../lease/share-out';
import type { RateWorker } from '../rate/rate-shares';
import type { LaneLimit, Operation, WorkerLease } from './words';

export interface WorkerUse extends Omit<RateWorker, 'wanted'> {
  readonly startsPerSecond: number;
}

/** @param pay payments each may have under way @param rates what each may send in any second (both from rate-shares.ts) */
export function leaseWorkers(
  all: readonly WorkerUse[],
  limits: Readonly<Record<Exclude<Operation, 'pay'>, LaneLimit>>,
  pay: Readonly<Record<string, number>>,
  rates: Readonly<Record<string, number>>,
): Readonly<Record<string, WorkerLease>> {
  const workers = all.filter(({ heard }) => heard);
  const even = workers.map(() => Infinity);
  const inquiry = shareOutAll(limits.inquiry.effective, even);
  const givingBack = shareOutAll(limits.giving_back.effective, even);
  return Object.fromEntries(
    workers.map(({ workerId }, place): [string, WorkerLease] => [
      workerId,
      {
        inFlight: { pay: pay[workerId] ?? 0, inquiry: inquiry[place]!, giving_back: givingBack[place]! },
        ratePerSecond: rates[workerId] ?? 0,
      },
    ]),
  );
}

/** Up to twice one's even part, by how much one sends. */
export function wantsOf(workers: readonly WorkerUse[], whole: number): readonly RateWorker[] {
  const heard = workers.filter((worker) => worker.heard);
  const total = heard.reduce((sum, { startsPerSecond }) => sum + startsPerSecond, 0);
  return workers.map(({ startsPerSecond, ...worker }) => ({
    ...worker,
    wanted: total > 0 ? whole * (0.5 / heard.length + (0.5 * startsPerSecond) / total) : Infinity,
  }));
}
