/** How much processor time does a call take? Counted for this thread alone, so that a busy machine makes no call look dear. */

const nowUs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** Rounds of a measurement: the median is not moved by one collection. */
const ROUNDS = 5;

/** Calls in rounds of so many seconds, after one that is not counted. @returns µs of each call, by round */
export function timeCalls(seconds: number, call: () => unknown): number[] {
  const micros: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const untilMs = performance.now() + (seconds * 1_000) / ROUNDS;
    const begunUs = nowUs();
    let calls = 0;
    while (performance.now() < untilMs) {
      // Looking at the clock costs as much as a small call: once for eight.
      for (let each = 0; each < 8; each += 1) call();
      calls += 8;
    }
    if (round > 0) micros.push((nowUs() - begunUs) / calls);
  }
  return micros;
}

/** @returns what the work handed back, and its processor time, s */
export function timeOnce<T>(work: () => T): { readonly result: T; readonly seconds: number } {
  const begunUs = nowUs();
  const result = work();
  return { result, seconds: (nowUs() - begunUs) / 1_000_000 };
}
