// `npm start -- --detach`: a supervisor in a session of its own runs the product and tells us, over
// a channel that is closed when it is ready, what it is doing.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { fork } = require('node:child_process');
const paths = require('./paths.cjs');
const { reporter } = require('./report.cjs');
const { openLog, tail } = require('./log-file.cjs');
const { serve } = require('./serve.cjs');

const logFile = path.join(paths.logs, 'supervisor.log');

/** @typedef {{ line?: string, ready?: import('./run-file.cjs').RunFile, failed?: string }} News  from the supervisor */

/**
 * @param {boolean} watch
 * @returns {Promise<import('./run-file.cjs').RunFile>} once it is ready
 */
function leaveRunning(watch) {
  const log = openLog(logFile);
  const args = ['--supervise', ...(watch ? ['--watch'] : [])];
  const child = fork(path.join(paths.root, 'scripts', 'start.cjs'), args, {
    cwd: paths.root,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, SLUICE_INSTALLED: '1' },
  });
  fs.closeSync(log);
  const passOn = () => child.kill('SIGTERM');
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  return new Promise((resolve, reject) => {
    let why = '';
    child.on('message', (/** @type {News} */ news) => {
      if (news.line !== undefined) process.stderr.write(`${news.line}\n`);
      if (news.failed !== undefined) why = news.failed;
      if (news.ready) {
        process.removeListener('SIGINT', passOn).removeListener('SIGTERM', passOn);
        child.removeAllListeners('exit');
        child.disconnect();
        child.unref();
        resolve(news.ready);
      }
    });
    child.once('error', reject);
    child.once('exit', () =>
      reject(new Error(why || `The start was ended. The end of ${logFile}:\n${tail(logFile, 15)}`)),
    );
  });
}

/**
 * The supervisor itself.
 * @param {boolean} watch
 * @returns {Promise<number>}
 */
async function supervise(watch) {
  const tell = (/** @type {News} */ news) =>
    new Promise((told) => {
      if (process.connected) process.send?.(news, undefined, undefined, told);
      else told(undefined);
    });
  // Whoever waits for us may be killed: that is no reason to stop.
  process.on('error', () => undefined);
  const report = reporter((line) => {
    process.stdout.write(`${new Date().toISOString()} ${line.trim()}\n`);
    void tell({ line });
  });
  const serving = serve({ watch, report });
  try {
    const ready = await serving.up;
    if (ready) await tell({ ready });
    return await serving.done;
  } catch (error) {
    await serving.done.catch(() => undefined);
    const failed = /** @type {Error} */ (error).message;
    process.stdout.write(`${new Date().toISOString()} ${failed}\n`);
    await tell({ failed });
    return 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}

module.exports = { leaveRunning, supervise };
