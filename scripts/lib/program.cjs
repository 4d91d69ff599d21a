// A program that we run beside us: what to start, how to know it again, how to end it.
// @ts-check
'use strict';
const fs = require('node:fs');
const { spawn } = require('node:child_process');
const { openLog } = require('./log-file.cjs');

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} file
 * @property {string} [argv0]
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {string} cwd
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {string[]} signs    its command line holds one of these
 * @property {string} logFile
 * @property {() => Promise<void>} [beforeStart]
 * @property {{ signal: NodeJS.Signals, boundMs: number }} stop
 */

/**
 * Starts it in a process group of its own: the terminal's Ctrl-C must not reach it before we have
 * ended the processes that depend on it.
 * @param {Program} program
 * @returns {import('node:child_process').ChildProcess}
 */
function launch(program) {
  const log = openLog(program.logFile);
  try {
    const { file, args, argv0, env, cwd, uid, gid } = program;
    return spawn(file, args, { argv0, env, cwd, uid, gid, stdio: ['ignore', log, log], detached: true });
  } finally {
    fs.closeSync(log);
  }
}

module.exports = { launch };
