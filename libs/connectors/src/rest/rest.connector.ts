/**
 * Speaks the protocol of docs/bank-protocol.md: addresses, members and signatures. What the bank's words mean is in rest.words.ts.
 *
 * A line's `baseUrl` is the channel's own address, such as `http://bank:4000/banks/icbc.quickpay`; operations are appended to it.
 */
import type { ChannelId, EpochMs } from '#domain';
import type {
  Asked,
  CallLimits,
  Connector,
  ConnectorCapabilities,
  Exchange,
  InquireRequest,
  NotificationRequest,
  ParsedNotification,
  PayRequest,
  RefundRequest,
  ReverseRequest,
  Route,
  Statement,
} from '#dispatch';
import type { BankHttpClient, Lane } from '../http/bank-http-client';
import type { WireResult } from '../http/bank-call';
import type { CallGuard } from '../http/call-guard';
import { parseRestCamt053 } from './rest.camt053';
import { restCapabilities } from './rest.capabilities';
import type { CapabilityDifferences } from './rest.capabilities';
import { isJson, parseJson, utf8 } from './rest.json';
import { parseRestNotification } from './rest.notification';
import type { RestKeys } from './rest.signature';
import { RestSignatures } from './rest.signature';
import { parseRestStatement } from './rest.statement';
import { classifyAnswer, classifyReversal, retryAfterOf } from './rest.words';
import type { Classified } from './rest.words';

export const STATEMENT_FORMATS = ['csv', 'camt053'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

export interface RestConnectorOptions {
  readonly keys: RestKeys;
  /** Channels whose contract differs from REST_CAPABILITIES. */
  readonly capabilities?: CapabilityDifferences;
  /** The form in which statements are asked for; both say the same. */
  readonly statementFormat?: StatementFormat;
  /** Wall clock that requests are stamped with and answers compared to. */
  readonly now?: () => EpochMs;
}

/** No answer of this protocol comes near it; what is larger is not an answer. */
const ANSWER_MAX_BYTES = 64 * 1_024;
/** A line has about 120 bytes (in XML 500): half a million lines, a busy channel's day. A larger day must come in parts. */
const STATEMENT_MAX_BYTES = 64 * 1_024 * 1_024;

const GUARD_REFUSED: Exchange = { kind: 'not_sent', reason: 'guard_refused', elapsedMs: 0 };

export class RestConnector implements Connector {
  readonly protocol = 'rest';
  readonly capabilities: (channelId: ChannelId) => ConnectorCapabilities;
  private readonly signatures: RestSignatures;
  private readonly now: () => EpochMs;
  private readonly statementFormat: StatementFormat;
  /** Path of each base URL: parsing it for each call would cost more than signing. As many as there are lines. */
  private readonly paths = new Map<string, string>();

  constructor(
    private readonly http: BankHttpClient,
    private readonly guard: CallGuard,
    options: RestConnectorOptions,
  ) {
    this.signatures = new RestSignatures(options.keys);
    this.capabilities = restCapabilities(options.capabilities ?? {});
    this.now = options.now ?? Date.now;
    this.statementFormat = options.statementFormat ?? 'csv';
  }

  pay(route: Route, request: PayRequest, limits: CallLimits): Promise<Exchange> {
    const members = {
      reference: request.reference,
      amount_minor: request.amount.value,
      currency: request.amount.currency,
      instrument: request.bankToken,
      send_by: rfc3339(request.sendBy),
      description: request.description ?? undefined,
      notify_url: request.notifyUrl ?? undefined,
      return_url: request.returnUrl ?? undefined,
      action_expires_at: request.actionExpiresAt === null ? undefined : rfc3339(request.actionExpiresAt),
    };
    return this.guarded(route, () => this.post(route, 'money', 'pay', members, about(request.reference), limits));
  }

  inquire(route: Route, request: InquireRequest, limits: CallLimits): Promise<Exchange> {
    const { reference } = request;
    return this.post(route, 'care', 'inquire', { reference }, about(reference), limits);
  }

  reverse(route: Route, request: ReverseRequest, limits: CallLimits): Promise<Exchange> {
    const { reference, originalReference } = request;
    const members = { reference, original_reference: originalReference };
    return this.post(route, 'care', 'reverse', members, about(reference, originalReference), limits);
  }

  refund(route: Route, request: RefundRequest, limits: CallLimits): Promise<Exchange> {
    const { reference, originalReference, amount } = request;
    const members = {
      reference,
      original_reference: originalReference,
      amount_minor: amount.value,
      currency: amount.currency,
      send_by: rfc3339(request.sendBy),
    };
    return this.guarded(route, () =>
      this.post(route, 'money', 'refund', members, about(reference, originalReference), limits),
    );
  }

  inquireRefund(route: Route, request: InquireRequest, limits: CallLimits): Promise<Exchange> {
    const { reference } = request;
    return this.post(route, 'care', 'inquire-refund', { reference }, about(reference), limits);
  }

  echo(route: Route, limits: CallLimits): Promise<Exchange> {
    return this.post(route, 'care', 'echo', {}, undefined, limits);
  }

  async fetchStatement(route: Route, date: string, limits: CallLimits): Promise<Statement> {
    const path = `${this.pathOf(route)}/statements/${encodeURIComponent(date)}?format=${this.statementFormat}`;
    const { result, signature } = await this.send(route, 'care', 'GET', path, null, STATEMENT_MAX_BYTES, limits);
    if (result.kind !== 'received') return { kind: 'unusable', reason: `No statement came: ${result.reason}` };
    const fault = this.faultOf(result, path, signature);
    if (fault) return { kind: 'unusable', reason: `The statement is not the bank's: ${fault}` };
    const text = utf8(result.body);
    if (result.status !== 200 || text === null) {
      return { kind: 'unusable', reason: `The bank answered ${result.status} instead of a statement` };
    }
    const parse = this.statementFormat === 'csv' ? parseRestStatement : parseRestCamt053;
    return parse(text, route.channelId, date);
  }

  parseNotification(channelId: ChannelId, request: NotificationRequest, now: EpochMs): ParsedNotification {
    return parseRestNotification(this.signatures, channelId, request, now);
  }

  classify(operation: Classified, exchange: Exchange): ReturnType<Connector['classify']> {
    return classifyAnswer(operation, exchange);
  }

  classifyUndo(exchange: Exchange): ReturnType<Connector['classifyUndo']> {
    return classifyReversal(exchange);
  }

  /** Ends what this connector owns; the HTTP client and the guard are shared and end with the registry. */
  close(): Promise<void> {
    return this.http.close();
  }

  /** The guard stands before money only: a closed channel must still be asked about what it has, and undone. */
  private guarded(route: Route, call: () => Promise<Exchange>): Promise<Exchange> {
    return this.guard.run(route.channelId, call, () => GUARD_REFUSED);
  }

  private async post(
    route: Route,
    lane: Lane,
    operation: string,
    members: object,
    asked: Asked | undefined,
    limits: CallLimits,
  ): Promise<Exchange> {
    const path = `${this.pathOf(route)}/${operation}`;
    const body = JSON.stringify(members);
    const { result, signature } = await this.send(route, lane, 'POST', path, body, ANSWER_MAX_BYTES, limits);
    if (result.kind !== 'received') return result;
    const { status, elapsedMs } = result;
    // Front doors and proxies answer in HTML: not the bank's word, and not a forgery either.
    if (!isJson(result.headers['content-type'])) return { kind: 'no_answer', reason: 'protocol_error', elapsedMs };
    if (this.faultOf(result, path, signature)) return { kind: 'no_answer', reason: 'signature_invalid', elapsedMs };
    const answer = parseJson(result.body);
    const retryAfterMs = status === 503 ? retryAfterOf(answer) : undefined;
    return {
      kind: 'answered',
      status,
      body: answer,
      elapsedMs,
      asked,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }

  private async send(
    route: Route,
    lane: Lane,
    method: 'GET' | 'POST',
    path: string,
    body: string | null,
    maxBytes: number,
    limits: CallLimits,
  ): Promise<{ readonly result: WireResult; readonly signature: string }> {
    const timestamp = String(this.now());
    const signature = this.signatures.signRequest(method, path, timestamp, body ?? '');
    const headers = ['bank-key-id', this.signatures.keyId, 'bank-timestamp', timestamp, 'bank-signature', signature];
    if (body !== null) headers.push('content-type', 'application/json');
    const result = await this.http.call(route, lane, { method, path, headers, body, maxBytes }, limits);
    return { result, signature };
  }

  private pathOf(route: Route): string {
    const { baseUrl } = route.line;
    let path = this.paths.get(baseUrl);
    if (path === undefined) {
      path = URL.parse(baseUrl)?.pathname.replace(/\/+$/, '') ?? '';
      this.paths.set(baseUrl, path);
    }
    return path;
  }

  private faultOf(
    received: Extract<WireResult, { kind: 'received' }>,
    path: string,
    signature: string,
  ): ReturnType<RestSignatures['faultOfAnswer']> {
    const { headers, status, body } = received;
    return this.signatures.faultOfAnswer(headers, status, path, signature, body, this.now());
  }
}

function about(reference: string, originalReference: string | null = null): Asked {
  return { reference, originalReference };
}

function rfc3339(at: EpochMs): string {
  return new Date(at).toISOString();
}
