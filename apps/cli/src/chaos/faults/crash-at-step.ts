/** `kill -9` at a named step: between the commit and the send, between the answer and its commit, and everywhere else. */
import { STEPS, type Step } from '#dispatch';
import { type FaultKind, happened, notSeen, pick } from '../fault';
import type { ProcessName } from '../private-product';

/** Which process reaches the step. */
export function processOf(step: Step): ProcessName {
  return step.startsWith('accept.') ? 'orchestrator' : 'worker';
}

/** Few payments are undone or given back in twenty seconds: a later time than these is hardly reached (chaos, random, seed 17). */
function isRare(step: Step): boolean {
  return step.startsWith('reverse.') || step.startsWith('refund.');
}

export const crashAtStep: FaultKind = {
  name: 'crash-at-step',
  what: 'the process that reaches `step` is killed with SIGKILL there, the `times`-th time',
  draw: (atS, random) => {
    const step = pick(STEPS, random);
    return { fault: 'crash-at-step', at_s: atS, step, times: 1 + Math.floor(random() * (isRare(step) ? 4 : 30)) };
  },
  inject({ step = 'dispatch.committed', times = 1, process = processOf(step) }, { keeper, loadEnds }) {
    return keeper.inTurn(process, async () => {
      const { pid, how } = await keeper.untilItEnds(process, { SLUICE_CRASH_AT: `${step}:${times}` }, loadEnds);
      if (how === 'SIGKILL') return happened(`${process} ${pid} died at ${step}, time ${times}`);
      // Disarmed, or it would go off after the faults are over.
      await keeper.takeDown(process);
      await keeper.bringBack(process);
      return notSeen(how === null ? `${process} did not reach ${step} ${times} times` : `${process} ended with ${how}`);
    });
  },
};
