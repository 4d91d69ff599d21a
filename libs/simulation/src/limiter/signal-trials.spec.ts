import { runSignalTrial, SIGNAL_TRIALS } from './signal-trials';

describe('each signal of the limiter earns its place', () => {
  it.each(SIGNAL_TRIALS.map((trial) => [trial.signal, trial] as const))('%s', (_, trial) => {
    const { whole, without } = runSignalTrial(trial, 1);
    const [worse, better] = trial.better === 'more' ? [without, whole] : [whole, without];
    // By a third at least: no matter of chance.
    expect(better).toBeGreaterThan(worse * 1.33);
  });
});
