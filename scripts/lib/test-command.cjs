// `npm test` and its parts. Everything after the part is jest's: `npm test -- libs/queue -t flushall`.
// @ts-check
'use strict';
const path = require('node:path');
const { spawn } = require('node:child_process');
const paths = require('./paths.cjs');
const { reporter } = require('./report.cjs');
const { withLock } = require('./lock.cjs');
const { buildWhatChanged } = require('./build.cjs');

/** All tests take minutes; one that hangs must not hold the machine, and `.ci/run` has 25 minutes for everything. */
const BOUND_MS = 18 * 60_000;
const PARTS = ['unit', 'integration', 'e2e'];

/**
 * @param {string[]} args  optionally a part first, then jest's own
 * @returns {Promise<number>} exit code
 */
async function test(args) {
  const part = args[0] !== undefined && PARTS.includes(args[0]) ? args[0] : undefined;
  const rest = part === undefined ? args : args.slice(1);
  const report = reporter();
  // Unit tests read the sources; the others start the built product.
  if (part !== 'unit') await withLock(paths.setupLock, report.note, () => buildWhatChanged(report));
  // Last, since jest takes every bare word after it for another project.
  return jest([...forCi(), ...rest, ...(part === undefined ? [] : ['--selectProjects', part])]);
}

/** `.ci/run` counts from jest's own record, not from what it prints. */
function forCi() {
  const folder = process.env.SLUICE_RESULTS;
  return folder ? ['--json', `--outputFile=${path.join(folder, 'jest.json')}`] : [];
}

/**
 * @param {string[]} args
 * @returns {Promise<number>}
 */
function jest(args) {
  const entry = path.join('node_modules', 'jest', 'bin', 'jest.js');
  // Its own machine-readable output goes to a file; the report that people read is on stderr.
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = process.env.SLUICE_RESULTS ? ['ignore', 'ignore', 'inherit'] : 'inherit';
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', entry, ...args],
    {
      cwd: paths.root,
      stdio,
      timeout: BOUND_MS,
    },
  );
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal) process.stderr.write(`\njest was ended by ${signal} (tests have ${BOUND_MS / 60_000} minutes)\n`);
      resolve(code ?? 1);
    });
  });
}

module.exports = { test };
