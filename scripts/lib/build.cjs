// Compiles the product into dist/ if a source changed since the last good build. Content decides,
// not times: a `git checkout` changes times, and a copied tree keeps them.
// @ts-check
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { root } = require('./paths.cjs');
const { readJson, writeJson } = require('./json-file.cjs');

const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.built.json');
const config = 'tsconfig.build.json';
const compiler = path.join('node_modules', 'ts7', 'bin', 'tsc');

/**
 * @param {import('./report.cjs').Report} report
 * @returns {Promise<boolean>} whether anything was compiled
 */
async function buildWhatChanged(report) {
  const files = sources();
  const hash = hashOf(files);
  const last = readJson(stampFile);
  if (last?.hash === hash) return false;
  await report.step('built dist/', () => {
    // The compiler leaves the output of removed sources behind; a clean start is cheap (seconds).
    const removed = !last || last.files.some((/** @type {string} */ file) => !files.includes(file));
    if (removed) fs.rmSync(dist, { recursive: true, force: true });
    compile();
  });
  writeJson(stampFile, { hash, files });
  return true;
}

function compile() {
  // Five minutes: a hundred times what it takes.
  const done = spawnSync(process.execPath, [compiler, '-p', config], { cwd: root, encoding: 'utf8', timeout: 300_000 });
  if (done.status !== 0) {
    throw new Error(`The product does not compile:\n${done.stdout}${done.stderr}${done.error?.message ?? ''}`);
  }
}

/** Everything the compiler reads that is ours, as paths from the root. */
function sources() {
  const files = ['package.json', 'package-lock.json', 'tsconfig.json', config];
  for (const top of ['apps', 'libs']) {
    for (const name of fs.readdirSync(path.join(root, top))) {
      if (top === 'apps' && name === 'console') continue;
      collect(path.join(top, name, 'src'), files);
    }
  }
  return files.sort();
}

/**
 * @param {string} folder
 * @param {string[]} files
 */
function collect(folder, files) {
  const absolute = path.join(root, folder);
  if (!fs.existsSync(absolute)) return;
  for (const entry of fs.readdirSync(absolute, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) collect(file, files);
    else if (!entry.name.endsWith('.spec.ts')) files.push(file);
  }
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = crypto.createHash('sha256');
  for (const file of files) {
    const absolute = path.join(root, file);
    if (fs.existsSync(absolute)) hash.update(`${file}\0`).update(fs.readFileSync(absolute)).update('\0');
  }
  return hash.digest('hex');
}

module.exports = { buildWhatChanged };
