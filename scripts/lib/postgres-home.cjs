// Where a checkout's PostgreSQL keeps its data: in `.data/postgres`, unless the user it runs as
// cannot go there (root's checkout under /root: PostgreSQL runs as another user, who may not enter).
// Then it is a folder of that user's elsewhere, and `.data/location.json` says which.
// @ts-check
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { readJson, writeJson } = require('./json-file.cjs');
const { databaseUser, canEnter } = require('./system-user.cjs');

/** Where a folder may stand that outlives a reboot and that other users may pass through. */
const ELSEWHERE = ['/var/lib', '/usr/local/var', '/var/tmp'];

/**
 * @param {string} data  the checkout's `.data`, or a test's temporary folder
 * @returns {{ home: string, user: import('./system-user.cjs').SystemUser | undefined }}
 */
function postgresHome(data) {
  const locationFile = path.join(data, 'location.json');
  const recorded = readJson(locationFile)?.postgres;
  if (recorded) return makeReady(recorded);

  const inside = path.join(data, 'postgres');
  const first = makeReady(inside);
  if (canEnter(first.user, inside)) return first;
  if (fs.readdirSync(inside).length > 0) {
    throw new Error(
      `${inside} holds a database that ${first.user?.name} can no longer reach: open its parent folders to it.`,
    );
  }
  fs.rmdirSync(inside);
  // A random name: a checkout that was removed and cloned again must not meet the old one's database.
  const name = `sluice-${crypto.randomBytes(6).toString('hex')}`;
  const parent = ELSEWHERE.find((folder) => isWritable(folder));
  if (!parent)
    throw new Error(`PostgreSQL's user cannot enter ${data}, and none of ${ELSEWHERE.join(', ')} can be written.`);
  const outside = path.join(parent, name);
  writeJson(locationFile, { postgres: outside, why: `the database's user cannot enter ${data}` });
  return makeReady(outside);
}

/** @param {string} home */
function makeReady(home) {
  const user = databaseUser(home);
  fs.mkdirSync(home, { recursive: true });
  if (user) {
    fs.chownSync(home, user.uid, user.gid);
    fs.chmodSync(home, 0o700);
  }
  return { home, user };
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

module.exports = { postgresHome };
