// As which user does PostgreSQL run? It refuses root, and rightly. An ordinary user runs it as
// himself; root runs it as `postgres`, who is made if missing.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

/** @typedef {{ uid: number, gid: number, name: string }} SystemUser */

/**
 * @param {string} folder  where the data is or will be: data that exists is served by its owner
 * @returns {SystemUser | undefined} undefined: as the user that we are
 */
function databaseUser(folder) {
  if (process.getuid?.() !== 0) return undefined;
  const data = path.join(folder, 'data');
  if (fs.existsSync(data)) {
    const { uid, gid } = fs.statSync(data);
    if (uid !== 0) return { uid, gid, name: `uid ${uid}` };
  }
  // macOS brings its own, with an underscore.
  for (const name of ['postgres', '_postgres']) {
    const user = find(name);
    if (user) return user;
  }
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const made = find('postgres');
  if (made) return made;
  throw new Error(
    'PostgreSQL does not run as root, and the user "postgres" could not be made. ' +
      'Run the command as an ordinary user, or make that user (useradd --system --user-group postgres).',
  );
}

/**
 * @param {string} name
 * @returns {SystemUser | undefined}
 */
function find(name) {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
  if (uid.status !== 0 || gid.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout), name };
}

/**
 * @param {SystemUser | undefined} user
 * @param {string} folder
 * @returns {boolean} whether that user can enter the folder (a private parent folder is in the way of another user)
 */
function canEnter(user, folder) {
  if (!user) return true;
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { uid: user.uid, gid: user.gid, cwd: '/' });
  return tried.status === 0;
}

module.exports = { databaseUser, canEnter };
