// What is each signal of the limiter for? For each a trial on a named bank that gets worse without it. A signal whose trial does not
// get worse has no place in the limiter.
import type { LimiterSignals } from '#policy';
import type { BankCapacityConfig } from '../bank-capacity-config';
import { type BankModel, bankModel } from './bank-models';
import { runLimiterTrial } from './run-limiter-trial';
import { type Goodput, goodputOf } from './trial-measures';
import { timeoutFor, type TrialScript } from './trial-script';
import { sluiceLimiter } from './trial-limiter';

export interface SignalTrial {
  readonly signal: keyof LimiterSignals;
  /** What happens, in a sentence. */
  readonly story: string;
  /** What is read off it. */
  readonly measure: string;
  readonly better: 'more' | 'less';
  readonly script: TrialScript;
  readonly fromMs: number;
  readonly read: (goodput: Goodput) => number;
}

const MINUTE_MS = 60_000;
const HALF_MINUTE_MS = 30_000;

/** Small ones and a low ceiling: without a signal the limit goes up to it, and each call and refusal costs the trial time. */
const CEILING = 200;
const MIDDLE_BANK = bankModel('middle', { slots: 80, meanMs: 250 });
const SMALL_BANK = bankModel('small', { slots: 40, meanMs: 250 });
const BUSY_BANK = bankModel('busy without queue', { slots: 40, meanMs: 250, queueLimit: 0 });

function scriptOf(model: BankModel, changes: readonly { atMs: number; bank: BankCapacityConfig }[] = []): TrialScript {
  return {
    bank: model.bank,
    changes,
    durationMs: 2 * MINUTE_MS,
    load: 'saturated',
    initial: 10,
    ceiling: CEILING,
    timeoutMs: timeoutFor(model.bank),
  };
}

/** The middle bank with a longer way: latency without a queue. */
function further(extraMs: number): BankCapacityConfig {
  return { ...MIDDLE_BANK.bank, answerDelayMs: MIDDLE_BANK.bank.answerDelayMs + extraMs };
}

/** The way gets longer by a twentieth of the service time every five seconds: too little at a time to look like a cut. */
const SLOWLY_FURTHER = Array.from({ length: 16 }, (_, step) => ({
  atMs: 30_000 + step * 5_000,
  bank: further(12 * (step + 1)),
}));

export const SIGNAL_TRIALS: readonly SignalTrial[] = [
  {
    signal: 'delay',
    story: 'a bank with a long queue and more payments than it can take',
    measure: 'queue inside the bank, in parts of its slots',
    better: 'less',
    script: { ...scriptOf(SMALL_BANK), durationMs: 2 * HALF_MINUTE_MS },
    fromMs: HALF_MINUTE_MS,
    read: ({ bankQueue }) => bankQueue,
  },
  {
    signal: 'busy',
    story: 'a bank without a queue, which refuses what it cannot work on',
    measure: 'share of busy answers',
    better: 'less',
    script: { ...scriptOf(BUSY_BANK), durationMs: 2 * HALF_MINUTE_MS },
    fromMs: HALF_MINUTE_MS,
    read: ({ busyShare }) => busyShare,
  },
  {
    signal: 'veto',
    story: 'the way to the bank becomes a service time longer, at once and for good',
    measure: 'goodput in the half minute after',
    better: 'more',
    script: {
      ...scriptOf(MIDDLE_BANK, [{ atMs: MINUTE_MS, bank: further(250) }]),
      durationMs: MINUTE_MS + HALF_MINUTE_MS,
    },
    fromMs: MINUTE_MS,
    read: ({ share }) => share,
  },
  {
    signal: 'ceiling',
    story: 'a bank without a queue, which refuses what it cannot work on',
    measure: 'share of busy answers',
    better: 'less',
    script: { ...scriptOf(BUSY_BANK), durationMs: 2 * HALF_MINUTE_MS },
    fromMs: HALF_MINUTE_MS,
    read: ({ busyShare }) => busyShare,
  },
  {
    signal: 'probe',
    story: 'the way to the bank becomes longer little by little',
    measure: 'goodput meanwhile',
    better: 'more',
    script: scriptOf(MIDDLE_BANK, SLOWLY_FURTHER),
    fromMs: MINUTE_MS,
    read: ({ share }) => share,
  },
];

/** The trial with all signals, and without the one it is about. */
export function runSignalTrial(trial: SignalTrial, seed: number): { readonly whole: number; readonly without: number } {
  const readWith = (signals: Partial<LimiterSignals>): number => {
    const trace = runLimiterTrial(trial.script, sluiceLimiter(signals), seed);
    return trial.read(goodputOf(trace, trial.fromMs, trial.script.durationMs));
  };
  return { whole: readWith({}), without: readWith({ [trial.signal]: false }) };
}
