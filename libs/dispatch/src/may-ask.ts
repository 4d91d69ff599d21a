/** The last look before a question or a giving back leaves: a channel that was killed meanwhile is sent nothing. */
import { type ChannelId, effectOf } from '#domain';
import type { ChannelRegistry } from './ports/channel-registry';

/** @returns for the connector's `maySend`: asked when the connection is there, right before the first byte */
export function mayAsk(channels: ChannelRegistry, channelId: ChannelId): () => boolean {
  return () => effectOf(channels.get(channelId)?.order ?? null).asks;
}
