// The processes of the product: which entry, which environment, where they answer.
// @ts-check
'use strict';
const path = require('node:path');
const { root } = require('./paths.cjs');
const { removeDeadLock } = require('./simulator-lock.cjs');

/** Longer than the longest thing a process waits for when asked to end: a bank's answer under its deadline. */
const DRAIN_BOUND_MS = 15_000;

/** In this order they are ended: first nothing new comes in, then what is under way ends, then the banks close. */
const productOrder = ['orchestrator', 'worker', 'bank_simulator'];

/**
 * @typedef {object} ProductWish
 * @property {string} databaseUrl
 * @property {string} redisUrl
 * @property {string} host                 where the public API listens
 * @property {Record<string, number>} ports  of orchestrator, worker, bank_simulator
 * @property {import('./secrets.cjs').Secrets} secrets
 * @property {string} data                 the simulator's ledgers go to `bank-simulator` below it
 * @property {string} logs
 * @property {NodeJS.ProcessEnv} [env]     on top of everything
 * @property {string} [build]               folder of another build than `dist`
 * @property {boolean} [watch]             start again when dist/ changes
 */

/**
 * @param {ProductWish} wish
 * @returns {{ programs: Record<string, import('./program.cjs').Program>, urls: Record<'api' | 'worker' | 'bank_simulator', string>,
 *   cli: (name: string, args: string[]) => import('./program.cjs').Program }}
 */
function productPrograms(wish) {
  const { ports, secrets } = wish;
  // "Every address" is no address to call: from here the product is at 127.0.0.1.
  const reachable = wish.host === '0.0.0.0' || wish.host === '::' ? '127.0.0.1' : wish.host;
  const urls = {
    api: `http://${reachable}:${ports.orchestrator}`,
    worker: `http://127.0.0.1:${ports.worker}`,
    bank_simulator: `http://127.0.0.1:${ports.bank_simulator}`,
  };
  const all = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    SLUICE_SITE: 'a',
    // The sandbox's receivers stand on this machine.
    SLUICE_WEBHOOK_ALLOW_PRIVATE: 'true',
    ...process.env,
    DATABASE_URL: wish.databaseUrl,
    REDIS_URL: wish.redisUrl,
    BANK_SECRET: secrets.bank_secret,
    BANK_SIMULATOR_URL: urls.bank_simulator,
    PUBLIC_URL: urls.api,
  };
  /**
   * @param {string} name
   * @param {string} app
   * @param {NodeJS.ProcessEnv} env
   * @param {string[]} [args]
   * @returns {import('./program.cjs').Program}
   */
  const program = (name, app, env, args = []) => {
    const entry = path.join(wish.build ?? path.join(root, 'dist'), 'apps', app, 'src', 'main.js');
    // Not for what runs once: it would never end.
    const watch = wish.watch && args.length === 0 ? ['--watch', '--watch-preserve-output'] : [];
    return {
      name,
      file: process.execPath,
      args: ['--enable-source-maps', ...watch, entry, ...args],
      env: { ...all, ...env, ...wish.env },
      cwd: root,
      signs: [entry],
      logFile: path.join(wish.logs, `${name.replace('_', '-')}.log`),
      stop: { signal: 'SIGTERM', boundMs: DRAIN_BOUND_MS },
    };
  };
  const books = path.join(wish.data, 'bank-simulator');
  const simulator = program('bank_simulator', 'bank-simulator', {
    BANK_SIMULATOR_PORT: String(ports.bank_simulator),
    BANK_SIMULATOR_HOST: '127.0.0.1',
    BANK_SIMULATOR_DATA: books,
  });
  const seeds = {
    SLUICE_SEED_MERCHANT_KEY: secrets.merchant_key,
    SLUICE_SEED_OTHER_MERCHANT_KEY: secrets.other_merchant_key,
    SLUICE_SEED_OPERATOR_KEY: secrets.operator_key,
  };
  return {
    urls,
    programs: {
      bank_simulator: { ...simulator, beforeStart: async () => removeDeadLock(books, simulator.signs[0] ?? '') },
      orchestrator: program('orchestrator', 'orchestrator', { PORT: String(ports.orchestrator), HOST: wish.host }),
      worker: program('worker', 'worker', { WORKER_PORT: String(ports.worker) }),
    },
    cli: (name, args) => program(name, 'cli', seeds, args),
  };
}

module.exports = { productPrograms, productOrder };
