/**
 * One connection to a bank whose socket can be *reset*.
 *
 * undici ends an aborted call with an orderly close, and after an orderly close the kernel still delivers what stands in its send
 * buffer: a bank was seen to read 3.9 MB from a socket we had closed (money.md section 6). A reset discards it. So we keep hold of
 * the TCP socket beneath each undici client; with one request per connection (pipelining 1) a reset hits nobody else.
 */
import { connect as tcpConnect } from 'node:net';
import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { buildConnector, Dispatcher } from 'undici';

/** What a handler must take so that it can reset the connection that carries it. */
export interface CarriedHandler extends Dispatcher.DispatchHandler {
  /** Called before the request is queued on a connection; may be called again if that connection is replaced before the write. */
  carriedBy(connection: ResettableClient): void;
}

export class ResettableClient extends Client {
  private readonly held: HeldSocket;

  /** @param options as undici's pool passes them: `connect` is already a function */
  constructor(origin: URL | string, options: Client.Options, connectTimeoutMs: number) {
    const held: HeldSocket = { tcp: null };
    const connect = options.connect;
    if (typeof connect !== 'function')
      throw new TypeError('ResettableClient is made by a Pool, which passes a connector');
    super(origin, { ...options, connect: holding(connect, held, connectTimeoutMs) });
    this.held = held;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    (handler as CarriedHandler).carriedBy(this);
    return super.dispatch(options, handler);
  }

  /** Throws the connection away with a TCP reset: neither side's unread bytes are delivered any more. */
  reset(): void {
    this.held.tcp?.resetAndDestroy();
  }
}

interface HeldSocket {
  tcp: Socket | null;
}

/** Remembers the TCP socket. Under TLS we open it ourselves, because only a plain TCP socket can be reset. */
function holding(
  connect: buildConnector.connector,
  held: HeldSocket,
  connectTimeoutMs: number,
): buildConnector.connector {
  return (options, callback) => {
    if (options.protocol !== 'https:') {
      connect(options, (...result) => {
        const [error, socket] = result;
        if (!error && socket) held.tcp = socket;
        callback(...result);
      });
      return;
    }
    const tcp = tcpConnect({ host: options.hostname, port: Number(options.port || 443) });
    held.tcp = tcp;
    tcp.setNoDelay(true);
    tcp.setTimeout(connectTimeoutMs, () => tcp.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)));
    const failed = (error: Error): void => callback(error, null);
    tcp.once('error', failed);
    tcp.once('connect', () => {
      tcp.setTimeout(0);
      tcp.off('error', failed);
      connect({ ...options, httpSocket: tcp }, callback);
    });
  };
}
