// Runs a program to its end, its output in its log, and gives back what it wrote this time.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');

/** A migration over a large journal takes minutes; on an empty one it is a second. */
const BOUND_MS = 10 * 60_000;
/** A seed answers with a few kilobytes; more is kept in the log only. */
const KEPT_BYTES = 1024 * 1024;

/**
 * @param {import('./program.cjs').Program} program
 * @returns {Promise<string>} its standard output
 */
function runOnce(program) {
  return new Promise((resolve, reject) => {
    fs.mkdirSync(path.dirname(program.logFile), { recursive: true });
    const { env, cwd } = program;
    const child = spawn(program.file, program.args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: BOUND_MS });
    const endWithUs = () => child.kill();
    process.once('exit', endWithUs);
    let output = '';
    let all = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      fs.appendFileSync(program.logFile, chunk, { mode: 0o600 });
      if (all.length < KEPT_BYTES) all += chunk;
    };
    child.stdout.on('data', (chunk) => {
      keep(chunk);
      if (output.length < KEPT_BYTES) output += chunk;
    });
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.removeListener('exit', endWithUs);
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${program.name} failed (${signal ?? `exit code ${code}`}), log ${program.logFile}:\n${all.slice(-4_000)}`,
          ),
        );
    });
  });
}

module.exports = { runOnce };
