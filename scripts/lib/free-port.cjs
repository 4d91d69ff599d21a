// A port nobody listens on, the same one every time if it can be had.
//
// Ports come from 20000–31999: below the range from which Linux (32768 up) and macOS (49152 up) give
// ports to outgoing connections, so a port that was free stays free until we listen, and a process
// that is restarted finds its port again. Each checkout begins at a place of its own in the range,
// so that two copies started in the same second do not reach for the same port.
// @ts-check
'use strict';
const crypto = require('node:crypto');
const net = require('node:net');

const FIRST = 20_000;
const COUNT = 12_000;
/** More neighbours than that in a row means the machine refuses us listening, not that ports are taken. */
const TRIES = 200;

/**
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * @param {string[]} names  one port for each
 * @param {{ place: string, before?: Record<string, number> }} wish  whose ports, and those it had before
 * @returns {Promise<Record<string, number>>}
 */
async function freePorts(names, { place, before = {} }) {
  /** @type {Record<string, number>} */
  const ports = {};
  const hash = crypto.createHash('sha256').update(place).digest().readUInt32BE(0);
  let next = FIRST + (hash % COUNT);
  for (const name of names) {
    const old = before[name];
    if (old !== undefined && !Object.values(ports).includes(old) && (await isFree(old))) {
      ports[name] = old;
      continue;
    }
    let tries = 0;
    while (Object.values(ports).includes(next) || !(await isFree(next))) {
      if (++tries > TRIES) throw new Error(`No free port on 127.0.0.1 from ${next - TRIES} to ${next}.`);
      next = next + 1 < FIRST + COUNT ? next + 1 : FIRST;
    }
    ports[name] = next;
  }
  return ports;
}

module.exports = { isFree, freePorts };
