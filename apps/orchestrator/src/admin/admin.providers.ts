/** What operators use, wired: their controllers, the books behind them, and the live board. */
import type { Provider } from '@nestjs/common';
import {
  ChangeLimits,
  type ChannelRegistry,
  type FlowView,
  type LimitsBook,
  type Log,
  OrderChannels,
  type OrdersBook,
} from '#dispatch';
import type { Postgres } from '#postgres';
import { requestId, systemClock } from '#runtime';
import { AUDIT_TRAIL, CHANNELS, FLOW, LIMITS, LOG, ORDERS, POSTGRES } from '../tokens';
import { AdminChannelsController } from './admin-channels.controller';
import { AuditController } from './audit.controller';
import { ChannelLimitsController } from './channel-limits.controller';
import { ListWorklistController } from './list-worklist.controller';
import { LiveBoard } from './live-board';
import { LivePicture } from './live-picture';
import { LiveRates } from './live-rates';
import { LiveController } from './live.controller';
import { MaintenanceWindowsController } from './maintenance-windows.controller';
import { OrdersController } from './orders.controller';
import { SettleWorklistItemController } from './settle-worklist-item.controller';
import { TwoPersonsController } from './two-persons.controller';

export const adminControllers = [
  AdminChannelsController,
  ChannelLimitsController,
  OrdersController,
  MaintenanceWindowsController,
  LiveController,
  AuditController,
  ListWorklistController,
  SettleWorklistItemController,
  TwoPersonsController,
];

export const adminProviders: readonly Provider[] = [
  { provide: LIMITS, inject: [POSTGRES], useFactory: ({ limits }: Postgres) => limits },
  { provide: ORDERS, inject: [POSTGRES], useFactory: ({ orders }: Postgres) => orders },
  { provide: AUDIT_TRAIL, inject: [POSTGRES], useFactory: ({ auditTrail }: Postgres) => auditTrail },
  { provide: ChangeLimits, inject: [LIMITS], useFactory: (book: LimitsBook) => new ChangeLimits(book) },
  {
    provide: OrderChannels,
    inject: [ORDERS, CHANNELS],
    useFactory: (orders: OrdersBook, channels: ChannelRegistry) => new OrderChannels(orders, channels),
  },
  {
    provide: LiveRates,
    inject: [POSTGRES],
    useFactory: ({ feed }: Postgres) => {
      const rates = new LiveRates();
      feed.subscribe((_ids, states) => rates.became(states));
      return rates;
    },
  },
  {
    provide: LiveBoard,
    inject: [POSTGRES, FLOW, LiveRates, LOG],
    useFactory: ({ channels, liveCounter, orders }: Postgres, flow: FlowView, rates: LiveRates, log: Log) => {
      const picture = new LivePicture({ channels, flow, orders, counter: liveCounter, rates, clock: systemClock });
      // Of this process and this start alone, as a request's id is of its request.
      return new LiveBoard({ take: () => picture.take(), boardId: requestId().slice(-16), log });
    },
  },
];
