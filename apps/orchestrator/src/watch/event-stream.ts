/**
 * One reader following one payment: first what it missed, then what happens, until the payment is final.
 *
 * Events are read from the journal, never taken from the notification, so their order is the payment's versions without a gap. The
 * stream writes to any sink; the controller gives it the socket.
 */
import { renderEvent, renderPayment } from '#contracts';
import type { Log, PaymentJournal } from '#dispatch';
import { type Payment, type PaymentEvent, isFinal } from '#domain';

/** Where the frames go. */
export interface EventSink {
  /** @returns bytes that the reader has not taken yet */
  write(text: string): number;
  /** In order: what was written arrives. */
  end(): void;
  /** At once: the reader did not keep up, or is gone. */
  destroy(): void;
}

/** A reader this far behind is cut off and resumes where it was: about sixty events, a hundred times what is normal. */
const UNREAD_MAX_BYTES = 256 * 1_024;
/** Events read at a time. */
const PAGE = 100;

export class EventStream {
  private payment: Payment;
  private pumping = false;
  private again = false;
  private over = false;

  constructor(
    payment: Payment,
    /** Version of the last event the reader has. */
    private cursor: number,
    private readonly journal: Pick<PaymentJournal, 'events' | 'read'>,
    private readonly sink: EventSink,
    private readonly log: Pick<Log, 'warn'>,
    private readonly onOver: () => void,
  ) {
    this.payment = payment;
  }

  /** The payment has changed, or is looked at for the first time. */
  changed(payment: Payment): void {
    if (payment.head.version > this.payment.head.version) this.payment = payment;
    this.again = true;
    if (!this.pumping) void this.pump();
  }

  /** The payment, while its reader could still choose another way for it; null otherwise. */
  get open(): Payment | null {
    const { state } = this.payment.head;
    return !this.over && (state === 'queued' || state === 'requires_payment_method') ? this.payment : null;
  }

  /** Something that is no event of the payment, and therefore has no id: nobody resumes at it. */
  tell(event: string, data: unknown): void {
    if (!this.over) this.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A comment that keeps proxies from closing a silent line. */
  ping(): void {
    if (!this.over) this.write(': ping\n\n');
  }

  /** The process is ending: the reader comes back after `retryMs` and resumes at another one. */
  leave(retryMs: number): void {
    if (this.over) return;
    this.write(`retry: ${retryMs}\n\n`);
    this.finish();
    this.sink.end();
  }

  /** The reader hung up. */
  gone(): void {
    if (this.over) return;
    this.finish();
    this.sink.destroy();
  }

  private async pump(): Promise<void> {
    this.pumping = true;
    try {
      while (this.again && !this.over) {
        this.again = false;
        await this.sendNews();
      }
    } catch (error) {
      this.log.warn('An event stream could not read its payment; the reader resumes by itself', { error });
      this.gone();
    } finally {
      this.pumping = false;
    }
  }

  private async sendNews(): Promise<void> {
    for (;;) {
      const events = await this.journal.events(this.payment, this.cursor, PAGE);
      await this.catchUpWith(events);
      if (this.over) return;
      const rendered = renderPayment(this.payment);
      for (const event of events) {
        this.cursor = event.version;
        this.write(
          `id: ${event.version}\nevent: ${event.type}\ndata: ${JSON.stringify(renderEvent(event, rendered))}\n\n`,
        );
        if (this.over) return;
      }
      if (events.length < PAGE) break;
    }
    const { head } = this.payment;
    if (!isFinal(head.state) || this.cursor < head.version) return;
    this.write('event: done\ndata: {}\n\n');
    this.finish();
    this.sink.end();
  }

  /** Events were read after the payment was: one of them may be newer, and must not come with an older payment. */
  private async catchUpWith(events: readonly PaymentEvent[]): Promise<void> {
    const newest = events.at(-1)?.version ?? 0;
    if (newest <= this.payment.head.version) return;
    const read = await this.journal.read(this.payment.id);
    if (read) this.payment = read;
  }

  private write(text: string): void {
    if (this.sink.write(text) > UNREAD_MAX_BYTES) this.gone();
  }

  private finish(): void {
    this.over = true;
    this.onOver();
  }
}
