/**
 * Plays the checkout: posts payments over all given instruments in turn and follows each with `Prefer: wait=10` until it is final. The long-poll is the
 * cheapest way that a merchant really has: one more request per payment, asked once, answered the moment the outcome is committed.
 */
import { randomBytes } from 'node:crypto';
import type { Load } from './generator.ts';
import { type HttpAnswer, HttpConnections } from './http-connection.ts';
import { Tally } from './tally.ts';

/** One long-poll waits 10 s; a payment that is not final after six is reported, not waited for. */
const LOOKS_MAX = 6;
/**
 * A refused payment is not offered again; its place in a closed loop stays empty so long, ms, or refusals would spin. A look that was
 * refused is repeated, each time after twice as long.
 */
const REFUSED_PAUSE_MS = 50;

const tokens = (process.env['BENCH_TOKENS'] ?? '').split(',');
const url = new URL(process.env['BENCH_URL'] ?? '');
const apiKey = process.env['BENCH_API_KEY'] ?? '';
const connections = new HttpConnections(url.hostname, Number(url.port));
const authorization = apiKey === '' ? '' : `Authorization: Bearer ${apiKey}\r\n`;
const host = `Host: ${url.host}\r\n${authorization}`;
const run = randomBytes(5).toString('hex');

let load: Load | null = null;
let total = new Tally();
let since = new Tally();
let underWay = 0;
let number = 0;
let stopping = false;
let random = Math.random;

function pay(dueMs: number): void {
  const n = (number += 1);
  const amount = 100 + ((n * 7919) % 90_000);
  const order = `bench-${run}-${n}`;
  const token = tokens[n % tokens.length];
  const body = `{"merchant_order_no":"${order}","amount":{"value":${amount},"currency":"CNY"},"payment_method":{"token":"${token}"},"on_decline":"fail"}`;
  underWay += 1;
  count((tally) => (tally.sent += 1));
  connections.ask(
    `POST /v1/payments HTTP/1.1\r\n${host}Idempotency-Key: ${order}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    (answer) => acknowledged(answer, dueMs, amount),
  );
}

function acknowledged({ status, body }: HttpAnswer, dueMs: number, amount: number): void {
  count((tally) => (tally.requests += 1));
  if (status !== 202) {
    if (status === 503) count((tally) => (tally.refused += 1));
    else count((tally) => tally.fail(`POST was answered ${status}: ${body.slice(0, 300)}`));
    setTimeout(ended, REFUSED_PAUSE_MS);
    return;
  }
  const ms = performance.now() - dueMs;
  count((tally) => {
    tally.accepted += 1;
    tally.ackMs.push(ms);
  });
  const id = /"id":"([A-Za-z0-9_-]+)"/.exec(body)?.[1];
  if (load?.follow !== true) return ended();
  if (id === undefined) return lost('an acknowledgement without an id');
  follow(id, dueMs, amount, 1);
}

function follow(id: string, dueMs: number, amount: number, look: number): void {
  connections.ask(`GET /v1/payments/${id} HTTP/1.1\r\n${host}Prefer: wait=10\r\n\r\n`, ({ status, body }) => {
    count((tally) => (tally.requests += 1));
    if (status === 503 && look < LOOKS_MAX) {
      setTimeout(() => follow(id, dueMs, amount, look + 1), REFUSED_PAUSE_MS * 2 ** look);
      return;
    }
    if (status !== 200) return lost(`GET ${id} was answered ${status}: ${body.slice(0, 300)}`);
    if (!body.includes('"final":true')) {
      return look < LOOKS_MAX ? follow(id, dueMs, amount, look + 1) : lost(`${id} is not final: ${body.slice(0, 300)}`);
    }
    const ms = performance.now() - dueMs;
    const succeeded = body.includes('"status":"succeeded"');
    count((tally) => {
      tally.finals += 1;
      tally.finalMs.push(ms);
      if (succeeded) {
        tally.succeeded += 1;
        tally.succeededMinor += amount;
      } else tally.fail(`${id} did not succeed: ${body.slice(0, 600)}`);
    });
    ended();
  });
}

function lost(what: string): void {
  count((tally) => tally.fail(what));
  ended();
}

function ended(): void {
  underWay -= 1;
  if (load?.model === 'count' || load?.model === 'closed') offer();
  endIfDone();
}

function endIfDone(): void {
  if (!load || underWay > 0) return;
  if (!stopping && !(load.model === 'count' && total.sent >= load.payments)) return;
  load = null;
  process.send?.({ kind: 'ended', counts: total.counts() });
}

/** Keeps a closed loop full. */
function offer(): void {
  if (!load || load.model === 'open' || stopping) return;
  const most = load.model === 'count' ? load.payments - total.sent : Infinity;
  const now = performance.now();
  for (let free = Math.min(load.inFlight - underWay, most); free > 0; free -= 1) pay(now);
}

/** Sends what has become due. Timers come every millisecond at best, so several payments may be due at once; each counts from its own time. */
function arrive(nextMs: number): void {
  if (load?.model !== 'open' || stopping) return;
  const now = performance.now();
  let dueMs = nextMs;
  while (dueMs <= now) {
    pay(dueMs);
    dueMs += (-Math.log(1 - random()) * 1000) / load.rate;
  }
  setTimeout(() => arrive(dueMs), 1);
}

function count(add: (tally: Tally) => void): void {
  add(total);
  add(since);
}

/** mulberry32: small, even, and the same everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

process.on('message', (message: { kind: 'begin'; load: Load } | { kind: 'mark' } | { kind: 'stop' }) => {
  switch (message.kind) {
    case 'begin':
      load = message.load;
      total = new Tally();
      since = new Tally();
      stopping = false;
      random = seeded(load.seed);
      if (load.model === 'open') arrive(performance.now());
      else offer();
      break;
    case 'mark':
      process.send?.({ kind: 'marked', counts: since.counts() });
      since = new Tally();
      break;
    case 'stop':
      stopping = true;
      endIfDone();
      break;
  }
});
process.on('disconnect', () => process.exit(0));
