import { loopDelayOf } from './loop-watch';

it("reads a process's event loop delay from its metrics, less the ticks of the probe", () => {
  const text =
    'nodejs_eventloop_lag_p90_seconds{process="worker"} 0.011\nnodejs_eventloop_lag_p99_seconds{process="worker"} 0.0348\n';
  expect(loopDelayOf(text)).toBe(25);
  expect(loopDelayOf('nodejs_eventloop_lag_p99_seconds{process="worker"} NaN\n')).toBeNull();
  expect(loopDelayOf('')).toBeNull();
});
