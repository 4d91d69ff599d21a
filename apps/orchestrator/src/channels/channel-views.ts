/** Channels as merchants see them now: from memory. */
import { Inject, Injectable } from '@nestjs/common';
import { type ChannelResponse, renderChannel } from '#contracts';
import { type ChannelEntry, type ChannelRegistry, type FlowView, standingOf } from '#dispatch';
import { isChannelId } from '#domain';
import { CHANNELS, FLOW } from '../tokens';

@Injectable()
export class ChannelViews {
  constructor(
    @Inject(CHANNELS) private readonly channels: ChannelRegistry,
    @Inject(FLOW) private readonly flow: FlowView,
  ) {}

  /** All of them, by id. */
  all(): readonly ChannelResponse[] {
    return this.channels.all().map((entry) => this.render(entry));
  }

  one(id: string): ChannelResponse | null {
    const entry = isChannelId(id) ? this.channels.get(id) : undefined;
    return entry ? this.render(entry) : null;
  }

  private render(entry: ChannelEntry): ChannelResponse {
    return renderChannel(entry.channel, entry.limits, entry.bank, standingOf(entry, this.flow));
  }
}
