/** The sink itself: every POST is a delivery, logged and then treated as its mode says; `PUT /control` changes mode and secrets. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { SinkEntry } from './sink-log';
import { sinkEntry } from './sink-log';
import { SINK_MODES, type SinkMode, answerOf, modeOf } from './sink-modes';

/** Twice what a delivery may have; beyond it somebody else is talking to us. */
const BODY_MAX_BYTES = 64 * 1_024;

export interface SinkOptions {
  readonly mode: SinkMode;
  readonly secrets: readonly string[];
  readonly slowMs: number;
  readonly random: () => number;
  readonly log: (entry: SinkEntry) => void;
}

export function createSink(options: SinkOptions): Server {
  let { mode, secrets } = options;
  return createServer((request, response) => {
    const path = request.url ?? '/';
    readBody(request, (body) => {
      if (request.method === 'PUT' && path === '/control') {
        const wish = JSON.parse(body.toString('utf8')) as { mode?: string; secrets?: string[] };
        mode = SINK_MODES.find((known) => known === wish.mode) ?? mode;
        secrets = wish.secrets ?? secrets;
        response.writeHead(204).end();
        return;
      }
      receive(request, response, path, body);
    });
  });

  function receive(request: IncomingMessage, response: ServerResponse, path: string, body: Buffer): void {
    const chosen = modeOf(path, mode);
    const answer = answerOf(chosen, options.random(), options.slowMs);
    const status = answer.kind === 'status' ? answer.status : null;
    const received_at = new Date().toISOString();
    const received = { headers: request.headers, body, path, mode: chosen, status_answered: status, received_at };
    options.log(sinkEntry(received, secrets));
    if (answer.kind === 'reset') return void request.socket.resetAndDestroy();
    const end = (): void => {
      if (answer.status === 307) response.setHeader('location', '/ok/redirected');
      response.writeHead(answer.status).end();
    };
    if (answer.afterMs === 0) return end();
    const timer = setTimeout(end, answer.afterMs);
    response.on('close', () => clearTimeout(timer));
  }
}

function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => done(Buffer.concat(chunks)));
  request.on('error', () => undefined);
}
