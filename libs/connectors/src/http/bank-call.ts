/**
 * One HTTP exchange with a bank, from the call to the last byte: undici's low-level handler.
 *
 * The question it must answer exactly is whether a byte of the request can have left this machine. undici 8 calls `onRequestStart`
 * in the same synchronous run that writes the request (client-h1.js, writeH1), and an exception thrown there removes the request from
 * the queue without touching the connection. So:
 *
 *   waiting ── onRequestStart: maySend()? ──no──▶ throw: not_sent, nothing written, connection intact
 *      │                        │ yes
 *      │ deadline, connect      ▼
 *      │ failed: not_sent    written ── complete answer ─▶ received
 *      ▼                        └──── anything else ─────▶ no_answer (the bank may have acted)
 *
 * After `written` nothing is ever `not_sent` again, also not for a connection that the bank had already closed: we cannot prove that
 * it did not read the request first.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { CallLimits, NoAnswerReason, NotSentReason } from '#dispatch';
import type { Dispatcher } from 'undici';
import type { CarriedHandler, ResettableClient } from './resettable-client';

/** What came over the wire; whether it can be trusted is for the protocol to say. */
export type WireResult =
  | { readonly kind: 'not_sent'; readonly reason: NotSentReason; readonly elapsedMs: number }
  | { readonly kind: 'no_answer'; readonly reason: NoAnswerReason; readonly elapsedMs: number }
  | {
      readonly kind: 'received';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
      readonly elapsedMs: number;
    };

/** Thrown at undici to take a request back before its first byte. One object: building a stack for each would cost more than the call. */
const TAKEN_BACK = new Error('taken back before the first byte was written');
const DEADLINE = new Error('the deadline of the call passed');
const TOO_LARGE = new Error('the answer is larger than allowed');
const EMPTY = Buffer.alloc(0);

/** undici's names for an answer that is not HTTP as we know it; everything else after the write is a lost connection. */
const PROTOCOL_ERRORS = new Set(['HTTPParserError', 'HeadersOverflowError', 'ResponseContentLengthMismatchError']);

/** A call that has waited for a connection longer than this share of its time is not sent: a bank cannot answer in what is left. */
const WAIT_SHARE_MAX = 0.9;

export class BankCall implements CarriedHandler {
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private connection: ResettableClient | null = null;
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private chunks: Buffer[] = [];
  private size = 0;

  /**
   * @param maxBytes an answer's body may have so many bytes
   * @param lineIsUp asked at the deadline of a call that was never written: can connections be had, so that they were only all busy?
   * @param released undici is done with the request, which may be later than the result: a call that expired in the pool's queue
   *   stays in it until its turn comes
   */
  constructor(
    private readonly limits: CallLimits,
    private readonly maxBytes: number,
    private readonly lineIsUp: () => boolean,
    private readonly resolve: (result: WireResult) => void,
    private readonly released: () => void,
  ) {
    // One timer from call to last byte. Node keeps timers of equal length in one list, so this costs 0.3 µs, not a heap operation.
    this.timer = setTimeout(() => this.onDeadline(), limits.timeoutMs);
  }

  carriedBy(connection: ResettableClient): void {
    this.connection = connection;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Never written twice: should undici put a request back into its queue, this is where it learns that we do not resend.
    if (this.settled || this.controller) throw TAKEN_BACK;
    // Its turn came when its time was nearly over: written now, it would only become an unknown of our own making.
    if (this.elapsedMs() > this.limits.timeoutMs * WAIT_SHARE_MAX) {
      this.settle({ kind: 'not_sent', reason: 'pool_full', elapsedMs: this.elapsedMs() });
      throw TAKEN_BACK;
    }
    if (!this.limits.maySend()) {
      this.settle({ kind: 'not_sent', reason: 'too_late_to_send', elapsedMs: this.elapsedMs() });
      throw TAKEN_BACK;
    }
    this.controller = controller;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.settled || status < 200) return; // an interim 1xx is not the answer
    this.status = status;
    this.headers = headers;
    if (Number(headers['content-length'] ?? 0) > this.maxBytes) this.refuseAnswer(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    this.size += chunk.length;
    if (this.size > this.maxBytes) this.refuseAnswer(controller);
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.chunks;
    const body = this.chunks.length > 1 ? Buffer.concat(this.chunks, this.size) : (first ?? EMPTY);
    this.settle({
      kind: 'received',
      status: this.status,
      headers: this.headers,
      body,
      elapsedMs: this.elapsedMs(),
    });
    this.released();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    this.released();
    if (this.settled) return;
    if (this.controller) {
      const reason = PROTOCOL_ERRORS.has(error.name) ? 'protocol_error' : 'reset';
      this.settle({ kind: 'no_answer', reason, elapsedMs: this.elapsedMs() });
    } else {
      const ended = error.code === 'UND_ERR_DESTROYED' || error.code === 'UND_ERR_CLOSED';
      this.settle({ kind: 'not_sent', reason: ended ? 'canceled' : 'connect_failed', elapsedMs: this.elapsedMs() });
    }
  }

  private onDeadline(): void {
    if (this.settled) return;
    if (!this.controller) {
      // Still in our queue. Should its turn come later, onRequestStart takes it back.
      const reason = this.lineIsUp() ? 'pool_full' : 'connect_failed';
      this.settle({ kind: 'not_sent', reason, elapsedMs: this.elapsedMs() });
      return;
    }
    this.settle({ kind: 'no_answer', reason: 'deadline', elapsedMs: this.elapsedMs() });
    this.connection?.reset();
    this.controller.abort(DEADLINE);
  }

  private refuseAnswer(controller: Dispatcher.DispatchController): void {
    this.settle({ kind: 'no_answer', reason: 'too_large', elapsedMs: this.elapsedMs() });
    this.connection?.reset();
    controller.abort(TOO_LARGE);
  }

  private settle(result: WireResult): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.chunks = [];
    this.resolve(result);
  }

  private elapsedMs(): number {
    return performance.now() - this.startedAt;
  }
}
