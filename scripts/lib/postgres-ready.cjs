// Waits until PostgreSQL answers, and makes our database in it.
// @ts-check
'use strict';
const { sleep } = require('./stop-process.cjs');

/** Between two tries. */
const TRY_EVERY_MS = 50;
/** After a crash up to 2 GB of WAL are replayed before the first answer. */
const STARTUP_BOUND_MS = 120_000;

/**
 * @param {string} url  of our database; it is made if the server has none of that name
 * @param {() => boolean} isAlive  false once the server's process has ended: then waiting is in vain
 */
async function untilPostgresAnswers(url, isAlive) {
  const { Client } = require('pg');
  const name = new URL(url).pathname.slice(1);
  const server = new URL(url);
  server.pathname = '/postgres';
  const end = Date.now() + STARTUP_BOUND_MS;
  for (;;) {
    const client = new Client({ connectionString: server.href, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
      return;
    } catch (error) {
      if (!isAlive() || Date.now() > end) throw error;
      await sleep(TRY_EVERY_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/**
 * @param {string} url  given by the user
 */
async function checkGivenPostgres(url) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { host } = new URL(url);
    const why = /** @type {Error} */ (error).message || String(error);
    throw new Error(
      `DATABASE_URL is set, but PostgreSQL at ${host} does not let us in: ${why}. Correct it, or unset it for one of our own.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

module.exports = { untilPostgresAnswers, checkGivenPostgres };
