/** The whole world at one moment, for the live stream: channels, orders, who acts on what, rates, alerts. */
import type { LiveEventResponse } from '#contracts';
import type { ChannelRegistry, Clock, FlowView, LiveCounter, LiveCounts, OrderRecord, OrdersBook } from '#dispatch';
import { CHANNEL_HOLDS } from '#domain';
import { acknowledgedOf, controllerOf } from './acknowledged';
import type { LiveRates } from './live-rates';
import { renderAdminChannel } from './render-channel';
import { renderOrder } from './render-order';

/** Orders shown; more than this is a list to be read, not a picture. */
const ORDERS_MAX = 100;

export interface LivePictureParts {
  readonly channels: ChannelRegistry;
  readonly flow: FlowView;
  readonly orders: Pick<OrdersBook, 'list'>;
  readonly counter: LiveCounter;
  readonly rates: LiveRates;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

export class LivePicture {
  private lastOrders: readonly OrderRecord[] = [];

  constructor(private readonly parts: LivePictureParts) {}

  /** Never throws: what the journal cannot say now is left as it was, or null. */
  async take(): Promise<LiveEventResponse> {
    const [counts] = await Promise.all([this.counts(), this.readOrders()]);
    const { channels, clock, flow, rates } = this.parts;
    const nowMs = channels.nowMs();
    const flows = flow.newest()?.channels ?? null;
    const sumOf = (count: (channel: NonNullable<typeof flows>[number]) => number): number | null =>
      flows && flows.reduce((sum, channel) => sum + count(channel), 0);
    return {
      object: 'live',
      at: new Date(nowMs).toISOString(),
      channels: channels.all().map((entry) => renderAdminChannel(entry, flow)),
      gone: [],
      controller: controllerOf(flow),
      acknowledged: acknowledgedOf(flow, channels.version()),
      orders: this.lastOrders.map((order) => renderOrder(order, nowMs, null)),
      totals: {
        ...rates.sample(clock.monotonicMs(), counts?.accepted ?? null),
        backlog: sumOf(({ backlog }) => backlog),
        in_flight: sumOf(({ inFlight }) => inFlight),
      },
      alerts: { open_worklist: counts && { ...counts.openWorklist } },
    };
  }

  private async counts(): Promise<LiveCounts | null> {
    return this.parts.counter.read().catch(() => null);
  }

  private async readOrders(): Promise<void> {
    try {
      const page = await this.parts.orders.list({ open: true, holds: CHANNEL_HOLDS, target: null }, null, ORDERS_MAX);
      this.lastOrders = page.orders;
    } catch {
      // The journal is away: the orders that were read last stand, as they do in every process.
    }
  }
}
