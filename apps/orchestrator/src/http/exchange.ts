/** The parts of Fastify's request and reply that our controllers use. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiKeyOwner } from '#postgres';

export interface HttpRequest {
  /** `req_…`; also the answer's Request-Id. */
  readonly id: string;
  readonly method: string;
  /** Request target with its query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Raw bytes: nothing is parsed before the key is checked. Undefined where none were sent. */
  readonly body: Buffer | undefined;
  readonly raw: IncomingMessage;
  /** The route that matched, such as `/v1/payments/:id`. */
  readonly routeOptions: { readonly url?: string };
  /** Set by the guard. */
  owner?: ApiKeyOwner;
}

export interface HttpReply {
  readonly raw: ServerResponse;
  readonly statusCode: number;
  readonly elapsedTime: number;
  code(status: number): this;
  header(name: string, value: string | number): this;
  send(body?: unknown): this;
  /** From here on the raw response is ours. */
  hijack(): this;
}
