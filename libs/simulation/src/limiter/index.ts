// Trials of limiters on banks: the figures of issue 5 that one channel by itself can show.
export * from './limiter-figures';
export * from './trial-limiter';
export * from './baselines/aimd';
export * from './baselines/gradient2';
export * from './baselines/plain-limits';
