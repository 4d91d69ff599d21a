// A temporary folder for databases and products that live only as long as a test run or a benchmark.
// It names its owner and every process started for it, so that what a killed owner left running is
// ended, and its folder removed, by whoever comes next.
// @ts-check
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { readJson, writeJson } = require('./json-file.cjs');
const { recordOf, isStillThere } = require('./process-identity.cjs');
const { stopProcess } = require('./stop-process.cjs');

const PREFIX = 'sluice-test-';
const OWNER = 'owner.json';
const PROCESSES = 'processes.json';

/** @returns {string} a new folder that belongs to this process */
function makeTemporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), PREFIX));
  // As root PostgreSQL runs as another user, who has to pass through.
  fs.chmodSync(folder, 0o711);
  // Any command line will do: its start time tells it from others.
  writeJson(path.join(folder, OWNER), recordOf('owner', process.pid, ['']));
  return folder;
}

/**
 * @param {string} folder  the temporary folder or one directly in it
 * @param {import('./process-identity.cjs').ProcessRecord[]} processes  those that run for it now
 */
function writeProcesses(folder, processes) {
  writeJson(path.join(folder, PROCESSES), processes);
}

/**
 * Ends at once what runs for it, and removes it. What it holds was never meant to last.
 * @param {string} folder
 */
async function removeTemporaryFolder(folder) {
  const places = [folder, ...fs.readdirSync(folder).map((name) => path.join(folder, name))];
  for (const place of places.filter((each) => fs.existsSync(path.join(each, PROCESSES)))) {
    /** @type {import('./process-identity.cjs').ProcessRecord[]} */
    const records = readJson(path.join(place, PROCESSES)) ?? [];
    for (const record of records) await stopProcess(record, { signal: 'SIGKILL', boundMs: 2_000 });
  }
  const elsewhere = readJson(path.join(folder, 'location.json'))?.postgres;
  if (elsewhere !== undefined) fs.rmSync(elsewhere, { recursive: true, force: true });
  // PostgreSQL's own processes notice its end within moments, and may write until then.
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Removes the folders of owners that are gone. */
async function removeAbandonedFolders() {
  for (const name of fs.readdirSync(os.tmpdir()).filter((each) => each.startsWith(PREFIX))) {
    const folder = path.join(os.tmpdir(), name);
    if (!fs.existsSync(path.join(folder, OWNER)) || fs.statSync(folder).uid !== process.getuid?.()) continue;
    const owner = readJson(path.join(folder, OWNER));
    if (owner && !isStillThere(owner)) await removeTemporaryFolder(folder);
  }
}

module.exports = { makeTemporaryFolder, writeProcesses, removeTemporaryFolder, removeAbandonedFolders };
