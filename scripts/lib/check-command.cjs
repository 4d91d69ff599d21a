// `npm run check`: every check:… of package.json in turn, all of them even if one fails, and a summary.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const paths = require('./paths.cjs');
const { writeJson } = require('./json-file.cjs');

/** Those that must be there: a check that got lost in package.json is a failed one. */
const EXPECTED = ['check:lock', 'check:types', 'check:lint', 'check:floors', 'check:dead-code', 'check:format'];
/** The slowest, lint with types, takes half a minute. */
const BOUND_MS = 4 * 60_000;

/** @returns {Promise<number>} exit code */
async function check() {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(paths.root, 'package.json'), 'utf8'));
  const others = Object.keys(scripts).filter((name) => name.startsWith('check:') && !EXPECTED.includes(name));
  const results = [...EXPECTED, ...others].map((name) => runCheck(name, scripts[name]));
  process.stderr.write('\n');
  for (const { name, passed, seconds } of results) {
    process.stderr.write(`  ${passed ? 'ok  ' : 'FAIL'}  ${seconds.toFixed(1).padStart(6)} s  ${name}\n`);
  }
  const folder = process.env.SLUICE_RESULTS;
  if (folder) writeJson(path.join(folder, 'checks.json'), results);
  return results.every(({ passed }) => passed) ? 0 : 1;
}

/**
 * @param {string} name
 * @param {string | undefined} line  as in package.json
 */
function runCheck(name, line) {
  process.stderr.write(`\n> ${name}\n`);
  const begun = Date.now();
  if (line === undefined) {
    process.stderr.write(`package.json has no script "${name}"\n`);
    return { name, passed: false, seconds: 0 };
  }
  // What `npm run` would do, without npm's own second of start-up: the line, with node_modules/.bin first.
  const done = spawnSync(line, {
    cwd: paths.root,
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: BOUND_MS,
  });
  return { name, passed: done.status === 0, seconds: (Date.now() - begun) / 1000 };
}

module.exports = { check };
