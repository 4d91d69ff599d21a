// Stays with a run until somebody asks it to stop.
// @ts-check
'use strict';
const fs = require('node:fs');
const { runFile } = require('./paths.cjs');
const { Run } = require('./run.cjs');

/** npm passes Ctrl-C on to a process that the terminal has already told; a person's second one comes later. */
const SAME_WISH_MS = 1_000;
/** Often enough that nobody waits for it, rare enough to cost nothing. */
const LOOK_EVERY_MS = 2_000;

/**
 * @typedef {object} Serving
 * @property {Promise<import('./run-file.cjs').RunFile | undefined>} up  undefined: asked to stop before it was up
 * @property {Promise<number>} done  the exit code, once everything has ended; rejects if the start failed
 */

/**
 * @param {{ watch: boolean, report: import('./report.cjs').Report }} how
 * @returns {Serving}
 */
function serve({ watch, report }) {
  const run = new Run(report);
  const asked = untilAsked(run, report);
  const up = Promise.race([run.bringUp({ watch }), asked]);
  const done = up
    .then(() => Promise.race([asked, untilForgotten(report)]))
    .then(() => run.end())
    .then(
      () => 0,
      async (error) => {
        await run.end();
        throw error;
      },
    );
  done.catch(() => undefined);
  return { up, done };
}

/**
 * Somebody removed `.data/`: then nobody can find or stop this run any more, so it ends by itself.
 * @param {import('./report.cjs').Report} report
 * @returns {Promise<undefined>}
 */
function untilForgotten(report) {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (fs.existsSync(runFile)) return;
      clearInterval(timer);
      report.note(`${runFile} was removed: stopping`);
      resolve(undefined);
    }, LOOK_EVERY_MS).unref();
  });
}

/**
 * @param {InstanceType<typeof Run>} run
 * @param {import('./report.cjs').Report} report
 * @returns {Promise<undefined>} when the first signal has come; another one later ends everything at once
 */
function untilAsked(run, report) {
  // A terminal that was closed takes our words no more; that must not end us before the others.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return new Promise((resolve) => {
    let first = 0;
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        if (first === 0) {
          first = Date.now();
          report.note('stopping: what is under way may end (once more to end it now)');
          resolve(undefined);
        } else if (Date.now() - first > SAME_WISH_MS) {
          run.endNow();
          process.exit(1);
        }
      });
    }
  });
}

module.exports = { serve };
