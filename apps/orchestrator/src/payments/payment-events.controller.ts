/** GET /v1/payments/:id/events: server-sent events, resumable. */
import { Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import type { Log, PaymentJournal } from '#dispatch';
import { type Payment, isFinal } from '#domain';
import { MerchantKey, merchantOf } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { openSink } from '../http/open-sink';
import { ProblemError } from '../http/problem-error';
import { JOURNAL, LOG } from '../tokens';
import { EventStream } from '../watch/event-stream';
import { OpenStreams } from '../watch/open-streams';
import { PaymentWatch } from '../watch/payment-watch';
import { PaymentReader } from './payment-reader';

@Controller()
export class PaymentEventsController {
  constructor(
    private readonly reader: PaymentReader,
    private readonly watch: PaymentWatch,
    private readonly streams: OpenStreams,
    @Inject(JOURNAL) private readonly journal: PaymentJournal,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get('v1/payments/:id/events')
  @UseGuards(MerchantKey)
  async follow(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { id = '' } = request.params;
    const merchantId = merchantOf(request);
    let stream: EventStream | null = null;
    // Subscribed before the first read, so that nothing falls between.
    const unwatch = this.watch.watch(
      id,
      (payment) => stream?.changed(payment),
      () => true,
    );
    try {
      const payment = await this.reader.read(merchantId, id);
      const cursor = readCursor(request, payment);
      if (cursor === payment.head.version && isFinal(payment.head.state)) {
        reply.code(204).send();
        return;
      }
      if (unwatch === null || !this.streams.hasRoom()) throw new ProblemError({ code: 'router_overloaded' });
      const opened: EventStream = new EventStream(
        payment,
        cursor,
        this.journal,
        openSink(request, reply),
        this.log,
        () => {
          unwatch();
          this.streams.delete(opened);
        },
      );
      stream = opened;
      this.streams.add(opened);
      reply.raw.once('close', () => opened.gone());
      opened.changed(payment);
    } finally {
      if (!stream) unwatch?.();
    }
  }
}

/** The last version the reader has. @throws ProblemError */
function readCursor({ headers, query }: HttpRequest, payment: Payment): number {
  const text = headers['last-event-id'] ?? query.after ?? '0';
  const cursor = typeof text === 'string' && /^(?:0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : NaN;
  if (!(cursor <= payment.head.version)) throw new ProblemError({ code: 'event_cursor_invalid' });
  return cursor;
}
