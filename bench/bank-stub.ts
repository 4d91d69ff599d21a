/** The floor's bank: one answer for every call, as late as the simulated banks of the product's windows answer. Reported, not counted. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const latencyMs = Number(process.env['BANK_LATENCY_MS']);
const answer = JSON.stringify({ word: 'OK', code: '00', message: 'approved', transaction_id: '20121111000000000001' });
const headers = { 'content-type': 'application/json', 'content-length': String(answer.length) };

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => setTimeout(() => response.writeHead(200, headers).end(answer), latencyMs));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ kind: 'ready', port: (server.address() as AddressInfo).port }));
