/**
 * HTTP to banks: bounded pools of kept-alive connections, one deadline per call, nothing retried and no redirect followed.
 *
 * A pool belongs to one lane of one line of one channel, not to an origin. Several channels may share a front door; with a pool per
 * origin, one bank that stops answering would hold the connections of all its neighbours. And each line has two lanes: `money`
 * (pay, refund) and `care` (inquiry, reversal, echo, statement), so that the question what became of a payment never waits
 * behind the payments that got stuck.
 */
import type { SecureContextOptions } from 'node:tls';
import type { CallLimits, Route } from '#dispatch';
import { Pool } from 'undici';
import { BankCall } from './bank-call';
import type { WireResult } from './bank-call';
import { ResettableClient } from './resettable-client';

export interface BankHttpClientOptions {
  /**
   * Most connections of the money lane of a line: the channel's in-flight ceiling, or by Little's law (rate × latency) twice over, or
   * the pool caps the channel while the CPU idles. The care lane has a quarter of it, at least 4.
   */
  readonly connections?: number | ((route: Route) => number);
  /** A connection that is not there after this is not worth having, ms. */
  readonly connectTimeoutMs?: number;
  /** The bank's certificate authority and our client certificate, where its line asks for them. */
  readonly tls?: SecureContextOptions;
}

export type Lane = 'money' | 'care';

export interface BankHttpRequest {
  readonly method: 'GET' | 'POST';
  /** Request target with its query. */
  readonly path: string;
  /** Names and values in turn, as undici writes them without copying. */
  readonly headers: string[];
  readonly body: string | null;
  readonly maxBytes: number;
}

/** Enough for 300 payments a second at 0.1 s with room to double; beyond that give `connections`. */
const CONNECTIONS_DEFAULT = 64;
/** Loopback and metro lines connect in under 50 ms, a transatlantic one in 300; a lost SYN is repeated after 1 s. 2 s survives one. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Below the 5 s after which Node servers (and many load balancers) close an idle connection, so that we close it first. */
const KEEP_ALIVE_MS = 4_000;

export class BankHttpClient {
  private readonly pools = new Map<string, LanePool>();
  private readonly connections: (route: Route) => number;
  private closing: Promise<void> | null = null;

  constructor(private readonly options: BankHttpClientOptions = {}) {
    const connections = options.connections ?? CONNECTIONS_DEFAULT;
    this.connections = typeof connections === 'number' ? () => connections : connections;
  }

  /** Never rejects: whatever goes wrong is one of the results. */
  call(route: Route, lane: Lane, request: BankHttpRequest, limits: CallLimits): Promise<WireResult> {
    if (this.closing) return Promise.resolve({ kind: 'not_sent', reason: 'canceled', elapsedMs: 0 });
    // A line without a usable address cannot be connected to; the next revision of the channel may have a better one.
    if (!URL.canParse(route.line.baseUrl)) {
      return Promise.resolve({ kind: 'not_sent', reason: 'connect_failed', elapsedMs: 0 });
    }
    return this.poolOf(route, lane).call(request, limits);
  }

  /** Takes no new calls, lets those in flight end (each has its deadline), then closes the connections. */
  close(): Promise<void> {
    this.closing ??= Promise.all([...this.pools.values()].map((pool) => pool.close())).then(() => undefined);
    return this.closing;
  }

  private poolOf(route: Route, lane: Lane): LanePool {
    const { line } = route;
    const key = `${line.channelId} ${line.id} ${lane}`;
    const known = this.pools.get(key);
    const money = Math.max(1, Math.floor(this.connections(route)));
    const connections = lane === 'money' ? money : Math.max(4, Math.ceil(money / 4));
    if (known && known.baseUrl === line.baseUrl && known.connections === connections) return known;
    // The line moved to another address, or its limit to another number: the old connections finish what they have.
    void known?.close();
    const pool = new LanePool(line.baseUrl, connections, this.options);
    this.pools.set(key, pool);
    return pool;
  }
}

class LanePool {
  private readonly pool: Pool;
  private readonly origin: string;
  private outstanding = 0;
  /** How the last attempt to connect ended. */
  private line: 'untried' | 'up' | 'down' = 'untried';

  constructor(
    readonly baseUrl: string,
    readonly connections: number,
    options: BankHttpClientOptions,
  ) {
    const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    this.origin = new URL(baseUrl).origin;
    this.pool = new Pool(this.origin, {
      connections,
      pipelining: 1,
      allowH2: false,
      connect: { ...options.tls, timeout: connectTimeoutMs },
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Undici's timers restart with every byte, so a bank that drips one byte at a time outlives them. Ours does not (BankCall).
      headersTimeout: 0,
      bodyTimeout: 0,
      factory: (origin, clientOptions) => new ResettableClient(origin, clientOptions as Pool.Options, connectTimeoutMs),
    });
    this.pool.on('connect', () => (this.line = 'up'));
    this.pool.on('connectionError', () => (this.line = 'down'));
  }

  call(request: BankHttpRequest, limits: CallLimits): Promise<WireResult> {
    // As many may wait as may run: twice the connections is already a whole answer time of waiting. More would only expire here.
    if (this.outstanding >= this.connections * 2) {
      return Promise.resolve({
        kind: 'not_sent',
        reason: this.line === 'down' ? 'connect_failed' : 'pool_full',
        elapsedMs: 0,
      });
    }
    this.outstanding += 1;
    return new Promise((resolve) => {
      const call = new BankCall(limits, request.maxBytes, this.lineIsUp, resolve, this.released);
      this.pool.dispatch(
        {
          origin: this.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: request.body,
        },
        call,
      );
    });
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private readonly released = (): void => {
    this.outstanding -= 1;
  };

  private readonly lineIsUp = (): boolean => this.line === 'up';
}
