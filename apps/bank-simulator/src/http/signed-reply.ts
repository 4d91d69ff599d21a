/**
 * How does an answer travel, when it is one that goes wrong on its way? Writes straight to Node's response: the bank
 * operations are the rehearsal's hot path, and half of the deliveries here are things a framework exists to prevent.
 */
import type { ServerResponse } from 'node:http';
import type { Agenda } from '../agenda';
import { type Answer, bodyOf, type Reply, statusOf } from '../protocol/answer';
import type { Delivery } from '../protocol/fates';
import { KEY_ID, signAnswer } from '../protocol/signature';

/** A silent connection is held this long, ms: longer than any caller's patience, short enough not to pile up for ever. */
export const SILENCE_MS = 120_000;

/** One byte per 200 ms, as the protocol page says: a 300-byte answer takes a minute, past every sensible deadline. */
const DRIP_MS = 200;

/** 16 MiB: far beyond what a caller should read, small enough for a machine that runs everything at once. */
const HUGE_CHUNK = `"${'x'.repeat(65_533)}",`;
const HUGE_CHUNKS = 256;

const HTML_500 = '<html><head><title>500</title></head><body><h1>500 Internal Server Error</h1></body></html>';
const HTML_502 = '<html><head><title>502</title></head><body><h1>502 Bad Gateway</h1></body></html>';

export interface ReplyContext {
  readonly secret: string;
  readonly agenda: Agenda;
  readonly path: string;
  readonly requestSignature: string;
  readonly onSent: (what: Answer) => void;
}

/** A reply over one HTTP response. A response that is already gone (the caller hung up) is left alone. */
export function signedReply(response: ServerResponse, context: ReplyContext): Reply {
  return {
    send(what, delivery = 'plain') {
      context.onSent(what);
      if (!response.destroyed && !response.writableEnded) deliver(response, context, what, delivery);
    },
  };
}

/** Any signed body, for answers that are not words (statements). */
export function sendSigned(
  response: ServerResponse,
  { secret, path, requestSignature }: ReplyContext,
  status: number,
  contentType: string,
  body: string,
): void {
  const timestamp = String(Date.now());
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'bank-key-id': KEY_ID,
    'bank-timestamp': timestamp,
    'bank-signature': signAnswer(secret, status, path, timestamp, requestSignature, body),
  });
  response.end(body);
}

const JSON_TYPE = 'application/json; charset=utf-8';

function deliver(response: ServerResponse, context: ReplyContext, what: Answer, delivery: Delivery): void {
  const status = statusOf(what);
  const plain = (answer: Answer): void =>
    sendSigned(response, context, status, JSON_TYPE, JSON.stringify(bodyOf(answer)));
  switch (delivery) {
    case 'plain':
      return plain(what);
    case 'unknown_word': {
      const body = { ...bodyOf(what), result: 'PROCESSED', code: 'Z9' };
      return sendSigned(response, context, status, JSON_TYPE, JSON.stringify(body));
    }
    case 'foreign_reference': {
      const own = String(what.fields['reference']);
      const foreign = `${own.startsWith('X') ? 'Y' : 'X'}${own.slice(1)}`;
      return plain({ ...what, fields: { ...what.fields, reference: foreign } });
    }
    case 'bad_signature':
      return sendSigned(
        response,
        { ...context, secret: `not ${context.secret}` },
        status,
        JSON_TYPE,
        JSON.stringify(bodyOf(what)),
      );
    case 'garbage':
      return sendSigned(response, context, 200, JSON_TYPE, '\u0000{"result":"OK"，交易成功\ufffd<<<');
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'silence':
      return context.agenda.after(SILENCE_MS, () => response.destroy());
    case 'http_500':
      return unsigned(response, 500, HTML_500);
    case 'http_502':
      return unsigned(response, 502, HTML_502);
    case 'drip':
      return drip(response, context, status, Buffer.from(JSON.stringify(bodyOf(what))));
    case 'huge':
      return huge(response);
  }
}

function unsigned(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(html) });
  response.end(html);
}

function drip(
  response: ServerResponse,
  { secret, agenda, path, requestSignature }: ReplyContext,
  status: number,
  body: Buffer,
): void {
  const timestamp = String(Date.now());
  response.writeHead(status, {
    'content-type': JSON_TYPE,
    'content-length': body.length,
    'bank-key-id': KEY_ID,
    'bank-timestamp': timestamp,
    'bank-signature': signAnswer(secret, status, path, timestamp, requestSignature, body.toString()),
  });
  response.flushHeaders();
  const next = (at: number): void => {
    if (response.destroyed) return;
    if (at === body.length) return void response.end();
    response.write(body.subarray(at, at + 1));
    agenda.after(DRIP_MS, () => next(at + 1));
  };
  next(0);
}

function huge(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': JSON_TYPE });
  response.write('{"result":"OK","padding":[');
  const next = (chunk: number): void => {
    for (let at = chunk; at < HUGE_CHUNKS; at += 1) {
      if (response.destroyed) return;
      if (!response.write(HUGE_CHUNK)) return void response.once('drain', () => next(at + 1));
    }
    response.end('""]}');
  };
  next(0);
}
