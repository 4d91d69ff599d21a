/** Sends errors: one shape, one media type, whoever failed. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ProblemCause, type ProblemResponse, isCardNumberInIdentifier, renderProblem } from '#contracts';
import type { Log, Meters } from '#dispatch';
import type { ErrorCode } from '#domain';
import { requestId } from '#runtime';
import { causeOf } from './cause-of';
import type { HttpReply, HttpRequest } from './exchange';
import { ProblemError } from './problem-error';

const MEDIA_TYPE = 'application/problem+json; charset=utf-8';
/** Our longest path is 60 characters; a stranger's is not repeated whole. */
const INSTANCE_MAX = 200;

export class ProblemAnswers {
  /** @param random chance from 0 to 1, spreads retries */
  constructor(
    private readonly log: Log,
    private readonly meters: Meters,
    private readonly random: () => number,
    /** Told of every error that was answered. */
    private readonly onAnswered: (code: ErrorCode) => void = () => undefined,
  ) {}

  /** Answers a request with what went wrong. An error of ours is logged whole and shown as `internal_error`. */
  send(request: HttpRequest, reply: HttpReply, error: unknown, more: Readonly<Record<string, string>> = {}): void {
    const isAcceptance = request.method === 'POST' && request.routeOptions?.url === '/v1/payments';
    const cause = causeOf(error, isAcceptance) ?? this.ours(request, error);
    const problem = renderProblem(cause, {
      instance: instanceOf(request.url),
      requestId: request.id,
      instructs: request.method !== 'GET' && request.method !== 'HEAD',
      random: this.random(),
    });
    this.meters.count('sluice_problems_total', { code: cause.code });
    this.onAnswered(cause.code);
    const headers = { ...headersOf(problem), ...(error instanceof ProblemError ? error.headers : {}), ...more };
    for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    reply.code(problem.status).send(JSON.stringify(problem));
  }

  /** What came in was not HTTP, or came too slowly: there is no request, only a socket. */
  sendRaw(socket: Socket, error: unknown): void {
    // A reset is nobody's to answer.
    if ((error as { code?: string }).code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const cause: ProblemCause = causeOf(error, false) ?? { code: 'malformed_request' };
    const place = { instance: '/', requestId: requestId(), instructs: false, random: this.random() };
    // The method was never read: nothing of this request was accepted.
    const problem = { ...renderProblem(cause, place), accepted: false };
    this.meters.count('sluice_problems_total', { code: cause.code });
    const body = JSON.stringify(problem);
    const headers = { ...headersOf(problem), 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n`;
    socket.end(`${status}${lines.join('')}\r\n${body}`);
  }

  private ours(request: HttpRequest, error: unknown): ProblemCause {
    this.log.error('A request failed on our side', { request: request.id, method: request.method, error });
    return { code: 'internal_error' };
  }
}

function headersOf({ code, request_id, retry }: ProblemResponse): Record<string, string> {
  return {
    'Content-Type': MEDIA_TYPE,
    'Request-Id': request_id,
    'Cache-Control': 'no-store',
    ...(retry && retry.after_ms > 0 ? { 'Retry-After': String(Math.max(1, Math.ceil(retry.after_ms / 1_000))) } : {}),
    ...(code === 'api_key_invalid' ? { 'WWW-Authenticate': 'Bearer' } : {}),
  };
}

/** The path without its query. Never a card number that somebody put into it. */
function instanceOf(url: string): string {
  const path = url.split('?', 1)[0]!.slice(0, INSTANCE_MAX);
  return isCardNumberInIdentifier(path) ? '/' : path;
}
