/**
 * One POST to a merchant's receiver. The name is looked up once, every address it leads to must be public, and the connection goes to
 * one of them: the look-up that is checked is the one that the socket uses, so a name that changes its mind in between gains nothing.
 *
 * request-filtering-agent would do the check for Node's own agents; with undici a look-up function of ten lines is the whole of it.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { WebhookRequest, WebhookSender } from '#dispatch';
import { type WebhookAnswer, checkWebhookUrl } from '#policy';
import { Agent } from 'undici';
import { isPublicAddress } from './public-address';

/** An address that takes longer to accept a connection is down, ms. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Receivers commonly close an idle connection after 5 s; ours go first, so that no request meets a closing one. */
const KEEP_ALIVE_MS = 4_000;
/** The body of an answer means nothing to us. So much is read to keep the connection, for so long; then it is dropped. */
const BODY_MAX_BYTES = 4_096;
const BODY_WAIT_MS = 500;

class AddressRefused extends Error {
  constructor(host: string, address: string) {
    super(`${host} leads to ${address}, which is not a public address`);
    this.name = 'AddressRefused';
  }
}

export interface HttpWebhookSenderOptions {
  /** http, any port and private addresses: for the sandbox. */
  readonly allowPrivate: boolean;
  /** Looks names up; Node's own unless a spec says otherwise. */
  readonly resolve?: (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;
}

export class HttpWebhookSender implements WebhookSender {
  private readonly agent: Agent;

  constructor(private readonly options: HttpWebhookSenderOptions) {
    const resolve = options.resolve ?? resolveAll;
    this.agent = new Agent({
      pipelining: 1, // a connection for each: no request waits behind another endpoint's of the same host

      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      connect: {
        timeout: CONNECT_TIMEOUT_MS,
        lookup: (host, asked, done) => {
          resolve(host, (error, addresses) => {
            const refused = options.allowPrivate
              ? undefined
              : addresses.find(({ address }) => !isPublicAddress(address));
            if (error) return answerLookup(error, [], asked, done);
            if (refused) return answerLookup(new AddressRefused(host, refused.address), [], asked, done);
            answerLookup(null, addresses, asked, done);
          });
        },
      },
    });
  }

  async send({ url: text, headers, body, timeoutMs }: WebhookRequest): Promise<WebhookAnswer> {
    const { url } = checkWebhookUrl(text, this.options.allowPrivate);
    if (!url || this.isPrivateLiteral(url.hostname)) return { kind: 'failed', reason: 'address_refused' };
    try {
      const response = await this.agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: { ...headers },
        body,
        signal: AbortSignal.timeout(timeoutMs),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const enough = AbortSignal.timeout(BODY_WAIT_MS);
      await response.body.dump({ limit: BODY_MAX_BYTES, signal: enough }).catch(() => undefined);
      return { kind: 'answered', status: response.statusCode };
    } catch (error) {
      return { kind: 'failed', reason: failureOf(error) };
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  /** An address in the URL itself is connected to without a look-up. */
  private isPrivateLiteral(hostname: string): boolean {
    const address = hostname.replace(/^\[|\]$/g, '');
    return !this.options.allowPrivate && isIP(address) !== 0 && !isPublicAddress(address);
  }
}

function resolveAll(host: string, done: (error: Error | null, addresses: LookupAddress[]) => void): void {
  lookup(host, { all: true }, (error, addresses) => done(error, error ? [] : addresses));
}

function answerLookup(
  error: Error | null,
  addresses: LookupAddress[],
  asked: LookupOptions,
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
): void {
  const [first] = addresses;
  if (error ?? !first) return done(error ?? new Error('the name has no address'), []);
  if (asked.all) done(null, addresses);
  else done(null, first!.address, first!.family);
}

function failureOf(error: unknown): 'timeout' | 'connection_failed' | 'address_refused' {
  if (error instanceof AddressRefused) return 'address_refused';
  const { name = '', code = '' } = (error ?? {}) as { name?: unknown; code?: unknown };
  const isTimeout = name === 'TimeoutError' || /TIMEOUT/.test(String(code));
  return isTimeout ? 'timeout' : 'connection_failed';
}
