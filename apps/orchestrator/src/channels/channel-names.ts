/** What channels are called, for whoever writes sentences about them. */
import { Inject, Injectable } from '@nestjs/common';
import type { NameChannel } from '#contracts';
import type { ChannelRegistry } from '#dispatch';
import { CHANNELS } from '../tokens';

@Injectable()
export class ChannelNames {
  constructor(@Inject(CHANNELS) private readonly channels: ChannelRegistry) {}

  readonly nameOf: NameChannel = (id) => {
    const entry = this.channels.get(id);
    return entry && { bank: entry.bank, product: entry.channel.product };
  };
}
