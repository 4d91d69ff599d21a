// A PostgreSQL of our own: made once, started on a private port of this machine only.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { asArguments } = require('./postgres-settings.cjs');
const { postgresBinaries } = require('./postgres-binaries.cjs');
const { postgresHome } = require('./postgres-home.cjs');
const { lookUp } = require('./process-identity.cjs');
const { stopProcess } = require('./stop-process.cjs');

/** A clean end writes a checkpoint; with 2 GB of WAL that takes seconds, on a slow disk more. */
const STOP_BOUND_MS = 30_000;

/**
 * Makes the database if there is none and says how to run it.
 * @param {{ data: string, port: number, password: string, logFile: string }} wish
 * @returns {Promise<{ program: import('./program.cjs').Program, url: string, folder: string, version: string }>}
 */
async function postgresServer({ data, port, password, logFile }) {
  const { home, user } = postgresHome(data);
  const { initdb, postgres, version } = postgresBinaries(home, user);
  const folder = path.join(home, 'data');
  if (!fs.existsSync(path.join(folder, 'PG_VERSION'))) make({ initdb, home, folder, user, password });
  checkVersion(folder, version);
  await endLeftover(folder);
  const url = `postgres://sluice:${password}@127.0.0.1:${port}/sluice`;
  return {
    url,
    folder,
    version: version.split('.').slice(0, 2).join('.'),
    program: {
      name: 'postgres',
      file: postgres,
      // No Unix socket: its path may be too long, and 127.0.0.1 is enough.
      args: ['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-c', 'unix_socket_directories=', ...asArguments()],
      env: cleanEnvironment(),
      cwd: home,
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
      signs: [folder],
      logFile,
      beforeStart: () => endLeftover(folder),
      // SIGINT: clients are sent away, everything is written. SIGTERM would wait for clients to leave.
      stop: { signal: 'SIGINT', boundMs: STOP_BOUND_MS },
    },
  };
}

/** The caller's PG… variables (PGDATA, PGOPTIONS) must not steer our server. */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * @param {{ initdb: string, home: string, folder: string, user: import('./system-user.cjs').SystemUser | undefined, password: string }} where
 */
function make({ initdb, home, folder, user, password }) {
  // Made beside and renamed, so that one that was interrupted is not taken for a database.
  const half = `${folder}.half`;
  fs.rmSync(half, { recursive: true, force: true });
  const passwordFile = path.join(home, 'password');
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) fs.chownSync(passwordFile, user.uid, user.gid);
  const args = [
    ...[`--pgdata=${half}`, '--username=sluice', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    // The same order of strings on every machine, whatever its C library or ICU.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    // A page that the disk changed is an error, not a wrong amount.
    '--data-checksums',
  ];
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  const done = spawnSync(initdb, args, { cwd: home, env: cleanEnvironment(), encoding: 'utf8', ...identity });
  fs.rmSync(passwordFile, { force: true });
  if (done.status !== 0) {
    throw new Error(
      `PostgreSQL's data folder could not be made (${initdb}):\n${done.error?.message ?? ''}${done.stderr}`,
    );
  }
  fs.renameSync(half, folder);
}

/**
 * @param {string} folder
 * @param {string} version
 */
function checkVersion(folder, version) {
  const made = fs.readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version.startsWith(`${made}.`)) return;
  throw new Error(
    `${folder} was made by PostgreSQL ${made}, and this is ${version}. Move it away to begin with an empty one.`,
  );
}

/**
 * After a `kill -9` the lock of an earlier server may be left, or the server itself. Ends a server on
 * this folder; removes a lock whose number now belongs to somebody else, which PostgreSQL cannot tell.
 * @param {string} folder
 */
async function endLeftover(folder) {
  const lock = path.join(folder, 'postmaster.pid');
  if (!fs.existsSync(lock)) return;
  const pid = Number(fs.readFileSync(lock, 'utf8').split('\n')[0]);
  const running = Number.isInteger(pid) && pid > 1 ? lookUp(pid) : undefined;
  if (running?.command.includes(folder)) {
    const record = { name: 'postgres', pid, started: running.started, signs: [folder] };
    await stopProcess(record, { signal: 'SIGINT', boundMs: STOP_BOUND_MS });
  }
  fs.rmSync(lock, { force: true });
}

module.exports = { postgresServer };
