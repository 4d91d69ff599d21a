// Where things are kept in a checkout. Everything that a run makes is under `.data/`, so that one
// folder can be looked at, backed up or removed.
// @ts-check
'use strict';
const path = require('node:path');

/** The checkout's root folder. */
const root = path.resolve(__dirname, '..', '..');
const data = path.join(root, '.data');

/**
 * @param {string} file
 * @returns {string} from the root if it is below it, else in full
 */
function shortened(file) {
  return file.startsWith(root + path.sep) ? path.relative(root, file) : file;
}

module.exports = {
  shortened,
  root,
  data,
  logs: path.join(data, 'logs'),
  runFile: path.join(data, 'run.json'),
  secretsFile: path.join(data, 'secrets.json'),
  portsFile: path.join(data, 'ports.json'),
  locationFile: path.join(data, 'location.json'),
  setupLock: path.join(data, 'setup.lock'),
  startLock: path.join(data, 'start.lock'),
};
