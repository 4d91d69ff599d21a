/**
 * Stops the process at a named step, for tests and fault runs: `SLUICE_CRASH_AT=<step>:<n>` kills it, with SIGKILL, the n-th time
 * the step is reached. SIGKILL runs no handler and flushes nothing, which is what a power cut looks like from inside.
 */
import { STEPS, type Step, type StepProbe } from '#dispatch';

/** Where to die: the `times`-th time that `step` is reached. */
export interface CrashPoint {
  readonly step: Step;
  readonly times: number;
}

/** What production runs. */
const passBy: StepProbe = () => undefined;

/**
 * @param text value of SLUICE_CRASH_AT; empty or missing: never crash
 * @throws Error naming the legal steps: a fault run that stops nowhere would prove nothing
 */
export function parseCrashPoint(text: string | undefined): CrashPoint | null {
  if (!text) return null;
  const [name, count = '1'] = text.split(':', 2);
  const step = STEPS.find((known) => known === name);
  if (!step)
    throw new Error(`SLUICE_CRASH_AT names no step: "${name}". Set it to <step>:<n>, one of ${STEPS.join(', ')}.`);
  if (!/^[1-9][0-9]{0,8}$/.test(count)) {
    throw new Error(`SLUICE_CRASH_AT=${text}: after the colon comes how many times, a whole number from 1.`);
  }
  return { step, times: Number(count) };
}

/**
 * @param point from parseCrashPoint
 * @param die what happens there; SIGKILL to ourselves unless a test says otherwise
 */
export function stepProbe(point: CrashPoint | null, die: () => void = killSelf): StepProbe {
  if (!point) return passBy;
  let left = point.times;
  return (step) => {
    if (step !== point.step) return;
    left -= 1;
    if (left === 0) die();
  };
}

function killSelf(): void {
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives within the call on Linux. Should it not, nothing of the next step may happen.
  for (;;);
}
