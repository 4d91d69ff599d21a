/**
 * Stops the process at a named step, for tests and fault runs, the n-th time the step is reached. `SLUICE_CRASH_AT=<step>:<n>` kills it
 * with SIGKILL, which runs no handler and flushes nothing: what a power cut looks like from inside. `SLUICE_STOP_AT=<step>:<n>` freezes
 * it with SIGSTOP until somebody sends SIGCONT: a machine that was paused, and wakes up late in the middle of a payment.
 */
import { STEPS, type Step, type StepProbe } from '#dispatch';

/** Where to stop: the `times`-th time that `step` is reached. */
export interface CrashPoint {
  readonly step: Step;
  readonly times: number;
}

/** What production runs. */
const passBy: StepProbe = () => undefined;

/**
 * @param text value of the variable; empty or missing: never
 * @param variable its name, for the message
 * @throws Error naming the legal steps: a fault run that stops nowhere would prove nothing
 */
export function parseCrashPoint(text: string | null | undefined, variable = 'SLUICE_CRASH_AT'): CrashPoint | null {
  if (!text) return null;
  const [name, count = '1'] = text.split(':', 2);
  const step = STEPS.find((known) => known === name);
  if (!step) throw new Error(`${variable} names no step: "${name}". Set it to <step>:<n>, one of ${STEPS.join(', ')}.`);
  if (!/^[1-9][0-9]{0,8}$/.test(count)) {
    throw new Error(`${variable}=${text}: after the colon comes how many times, a whole number from 1.`);
  }
  return { step, times: Number(count) };
}

/**
 * @param crash from parseCrashPoint: where the process is killed
 * @param stop from parseCrashPoint: where it is frozen
 * @param signal what happens there; a signal to ourselves unless a test says otherwise
 */
export function stepProbe(
  crash: CrashPoint | null,
  stop: CrashPoint | null = null,
  signal: (name: 'SIGKILL' | 'SIGSTOP') => void = signalSelf,
): StepProbe {
  if (!crash && !stop) return passBy;
  const killAt = countdown(crash, () => signal('SIGKILL'));
  const freezeAt = countdown(stop, () => signal('SIGSTOP'));
  return (step) => {
    freezeAt(step);
    killAt(step);
  };
}

function countdown(point: CrashPoint | null, act: () => void): StepProbe {
  if (!point) return passBy;
  let left = point.times;
  return (step) => {
    if (step !== point.step) return;
    left -= 1;
    if (left === 0) act();
  };
}

function signalSelf(name: 'SIGKILL' | 'SIGSTOP'): void {
  process.kill(process.pid, name);
  // The signal arrives within the call on Linux. Should SIGKILL not, nothing of the next step may happen.
  if (name === 'SIGKILL') for (;;);
}
