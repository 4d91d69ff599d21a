// What an earlier run left behind when its supervisor was killed: ended in the order of a normal
// stop, and only what is provably ours.
// @ts-check
'use strict';
const fs = require('node:fs');
const { runFile } = require('./paths.cjs');
const { readRunFile } = require('./run-file.cjs');
const { isStillThere } = require('./process-identity.cjs');
const { stopProcess } = require('./stop-process.cjs');
const { productOrder } = require('./product-programs.cjs');

/** Everything, in the order in which it is ended. */
const stopOrder = ['compiler', ...productOrder, 'redis', 'postgres'];
/** As for a normal stop of the slowest one, PostgreSQL. */
const BOUND_MS = 30_000;

/**
 * @param {(text: string) => void} say
 * @returns {Promise<number>} how many were still running
 */
async function endLeftovers(say) {
  const run = readRunFile();
  if (!run) return 0;
  const alive = run.processes.filter((record) => isStillThere(record));
  for (const name of stopOrder) {
    for (const record of alive.filter((each) => each.name === name)) {
      const signal = name === 'postgres' ? 'SIGINT' : 'SIGTERM';
      const how = await stopProcess(record, { signal, boundMs: BOUND_MS });
      say(`${name} (pid ${record.pid}) was left by an earlier run: ${how}`);
    }
  }
  fs.rmSync(runFile, { force: true });
  return alive.length;
}

module.exports = { endLeftovers, stopOrder };
