// A temporary folder for databases and products that live only as long as a test run or a benchmark.
// It names its owner and every process started for it, so that what a killed owner left running is
// ended, and its folder removed, by whoever comes next.
// @ts-check
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { readJson, writeJson } = require('./json-file.cjs');
const { recordOf, isStillThere } = require('./process-identity.cjs');
const { stopProcess } = require('./stop-process.cjs');

const PREFIX = 'sluice-test-';
const OWNER = 'owner.json';
const PROCESSES = 'processes.json';
/** Where PostgreSQL keeps its data in such a folder (postgres-home.cjs). */
const DISK = 'postgres';
/** A fresh database with its programs and two minutes' log of a light load; in memory, so no more than that. */
const DISK_MB = 512;

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
  unmount(path.join(folder, DISK));
  const elsewhere = readJson(path.join(folder, 'location.json'))?.postgres;
  if (elsewhere !== undefined) fs.rmSync(elsewhere, { recursive: true, force: true });
  // PostgreSQL's own processes notice its end within moments, and may write until then.
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/**
 * A small file system in memory under PostgreSQL's data, to be filled up on purpose. It goes with the folder.
 * @param {string} folder  made by makeTemporaryFolder, nothing in it yet
 * @returns {string | null} where it is; null: this user or this system cannot mount one
 */
function mountSmallDisk(folder) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const disk = path.join(folder, DISK);
  fs.mkdirSync(disk, { recursive: true });
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0700`, 'tmpfs', disk]);
  return done.status === 0 ? disk : null;
}

/** @param {string} disk */
function unmount(disk) {
  if (!fs.existsSync(disk) || fs.statSync(disk).dev === fs.statSync(path.dirname(disk)).dev) return;
  // Lazily: a process that is about to end may still hold a file.
  spawnSync('umount', ['--lazy', disk]);
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

module.exports = {
  makeTemporaryFolder,
  mountSmallDisk,
  writeProcesses,
  removeTemporaryFolder,
  removeAbandonedFolders,
};
