// Brings the whole product up on given databases: migrate, banks, seed, API and worker. Used by
// `npm start` and, through libs/testing, by the end-to-end tests.
// @ts-check
'use strict';
const { productPrograms } = require('./product-programs.cjs');
const { runOnce } = require('./run-once.cjs');
const { untilReady } = require('./health.cjs');
const { withLog } = require('./databases.cjs');

/**
 * @param {import('./product-programs.cjs').ProductWish & { supervisor: import('./supervisor.cjs').RunningSupervisor, report: import('./report.cjs').Report, prepare?: () => Promise<void> }} wish
 *   prepare: what is to be done to the seeded database before anybody reads it
 * @returns {Promise<{ urls: Record<'api' | 'worker' | 'bank_simulator', string>, seeded: Record<string, any> }>}
 *   `seeded` is what the seed says it made: tokens, merchants
 */
async function bringUpProduct(wish) {
  const { supervisor, report, ports } = wish;
  const { programs, urls, cli } = productPrograms(wish);
  /**
   * @param {string} name
   * @param {string} url
   */
  const up = async (name, url) => {
    const program = /** @type {import('./program.cjs').Program} */ (programs[name]);
    await supervisor.start(program);
    await withLog(
      program.logFile,
      untilReady(name.replace('_', ' '), url, () => supervisor.isAlive(name)),
    );
  };
  const [, seeded] = await Promise.all([
    report.step('bank simulator', async (detail) => {
      await up('bank_simulator', urls.bank_simulator);
      detail(`on 127.0.0.1:${ports.bank_simulator}`);
    }),
    report.step('database migrated and seeded', async () => {
      await runOnce(cli('migrate', ['migrate']));
      const seed = lastJson(await runOnce(cli('seed', ['seed'])));
      await wish.prepare?.();
      return seed;
    }),
  ]);
  await Promise.all([
    report.step('orchestrator', async (detail) => {
      await up('orchestrator', urls.api);
      detail(`on ${wish.host}:${ports.orchestrator}`);
    }),
    report.step('worker', async (detail) => {
      await up('worker', urls.worker);
      detail(`on 127.0.0.1:${ports.worker}`);
    }),
  ]);
  return { urls, seeded };
}

/**
 * The seed's answer is its last line of JSON; log lines may stand before it.
 * @param {string} output
 * @returns {Record<string, any>}
 */
function lastJson(output) {
  for (const line of output.trim().split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    try {
      return JSON.parse(line);
    } catch {
      continue;
    }
  }
  return {};
}

module.exports = { bringUpProduct };
