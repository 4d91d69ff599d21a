// A small JSON file that is either the old one or the new one, never half of it: written beside and
// renamed over. Mode 0600 from its first byte, because most of ours hold keys.
// @ts-check
'use strict';
const fs = require('node:fs');
const path = require('node:path');

/**
 * @param {string} file
 * @returns {any} the parsed content, or undefined if the file is missing or is not JSON
 */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    if (code === 'EACCES') {
      throw new Error(`${file} belongs to another user. Run the command as that user, or remove the folder it is in.`);
    }
    throw error;
  }
}

/**
 * @param {string} file
 * @param {unknown} value
 */
function writeJson(file, value) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const next = `${file}.${process.pid}.next`;
  fs.writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(next, file);
}

module.exports = { readJson, writeJson };
