/**
 * What each worker may do by itself, also while nobody can be asked: parts of the whole that add up to no more than the whole. Half is
 * shared evenly, for a worker that was idle may get work; half follows who sends.
 */
import { shareOutAll } from '../lease/share-out';
import type { LaneLimit, Operation, WorkerLease } from './words';

export interface WorkerUse {
  readonly workerId: string;
  readonly startsPerSecond: number;
}

export function leaseWorkers(
  workers: readonly WorkerUse[],
  limits: Readonly<Record<Operation, LaneLimit>>,
  ratePerSecond: number,
): Readonly<Record<string, WorkerLease>> {
  const even = workers.map(() => Infinity);
  const rates = shareOutAll(ratePerSecond, wantsOf(workers, ratePerSecond));
  const pay = shareOutAll(limits.pay.effective, wantsOf(workers, limits.pay.effective));
  const inquiry = shareOutAll(limits.inquiry.effective, even);
  const givingBack = shareOutAll(limits.giving_back.effective, even);
  return Object.fromEntries(
    workers.map(({ workerId }, place): [string, WorkerLease] => [
      workerId,
      {
        inFlight: { pay: pay[place]!, inquiry: inquiry[place]!, giving_back: givingBack[place]! },
        ratePerSecond: rates[place]!,
      },
    ]),
  );
}

/** Up to twice one's even part, by how much one sends. */
function wantsOf(workers: readonly WorkerUse[], whole: number): readonly number[] {
  const total = workers.reduce((sum, { startsPerSecond }) => sum + startsPerSecond, 0);
  if (total <= 0) return workers.map(() => Infinity);
  return workers.map(({ startsPerSecond }) => whole * (0.5 / workers.length + (0.5 * startsPerSecond) / total));
}
