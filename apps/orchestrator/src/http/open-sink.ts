/** Turns an answer into a stream of server-sent events: from here on the raw response is ours. */
import type { EventSink } from '../watch/event-stream';
import type { HttpReply, HttpRequest } from './exchange';

/** A reader that lost its line comes back after this, ms. */
const RECONNECT_MS = 1_000;

export function openSink(request: HttpRequest, reply: HttpReply): EventSink {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // nginx would otherwise gather the frames.
    'X-Accel-Buffering': 'no',
    'Request-Id': request.id,
  });
  raw.write(`retry: ${RECONNECT_MS}\n\n`);
  return {
    write: (text) => {
      raw.write(text);
      return raw.writableLength;
    },
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
  };
}
