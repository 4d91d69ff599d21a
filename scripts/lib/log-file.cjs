// A process writes its log by itself, straight into a file, so that it can outlive us. The file is
// kept below a bound: what is older moves to `.1`, and what was there before is gone.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');

/** With its `.1` at most half a gigabyte per process: a few hours of a busy one at `info`. */
const BOUND_BYTES = 256 * 1024 * 1024;

/**
 * @param {string} file
 * @returns {number} a descriptor that appends
 */
function openLog(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  keepBounded(file);
  return fs.openSync(file, 'a', 0o600);
}

/**
 * Copies and empties instead of renaming, since the process holds the file open (for appending, so
 * that it goes on at the new end).
 * @param {string} file
 * @param {number} [boundBytes]
 */
function keepBounded(file, boundBytes = BOUND_BYTES) {
  if (!fs.existsSync(file) || fs.statSync(file).size <= boundBytes) return;
  fs.copyFileSync(file, `${file}.1`);
  fs.truncateSync(file, 0);
}

/**
 * @param {string} file
 * @param {number} lines
 * @returns {string} its last lines, for an error message
 */
function tail(file, lines) {
  if (!fs.existsSync(file)) return '';
  // 16 KiB hold some hundred lines of log.
  const size = fs.statSync(file).size;
  const buffer = Buffer.alloc(Math.min(size, 16 * 1024));
  const descriptor = fs.openSync(file, 'r');
  fs.readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  fs.closeSync(descriptor);
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

module.exports = { openLog, keepBounded, tail };
