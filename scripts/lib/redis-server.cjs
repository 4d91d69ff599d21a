// A Redis (or Valkey) of our own, on a private port of this machine only. It holds nothing that
// cannot be rebuilt from the journal; its append-only file merely makes a restart quick.
// @ts-check
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { redisBinary } = require('./redis-binary.cjs');
const { sleep } = require('./stop-process.cjs');

const TRY_EVERY_MS = 20;
/** Loading the append-only file of a deep backlog (gigabytes) takes tens of seconds. */
const STARTUP_BOUND_MS = 60_000;
/** It writes its last second and closes; ten is for a busy disk. */
const STOP_BOUND_MS = 10_000;

/** The settings Redis runs with here and in Docker (scripts/settings.spec.ts compares). */
const redisSettings = {
  // Jobs must never be thrown away to make room: a full Redis refuses, and the journal keeps.
  'maxmemory-policy': 'noeviction',
  // A second of jobs may be lost in a crash; the sweeper finds them in the journal.
  appendonly: 'yes',
  appendfsync: 'everysec',
  // No snapshots beside the append-only file: they fork a process as large as the data.
  save: '',
};

/**
 * @param {{ data: string, port: number, logFile: string, say: (text: string) => void, databases?: number }} wish
 * @returns {{ program: import('./program.cjs').Program, url: string, folder: string }}
 */
function redisServer({ data, port, logFile, say, databases = 16 }) {
  const { file, argv0 } = redisBinary(say);
  const folder = path.join(data, 'redis');
  fs.mkdirSync(folder, { recursive: true });
  const settings = Object.entries(redisSettings).flatMap(([name, value]) => [`--${name}`, value]);
  return {
    url: `redis://127.0.0.1:${port}`,
    folder,
    program: {
      name: 'redis',
      file,
      argv0,
      args: [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--databases',
        String(databases),
        ...settings,
      ],
      env: process.env,
      cwd: folder,
      // It writes its own title: "redis-server 127.0.0.1:20001".
      signs: ['redis-server', 'valkey-server', 'redis-check-rdb'],
      logFile,
      stop: { signal: 'SIGTERM', boundMs: STOP_BOUND_MS },
    },
  };
}

/**
 * @param {string} url
 * @param {() => boolean} isAlive  false once the server's process has ended
 */
async function untilRedisAnswers(url, isAlive) {
  const port = Number(new URL(url).port);
  const end = Date.now() + STARTUP_BOUND_MS;
  while (!(await ping(port))) {
    if (!isAlive()) throw new Error('Redis ended while starting.');
    if (Date.now() > end) throw new Error(`Redis on port ${port} did not answer within ${STARTUP_BOUND_MS / 1000} s.`);
    await sleep(TRY_EVERY_MS);
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function ping(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const answer = (/** @type {boolean} */ yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')));
  });
}

/**
 * @param {string} url  given by the user
 */
async function checkGivenRedis(url) {
  const { Redis } = require('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const why = /** @type {Error} */ (error).message;
    throw new Error(
      `REDIS_URL is set, but Redis at ${new URL(url).host} does not answer: ${why}. Correct it, or unset it for one of our own.`,
    );
  } finally {
    redis.disconnect();
  }
}

module.exports = { redisServer, redisSettings, untilRedisAnswers, checkGivenRedis };
