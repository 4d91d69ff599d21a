// `.data/run.json`: what runs, where, and with which keys; for people, scripts and the next start.
// @ts-check
'use strict';
const { runFile } = require('./paths.cjs');
const { readJson, writeJson } = require('./json-file.cjs');
const { isStillThere } = require('./process-identity.cjs');

/**
 * @typedef {object} RunFile
 * @property {'starting' | 'ready' | 'stopping'} state
 * @property {string} version
 * @property {string} started_at
 * @property {Record<string, string>} urls
 * @property {Record<string, any>} keys
 * @property {Record<string, any>} tokens
 * @property {Record<string, number>} pids
 * @property {Record<string, string>} databases
 * @property {string} logs
 * @property {import('./process-identity.cjs').ProcessRecord} supervisor
 * @property {import('./process-identity.cjs').ProcessRecord[]} processes  what it has started
 */

/** @returns {RunFile | undefined} */
function readRunFile() {
  return readJson(runFile);
}

/** @param {RunFile} run */
function writeRunFile(run) {
  writeJson(runFile, run);
}

/**
 * @param {RunFile | undefined} run
 * @returns {boolean} whether somebody looks after it
 */
function isSupervised(run) {
  return run !== undefined && isStillThere(run.supervisor);
}

module.exports = { readRunFile, writeRunFile, isSupervised };
