// One at a time: two commands in one checkout must not install, build or start over each other.
// The lock is a file that names its holder; a holder that no longer runs holds nothing.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { lookUp } = require('./process-identity.cjs');
const { until } = require('./stop-process.cjs');

/** An `npm ci` over a slow line takes minutes; after fifteen something else is wrong. */
const WAIT_BOUND_MS = 15 * 60_000;

/**
 * @template T
 * @param {string} file
 * @param {(text: string) => void} say  told once if we have to wait
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(file, say, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!take(file)) {
    say(`another command (pid ${holderOf(file)?.pid ?? '?'}) is at work in this checkout; waiting for it`);
    if (!(await until(() => take(file), WAIT_BOUND_MS))) {
      throw new Error(`${file} has been held for 15 minutes by pid ${holderOf(file)?.pid}: end that process.`);
    }
  }
  const release = () => fs.rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} file */
function take(file) {
  const mine = JSON.stringify({ pid: process.pid, started: lookUp(process.pid)?.started });
  // Written beside and linked into place, so that nobody ever reads an empty lock.
  const beside = `${file}.${process.pid}`;
  fs.writeFileSync(beside, mine);
  try {
    fs.linkSync(beside, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    const holder = holderOf(file);
    const dead = holder === undefined || lookUp(holder.pid)?.started !== holder.started;
    if (dead) fs.rmSync(file, { force: true });
    return false;
  } finally {
    fs.rmSync(beside, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {{ pid: number, started: string } | undefined}
 */
function holderOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

module.exports = { withLock };
