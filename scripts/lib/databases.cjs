// PostgreSQL and Redis for one run: those that were given, or our own.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { postgresServer } = require('./postgres-server.cjs');
const { untilPostgresAnswers, checkGivenPostgres } = require('./postgres-ready.cjs');
const { redisServer, untilRedisAnswers, checkGivenRedis } = require('./redis-server.cjs');
const { tail } = require('./log-file.cjs');
const { shortened } = require('./paths.cjs');

/**
 * @typedef {object} DatabasesWish
 * @property {import('./supervisor.cjs').RunningSupervisor} supervisor
 * @property {import('./report.cjs').Report} report
 * @property {string} data
 * @property {string} logs
 * @property {Record<string, number>} ports   of postgres and redis
 * @property {string} password
 * @property {string} [databaseUrl]           given: none of our own
 * @property {string} [redisUrl]
 * @property {number} [redisDatabases]
 */

/**
 * @param {DatabasesWish} wish
 * @returns {Promise<{ postgres_url: string, redis_url: string, postgres_data?: string, redis_data?: string }>}
 */
async function bringUpDatabases(wish) {
  const [postgres, redis] = await Promise.all([bringUpPostgres(wish), bringUpRedis(wish)]);
  return { ...postgres, ...redis };
}

/** @param {DatabasesWish} wish */
function bringUpPostgres({ supervisor, report, data, logs, ports, password, databaseUrl }) {
  return report.step('PostgreSQL', async (detail) => {
    if (databaseUrl) {
      await checkGivenPostgres(databaseUrl);
      detail(`yours, at ${new URL(databaseUrl).host}`);
      return { postgres_url: databaseUrl };
    }
    const logFile = path.join(logs, 'postgres.log');
    const server = await postgresServer({ data, port: Number(ports.postgres), password, logFile });
    await supervisor.start(server.program);
    await withLog(
      logFile,
      untilPostgresAnswers(server.url, () => supervisor.isAlive('postgres')),
    );
    detail(`${server.version} on 127.0.0.1:${ports.postgres}, data in ${shortened(server.folder)}`);
    return { postgres_url: server.url, postgres_data: server.folder };
  });
}

/** @param {DatabasesWish} wish */
function bringUpRedis({ supervisor, report, data, logs, ports, redisUrl, redisDatabases }) {
  return report.step('Redis', async (detail) => {
    if (redisUrl) {
      await checkGivenRedis(redisUrl);
      detail(`yours, at ${new URL(redisUrl).host}`);
      return { redis_url: redisUrl };
    }
    const logFile = path.join(logs, 'redis.log');
    const server = redisServer({
      data,
      port: Number(ports.redis),
      logFile,
      say: report.note,
      databases: redisDatabases,
    });
    await supervisor.start(server.program);
    await withLog(
      logFile,
      untilRedisAnswers(server.url, () => supervisor.isAlive('redis')),
    );
    detail(`on 127.0.0.1:${ports.redis}, data in ${shortened(server.folder)}`);
    return { redis_url: server.url, redis_data: server.folder };
  });
}

/**
 * A start that fails is explained by the log, so the error carries its end.
 * @template T
 * @param {string} logFile
 * @param {Promise<T>} work
 */
async function withLog(logFile, work) {
  try {
    return await work;
  } catch (error) {
    const lines = fs.existsSync(logFile) ? tail(logFile, 15) : '';
    throw new Error(`${/** @type {Error} */ (error).message}\nThe end of ${logFile}:\n${lines}`);
  }
}

module.exports = { bringUpDatabases, withLog };
