// `npm stop`: ends what runs in this checkout, also what a killed supervisor left behind.
// @ts-check
'use strict';
const fs = require('node:fs');
const paths = require('./paths.cjs');
const { reporter } = require('./report.cjs');
const { readJson } = require('./json-file.cjs');
const { readRunFile, isSupervised } = require('./run-file.cjs');
const { stopProcess } = require('./stop-process.cjs');
const { endLeftovers } = require('./leftovers.cjs');

/** Three drains of 15 s, Redis 10 s, PostgreSQL 30 s, all at their worst, and a little. */
const BOUND_MS = 95_000;

const HELP = `npm stop [-- --wipe]

  Drains and ends what npm start started in this checkout, and nothing else.

  --wipe   remove its data too: the database, the banks' ledgers, the keys (.data/)
`;

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
async function stop(args) {
  const wrong = args.find((arg) => !['--wipe', '--help'].includes(arg));
  if (wrong !== undefined || args.includes('--help')) {
    if (wrong !== undefined) process.stderr.write(`npm stop does not know "${wrong}".\n\n`);
    process.stdout.write(HELP);
    return wrong === undefined ? 0 : 2;
  }
  const report = reporter();
  const run = readRunFile();
  if (run && isSupervised(run)) {
    await report.step('stopped', async (detail) => {
      const how = await stopProcess(run.supervisor, { boundMs: BOUND_MS });
      if (how !== 'stopped') detail(`its supervisor did not end by itself: ${how}`);
    });
    await endLeftovers(report.note);
  } else if ((await endLeftovers(report.note)) === 0) {
    report.note('nothing of this checkout is running');
  }
  if (args.includes('--wipe')) wipe(report);
  return 0;
}

/** @param {import('./report.cjs').Report} report */
function wipe(report) {
  const elsewhere = readJson(paths.locationFile)?.postgres;
  for (const folder of [elsewhere, paths.data]) {
    if (folder === undefined || !fs.existsSync(folder)) continue;
    fs.rmSync(folder, { recursive: true, force: true });
    report.note(`removed ${folder}`);
  }
}

module.exports = { stop };
