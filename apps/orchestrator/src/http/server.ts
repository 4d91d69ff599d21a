/**
 * The HTTP server: its bounds, and what every request passes.
 *
 * Bodies are taken as bytes and parsed after the key has been checked (read-json.ts). Whatever Fastify or Node refuse on their own
 * becomes problem+json like everything else.
 */
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { TelemetryMeters } from '#telemetry';
import type { StepProbe } from '#dispatch';
import { OPERATIONS } from '#contracts';
import { requestId } from '#runtime';
import type { LoadShed } from '../overload/load-shed';
import type { Readiness } from '../service/readiness';
import type { AllowedMethods } from './allowed-methods';
import type { HttpReply, HttpRequest } from './exchange';
import type { ProblemAnswers } from './problem-answers';
import { ProblemError } from './problem-error';

/** Thirty times a payment with every field; doubling it would only cost memory per connection. */
export const BODY_MAX_BYTES = 16 * 1_024;
const HEADERS_MAX_BYTES = 16 * 1_024;
/** A checkout in the same country sends its headers in one packet; slower than this is an attack or a dead line. */
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
/** Longer than common load balancers keep theirs (60 s), so that they close first and no request meets a closing socket. */
const KEEP_ALIVE_MS = 65_000;
/** Longest id in a path: an instrument's token. */
const PARAM_MAX = 128;

export function createAdapter(answers: ProblemAnswers): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    genReqId: requestId,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_WITHIN_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    // Nobody registers middleware, so the layer that runs it is left out of the hot path.
    skipMiddie: true,
    http: {
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      maxHeaderSize: HEADERS_MAX_BYTES,
      connectionsCheckingInterval: 1_000,
    },
    routerOptions: { maxParamLength: PARAM_MAX },
    // The router refuses an address before any hook runs.
    frameworkErrors: (error: Error, request: unknown, reply: unknown) =>
      answers.send(request as HttpRequest, reply as HttpReply, error),
    clientErrorHandler: (error: Error, socket: Socket) => answers.sendRaw(socket, error),
  });
}

export interface ServerParts {
  readonly allowed: AllowedMethods;
  readonly readiness: Readiness;
  readonly loadShed: Pick<LoadShed, 'shedsRead'>;
  readonly meters: TelemetryMeters;
  readonly reached: StepProbe;
}

const ACCEPTANCE = 'createPayment';
/** Reads of merchants: many, and repeated. */
const SHED_READS = new Set(['/v1/payments', '/v1/payments/:id', '/v1/payments/:id/events']);

/** Hooks and parsers; to be called before the routes are registered. */
export function equip(adapter: FastifyAdapter, { allowed, loadShed, readiness, meters, reached }: ServerParts): void {
  const server = adapter.getInstance();
  const operationOf = operationsByRoute();

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_MAX_BYTES }, (_request, body, done) => {
    done(null, body);
  });
  server.addHook('onRoute', ({ method, url }) => allowed.add(method, url));
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('Request-Id', request.id);
    // A client that keeps its connection would keep us from ending.
    if (readiness.isDraining) reply.header('Connection', 'close');
    // Health, metrics and operators are answered however strained we are: they want to know why.
    const isRead = request.method === 'GET' && SHED_READS.has(request.routeOptions.url ?? '');
    if (isRead && loadShed.shedsRead()) done(new ProblemError({ code: 'router_overloaded' }));
    else done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const operation = operationOf.get(`${request.method} ${request.routeOptions.url ?? ''}`) ?? 'none';
    meters.count('sluice_http_requests_total', { operation, status: String(reply.statusCode) });
    meters.observeMs('sluice_http_request_ms', reply.elapsedTime, { operation });
    if (operation === ACCEPTANCE && reply.statusCode === 202) reached('accept.answered');
    done();
  });
}

/** `POST /v1/payments/:id/cancel` → `cancelPayment`: what metrics call a route. */
function operationsByRoute(): ReadonlyMap<string, string> {
  return new Map(
    OPERATIONS.map(({ method, path, id }) => [`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`, id]),
  );
}
