// `npm start`: build what changed, bring everything up, say where it is; then stay in the foreground
// until Ctrl-C, or (--detach) leave it to a supervisor of its own and return.
// @ts-check
'use strict';
const paths = require('./paths.cjs');
const { reporter } = require('./report.cjs');
const { withLock } = require('./lock.cjs');
const { buildWhatChanged } = require('./build.cjs');
const { readRunFile, isSupervised } = require('./run-file.cjs');
const { untilReady } = require('./health.cjs');
const { endLeftovers } = require('./leftovers.cjs');
const { welcome } = require('./welcome.cjs');
const { serve } = require('./serve.cjs');
const { leaveRunning, supervise } = require('./detached.cjs');

const HELP = `npm start [-- options]

  Installs, builds, brings up PostgreSQL and Redis, migrates, starts the bank simulator, the
  orchestrator and a worker, and says where everything is. Ctrl-C drains and stops it all.

  --detach   return when it is ready; npm stop ends it
  --watch    build and start again what changes (npm run dev)
  --help     this

  PORT=3000          port of the public API      HOST=127.0.0.1     where it listens
  DATABASE_URL=…     a PostgreSQL of yours       REDIS_URL=…        a Redis of yours
  LOG_LEVEL=info     of all processes            SLUICE_SITE=a      name of this site
`;

/**
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
async function start(args) {
  const wrong = args.find((arg) => !['--detach', '--watch', '--help', '--supervise'].includes(arg));
  if (wrong !== undefined || args.includes('--help')) {
    if (wrong !== undefined) process.stderr.write(`npm start does not know "${wrong}".\n\n`);
    process.stdout.write(HELP);
    return wrong === undefined ? 0 : 2;
  }
  const watch = args.includes('--watch');
  if (args.includes('--supervise')) return supervise(watch);

  const begun = Date.now();
  const report = reporter();
  const detached = args.includes('--detach');
  // Held until it is ready: a second start at the same moment then finds it running.
  const { done } = await withLock(paths.startLock, report.note, async () => {
    const already = await runningAlready();
    if (already) {
      report.note(`already running since ${already.started_at} (npm stop ends it)`);
      process.stdout.write(welcome(already, { detached: true }));
      return { done: Promise.resolve(0) };
    }
    await endLeftovers(report.note);
    await withLock(paths.setupLock, report.note, () => buildWhatChanged(report));
    const serving = detached ? { up: leaveRunning(watch), done: Promise.resolve(0) } : serve({ watch, report });
    // A start that failed is reported after everything that it had started has ended.
    const run = await serving.up.catch(async (error) => {
      await serving.done;
      throw error;
    });
    if (run) {
      report.note(`ready after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      process.stdout.write(welcome(run, { detached }));
    }
    return { done: serving.done };
  });
  return done;
}

async function runningAlready() {
  const run = readRunFile();
  if (run === undefined || !isSupervised(run)) return undefined;
  const api = run.urls.api;
  if (run.state !== 'ready' || api === undefined) {
    throw new Error(`Another run (pid ${run.supervisor.pid}) is ${run.state}. Wait for it, or end it with npm stop.`);
  }
  await untilReady('The API', api, () => isSupervised(run));
  return run;
}

module.exports = { start };
