// The first lines of every command. They run on whatever Node the machine has (18 or later), use no
// package, and go on with the Node that this package brings along (npm's `node`), so that the
// system's older one does not matter.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { root, setupLock } = require('./paths.cjs');
const { withLock } = require('./lock.cjs');
const { installWhatIsMissing } = require('./install.cjs');
const { reporter, explain } = require('./report.cjs');

/** Jest's module loader needs `vm` features that came with 24.9. */
const NEEDED = [24, 9];
const binFolder = path.join(root, 'node_modules', '.bin');
const ownNode = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** @param {string} version such as v24.21.0 */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > Number(NEEDED[0]) || (major === NEEDED[0] && minor >= Number(NEEDED[1]));
}

/**
 * Installs what is missing, then runs `main` on the package's own Node: here if this is it, otherwise
 * in a child that takes over the terminal, the signals and the exit code.
 * @param {string} script  absolute path of the script that calls
 * @param {() => Promise<number>} main  gives the exit code
 */
async function onOwnNode(script, main) {
  try {
    const continued = process.env.SLUICE_INSTALLED === '1';
    // For this process only: what it starts may be another checkout's command.
    delete process.env.SLUICE_INSTALLED;
    let replaced = false;
    if (!continued) {
      const report = reporter();
      replaced = await withLock(setupLock, report.note, () => installWhatIsMissing(report));
    }
    // After an install the file under our feet may be another Node than the one we run on.
    if (continued || (!replaced && isOwnNode())) {
      process.env.PATH = `${binFolder}${path.delimiter}${process.env.PATH ?? ''}`;
      const code = await main();
      // What is still open (a question to a process that has been ended) is of no interest any more.
      process.exit(code);
    } else {
      goOnWith(chooseNode(), script);
    }
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  }
}

function isOwnNode() {
  return fs.existsSync(ownNode) && fs.existsSync(process.execPath) && sameFile(process.execPath, ownNode);
}

/**
 * @param {string} a
 * @param {string} b
 */
function sameFile(a, b) {
  const [x, y] = [fs.statSync(a), fs.statSync(b)];
  return x.dev === y.dev && x.ino === y.ino;
}

function chooseNode() {
  const asked = spawnSync(ownNode, ['--version'], { encoding: 'utf8' });
  if (asked.status === 0 && isNewEnough(asked.stdout.trim())) return ownNode;
  if (isNewEnough(process.version)) return process.execPath;
  throw new Error(
    `Node ${NEEDED.join('.')} or later is needed; this is ${process.version}, and npm's "node" package ` +
      `gave none for ${process.platform} ${process.arch}. Install Node 24 and run the command again.`,
  );
}

/**
 * @param {string} node
 * @param {string} script
 */
function goOnWith(node, script) {
  const env = { ...process.env, SLUICE_INSTALLED: '1' };
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit', env });
  // Ctrl-C reaches the child through the terminal as well; it takes two in the same second for one.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    explain(error);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

module.exports = { onOwnNode, ownNode, binFolder };
