/** POST /v1/notifications/:channel_id: what a bank tells us, as the bytes it sent. The connector checks the signature. */
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ReceiveNotification } from '#dispatch';
import { isChannelId } from '#domain';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';

const NOTHING = new Uint8Array();

@Controller()
export class ReceiveNotificationController {
  constructor(private readonly notifications: ReceiveNotification) {}

  @Post('v1/notifications/:channel_id')
  @HttpCode(200)
  async receive(@Req() request: HttpRequest): Promise<string> {
    const { channel_id: channelId = '' } = request.params;
    if (!isChannelId(channelId)) throw new ProblemError({ code: 'not_found' });
    const received = await this.notifications.receive(channelId, {
      path: request.url,
      headers: singleHeaders(request.headers),
      body: request.body ?? NOTHING,
    });
    switch (received) {
      case 'taken':
        return 'OK';
      case 'rejected':
        throw new ProblemError({ code: 'notification_rejected' });
      case 'try_again':
        throw new ProblemError({ code: 'storage_unavailable' });
    }
  }
}

/** A header that came twice was not sent by a bank that signs. */
function singleHeaders(headers: HttpRequest['headers']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? undefined : value]),
  );
}
