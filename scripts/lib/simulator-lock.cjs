// The bank simulator locks its books with its process number. After a `kill -9` that number may be a
// zombie that nobody has reaped yet, or may by now be another program's; the simulator cannot tell
// and would refuse to start. We know its command line, so we can.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { lookUp } = require('./process-identity.cjs');

/**
 * Removes the lock unless a simulator holds it.
 * @param {string} folder  of the books
 * @param {string} entry   the simulator's script
 */
function removeDeadLock(folder, entry) {
  const lock = path.join(folder, 'simulator.pid');
  if (!fs.existsSync(lock)) return;
  const holder = lookUp(Number(fs.readFileSync(lock, 'utf8')));
  if (!holder?.command.includes(entry)) fs.rmSync(lock, { force: true });
}

module.exports = { removeDeadLock };
