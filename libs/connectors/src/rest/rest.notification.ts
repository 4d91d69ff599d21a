/**
 * Is this news from the bank, and what does it say? A stranger may have written these bytes: the signature over the raw bytes comes
 * first, then the clock, and only then is anything read. Never throws.
 */
import type { ChannelId, EpochMs } from '#domain';
import type { NotificationRequest, ParsedNotification } from '#dispatch';
import { parseJson } from './rest.json';
import type { RestSignatures } from './rest.signature';
import { classifyNews, membersOf, referenceOf } from './rest.words';

/** The bank's own limit for a message is 16 KiB; four times that is nobody's notification. */
const BODY_MAX = 65_536;

export function parseRestNotification(
  signatures: RestSignatures,
  channelId: ChannelId,
  request: NotificationRequest,
  now: EpochMs,
): ParsedNotification {
  if (request.body.length > BODY_MAX) return rejected('malformed');
  const fault = signatures.faultOfRequest(request.headers, 'POST', request.path, request.body, now);
  if (fault) return rejected(fault);
  const news = membersOf(parseJson(request.body));
  if (!news) return rejected('malformed');
  const { notification_id: bankNotificationId, event, channel } = news;
  const reference = referenceOf(news);
  const operation = event === 'payment' ? 'pay' : event === 'refund' ? 'refund' : null;
  if (
    reference === null ||
    operation === null ||
    // News of another channel under this channel's address: misrouted at best.
    channel !== channelId ||
    typeof bankNotificationId !== 'string' ||
    !/^[\x21-\x7e]{1,128}$/.test(bankNotificationId)
  ) {
    return rejected('malformed');
  }
  return {
    kind: 'parsed',
    notification: { reference, operation, evidence: classifyNews(operation, news), bankNotificationId },
  };
}

function rejected(reason: 'signature_invalid' | 'stale' | 'malformed'): ParsedNotification {
  return { kind: 'rejected', reason };
}
