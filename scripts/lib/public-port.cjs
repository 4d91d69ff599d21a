// Which port does the public API get? The one asked for, or nothing; unasked 3000, or the next free
// one if a neighbour (a second checkout, most likely) has it.
// @ts-check
'use strict';
const { isFree } = require('./free-port.cjs');

const DEFAULT_PORT = 3000;
/** Ten neighbours on one machine are enough; then say what to do. */
const NEIGHBOURS = 10;

/**
 * @param {string | undefined} asked  PORT
 * @param {string} host
 * @param {(text: string) => void} say
 * @returns {Promise<number>}
 */
async function publicPort(asked, host, say) {
  if (asked !== undefined && asked !== '') {
    const port = Number(asked);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`PORT=${asked} is no port: give a number from 1 to 65535.`);
    if (!(await isFree(port, host)))
      throw new Error(
        `PORT=${port} is taken or not allowed on ${host}. Free it, or give another: PORT=${port + 1} npm start`,
      );
    return port;
  }
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + NEIGHBOURS; port++) {
    if (!(await isFree(port, host))) continue;
    if (port !== DEFAULT_PORT) say(`port ${DEFAULT_PORT} is taken; the API takes ${port} (PORT=… chooses)`);
    return port;
  }
  throw new Error(
    `Ports ${DEFAULT_PORT} to ${DEFAULT_PORT + NEIGHBOURS - 1} are taken. Choose one: PORT=8080 npm start`,
  );
}

module.exports = { publicPort };
