// Ends a process that we started: asks, waits for a bounded time, then insists.
// @ts-check
'use strict';
const { isStillThere } = require('./process-identity.cjs');

/** How often we look whether it has gone: short beside a drain, cheap beside a process. */
const LOOK_EVERY_MS = 50;
/** After SIGKILL the kernel needs moments; two seconds without an end means it hangs in the kernel. */
const KILL_BOUND_MS = 2_000;

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {() => boolean} condition
 * @param {number} boundMs
 * @returns {Promise<boolean>} whether the condition came true in time
 */
async function until(condition, boundMs) {
  const end = Date.now() + boundMs;
  while (!condition()) {
    if (Date.now() >= end) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

/**
 * @param {import('./process-identity.cjs').ProcessRecord} record
 * @param {{ signal?: NodeJS.Signals, boundMs: number }} how
 * @returns {Promise<'was gone' | 'stopped' | 'killed' | 'stuck'>}
 */
async function stopProcess(record, { signal = 'SIGTERM', boundMs }) {
  const gone = () => !isStillThere(record);
  if (gone()) return 'was gone';
  send(record.pid, signal);
  if (await until(gone, boundMs)) return 'stopped';
  // The whole group: a process that hangs may have left children that nobody else will end.
  send(-record.pid, 'SIGKILL');
  send(record.pid, 'SIGKILL');
  return (await until(gone, KILL_BOUND_MS)) ? 'killed' : 'stuck';
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

module.exports = { stopProcess, until, sleep };
