// Asks a process of ours whether it is ready.
// @ts-check
'use strict';
const http = require('node:http');
const { sleep } = require('./stop-process.cjs');

const ASK_EVERY_MS = 50;
/** A worker that has to look at a large journal first; usually it is a second. */
const READY_BOUND_MS = 60_000;

/**
 * @param {string} base  such as http://127.0.0.1:3000
 * @returns {Promise<boolean>}
 */
function isReady(base) {
  return new Promise((resolve) => {
    const request = http.get(`${base}/health/ready`, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/**
 * @param {string} name
 * @param {string} base
 * @param {() => boolean} isAlive  false once its process has ended: then waiting is in vain
 * @param {number} [boundMs]
 */
async function untilReady(name, base, isAlive, boundMs = READY_BOUND_MS) {
  const end = Date.now() + boundMs;
  while (!(await isReady(base))) {
    if (!isAlive()) throw new Error(`${name} ended while starting.`);
    if (Date.now() > end)
      throw new Error(`${name} is running, but ${base}/health/ready was not 200 within ${boundMs / 1000} s.`);
    await sleep(ASK_EVERY_MS);
  }
}

module.exports = { isReady, untilReady };
