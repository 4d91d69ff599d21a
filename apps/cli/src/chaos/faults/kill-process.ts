/** `kill -9` at any moment: a power cut, the kernel's out-of-memory killer, a careless operator. */
import { setTimeout as sleep } from 'node:timers/promises';
import { between, type FaultKind, happened, notSeen, pick } from '../fault';

export const killProcess: FaultKind = {
  name: 'kill-process',
  what: '`process` is killed with SIGKILL; it is started again at once, or after `for_s` seconds',
  draw: (atS, random) => ({
    fault: 'kill-process',
    at_s: atS,
    process: pick(['worker', 'worker', 'worker_2', 'orchestrator', 'bank_simulator'], random),
    for_s: pick([0, 0, between(0.5, 5, random)], random),
  }),
  inject({ process = 'worker', for_s: forS = 0 }, { product, keeper }) {
    return keeper.inTurn(process, async () => {
      if (!product.place.processes.includes(process)) return happened(`no ${process} in this run; nothing to kill`);
      const pid = await keeper.takeDown(process);
      await sleep(forS * 1_000);
      const next = await keeper.bringBack(process);
      const how = keeper.ends.find((end) => end.pid === pid)?.how;
      return pid !== null && how === 'SIGKILL'
        ? happened(`${process} ${pid} died of SIGKILL; ${next} followed`)
        : notSeen(`${process} was not running`);
    });
  },
};
