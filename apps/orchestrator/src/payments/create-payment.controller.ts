/** POST /v1/payments: accepted once it is durable. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { renderAsAccepted } from '#contracts';
import { AcceptPayment } from '#dispatch';
import { ChannelNames } from '../channels/channel-names';
import { MerchantKey } from '../http/api-key.guard';
import type { HttpReply, HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';
import { LoadShed } from '../overload/load-shed';
import { readCreateCommand } from './read-create-command';

@Controller()
export class CreatePaymentController {
  constructor(
    private readonly acceptPayment: AcceptPayment,
    private readonly names: ChannelNames,
    private readonly loadShed: LoadShed,
  ) {}

  @Post('v1/payments')
  @UseGuards(MerchantKey)
  async create(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const command = readCreateCommand(request);
    await socketRead();
    if (hasLeft(request)) throw ProblemError.of({ kind: 'refused', code: 'request_timeout' });
    const shed = this.loadShed.refusalOf(command);
    const answer = await (shed ? this.acceptPayment.turnAway(command, shed) : this.acceptPayment.accept(command));
    if (answer.kind === 'refused') throw ProblemError.of(answer, this.names.nameOf);
    const { payment, replayed } = answer;
    reply.code(202).header('Location', `/v1/payments/${payment.id}`);
    if (replayed) reply.header('Idempotent-Replayed', 'true');
    reply.send(renderAsAccepted(payment, this.names.nameOf));
  }
}

/**
 * Did the caller give up before we began? A process that stood still, or whose accept queue ran over, finds old requests beside their
 * retries; one whose caller has heard nothing must not be accepted after a retry was refused (chaos, random, seeds 2 and 400).
 */
function hasLeft({ raw }: HttpRequest): boolean {
  return raw.socket.destroyed || raw.socket.readableEnded;
}

/**
 * Waits until the socket has been read once more: a hang-up that came with the request is only read in the loop's next round. The first
 * turn ends the round in which the request was read, the second the one after.
 */
async function socketRead(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
