// `npm run audit`, `npm run rehearse`: a command of apps/cli, on the package's own Node, from a build that is up to date.
// @ts-check
'use strict';
const path = require('node:path');
const { spawn } = require('node:child_process');
const { onOwnNode } = require('./lib/own-node.cjs');

void onOwnNode(__filename, async () => {
  const { root, setupLock } = require('./lib/paths.cjs');
  const { reporter } = require('./lib/report.cjs');
  const { withLock } = require('./lib/lock.cjs');
  const { buildWhatChanged } = require('./lib/build.cjs');
  const report = reporter();
  await withLock(setupLock, report.note, () => buildWhatChanged(report));
  const entry = path.join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  const args = ['--enable-source-maps', entry, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches the child through the terminal; it ends what it started, and we wait for it.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
});
