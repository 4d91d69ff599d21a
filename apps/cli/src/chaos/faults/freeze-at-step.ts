/**
 * SIGSTOP at a named step: the machine was paused between the commit and the send, and wakes up late. Nothing that is older than its
 * `send_by` may leave then; the run holds the banks' receipts against it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { between, type FaultKind, happened, notSeen, pick } from '../fault';
import { processOf } from './crash-at-step';
import { isStopped } from './process-state';

const LOOK_EVERY_MS = 50;

export const freezeAtStep: FaultKind = {
  name: 'freeze-at-step',
  what: 'the process that reaches `step` stops there (SIGSTOP), the `times`-th time, and is woken after `for_s` seconds',
  draw: (atS, random) => ({
    fault: 'freeze-at-step',
    at_s: atS,
    step: pick(
      ['accept.committed', 'dispatch.taken', 'dispatch.committed', 'dispatch.sending', 'dispatch.answered'],
      random,
    ),
    times: 1 + Math.floor(random() * 20),
    for_s: between(2.5, 8, random),
  }),
  inject(
    { step = 'dispatch.sending', times = 1, for_s: forS = 5, process = processOf(step) },
    { product, keeper, loadEnds },
  ) {
    return keeper.inTurn(process, async () => {
      const stopped = new AbortController();
      const over = AbortSignal.any([loadEnds, stopped.signal]);
      const watching = setInterval(() => keeper.pidOf(process).some(isStopped) && stopped.abort(), LOOK_EVERY_MS);
      const { pid, how } = await keeper
        .untilItEnds(process, { SLUICE_STOP_AT: `${step}:${times}` }, over)
        .finally(() => clearInterval(watching));
      if (stopped.signal.aborted) {
        await sleep(forS * 1_000);
        await product.signal(process, 'SIGCONT');
        return happened(`${process} ${pid} stood still at ${step} for ${forS} s`);
      }
      await keeper.takeDown(process);
      await keeper.bringBack(process);
      return notSeen(how === null ? `${process} did not reach ${step} ${times} times` : `${process} ended with ${how}`);
    });
  },
};
