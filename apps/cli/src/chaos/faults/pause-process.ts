/**
 * SIGSTOP for a while, at any moment: a long pause of the machine, and for everybody who waits on that process the same as an event loop
 * that stands still. 35 s is longer than the lock of a queue's job.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { between, type FaultKind, happened, notSeen, pick } from '../fault';
import { isStopped } from './process-state';

export const pauseProcess: FaultKind = {
  name: 'pause-process',
  what: '`process` (an engine too) is frozen with SIGSTOP for `for_s` seconds',
  draw: (atS, random) => ({
    fault: 'pause-process',
    at_s: atS,
    process: pick(['worker', 'worker_2', 'orchestrator', 'bank_simulator', 'redis', 'postgres'], random),
    for_s: between(1, 7, random),
  }),
  inject({ process = 'worker', for_s: forS = 5 }, { product, keeper, bankPauses }) {
    return keeper.inTurn(process, async () => {
      if (!product.place.processes.includes(process)) return happened(`no ${process} in this run; nothing to freeze`);
      const pid = await keeper.running(process);
      // PostgreSQL is a family of processes; the others are one.
      const family = process === 'postgres';
      const fromMs = Date.now();
      const frozen = await product.signal(process, 'SIGSTOP', family);
      await sleep(forS * 500);
      const stood = isStopped(pid);
      await sleep(forS * 500);
      await product.signal(process, 'SIGCONT', family);
      if (process === 'bank_simulator') bankPauses.push({ fromMs, untilMs: Date.now() });
      return stood
        ? happened(`${frozen} processes of ${process} stood still for ${forS} s`)
        : notSeen(`${process} went on`);
    });
  },
};
