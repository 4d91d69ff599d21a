/**
 * What an operator may order about channels: drain, pause, isolate, kill, and maintenance windows, for one channel, a bank's, or all; and
 * the release of each. An order acts on every process through the registry, and ends by itself where it has an end.
 */
import { type ChannelHold, EVERYTHING, type EpochMs, type ErrorCode } from '#domain';
import type { ChannelRegistry } from './ports/channel-registry';
import type { OrderRecord, OrdersBook, OrdersReleased } from './ports/orders-book';

/** What acts at once. Maintenance is announced instead. */
export const IMMEDIATE_HOLDS = ['drain', 'pause', 'isolate', 'kill'] as const satisfies readonly ChannelHold[];
export type ImmediateHold = (typeof IMMEDIATE_HOLDS)[number];

/** What a release ends where nobody says otherwise. A kill switch is named, so that nobody releases it in passing. */
export const RELEASED_BY_DEFAULT = ['drain', 'pause', 'isolate'] as const satisfies readonly ImmediateHold[];

export interface OrderCommand {
  readonly target: string;
  readonly hold: ImmediateHold;
  readonly until: EpochMs | null;
  readonly by: string;
  readonly why: string;
}

export interface WindowCommand {
  readonly target: string;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  /** How long before the window nothing new comes in, ms. */
  readonly drainsBeforeMs: number;
  readonly by: string;
  readonly why: string;
}

export interface OrderRefusal {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly faults?: readonly {
    readonly member: 'target' | 'until' | 'startsAt' | 'endsAt';
    readonly code: 'order_target' | 'order_end' | 'window_start' | 'window_end';
  }[];
}

export type OrderAnswer =
  | {
      readonly kind: 'ordered';
      readonly order: OrderRecord;
      /** It stood already. */
      readonly standing: boolean;
      readonly version: number;
    }
  | OrderRefusal;

export type ReleaseAnswer = ({ readonly kind: 'released' } & OrdersReleased) | OrderRefusal;

/** Beyond it an order is not one for a night; it is better without an end, and released by whoever knows that it is over. */
const ORDER_MAX_MS = 30 * 86_400_000;
/** Banks announce their windows weeks ahead. */
const ANNOUNCED_MAX_MS = 366 * 86_400_000;

export class OrderChannels {
  constructor(
    private readonly orders: OrdersBook,
    private readonly channels: Pick<ChannelRegistry, 'all' | 'nowMs'>,
  ) {}

  /** @throws JournalUnavailable; given or not, the list says which, and giving it again is harmless */
  async order({ by, hold, target, until, why }: OrderCommand): Promise<OrderAnswer> {
    if (!this.isTarget(target)) return refusal({ member: 'target', code: 'order_target' });
    const nowMs = this.channels.nowMs();
    if (until !== null && (until <= nowMs || until > nowMs + ORDER_MAX_MS)) {
      return refusal({ member: 'until', code: 'order_end' });
    }
    return this.give({ target, hold, by, why, startsAt: null, endsAt: until, drainsBeforeMs: 0 });
  }

  /** @throws JournalUnavailable; as above */
  async announce({ by, drainsBeforeMs, endsAt, startsAt, target, why }: WindowCommand): Promise<OrderAnswer> {
    if (!this.isTarget(target)) return refusal({ member: 'target', code: 'order_target' });
    const nowMs = this.channels.nowMs();
    if (startsAt < nowMs || startsAt > nowMs + ANNOUNCED_MAX_MS) {
      return refusal({ member: 'startsAt', code: 'window_start' });
    }
    if (endsAt <= startsAt || endsAt > startsAt + ORDER_MAX_MS)
      return refusal({ member: 'endsAt', code: 'window_end' });
    return this.give({ target, hold: 'maintenance', by, why, startsAt, endsAt, drainsBeforeMs });
  }

  /** Ends one order, or calls off one that lies ahead. @throws JournalUnavailable; repeat it freely */
  async release(id: number, isWindow: boolean, by: string, why: string): Promise<OrderAnswer> {
    const known = await this.orders.find(id);
    if (!known || (known.hold === 'maintenance') !== isWindow) return { kind: 'refused', code: 'not_found' };
    const { released, version } = await this.orders.release({ id }, by, why);
    const order = released[0];
    if (order) return { kind: 'ordered', order, standing: false, version };
    return { kind: 'refused', code: 'order_over' };
  }

  /** Ends all orders of some kinds about exactly this target; those about its bank, or everything, stay. @throws JournalUnavailable */
  async releaseAll(target: string, holds: readonly ImmediateHold[], by: string, why: string): Promise<ReleaseAnswer> {
    if (!this.isTarget(target)) return refusal({ member: 'target', code: 'order_target' });
    return { kind: 'released', ...(await this.orders.release({ target, holds }, by, why)) };
  }

  private isTarget(target: string): boolean {
    if (target === EVERYTHING) return true;
    return this.channels.all().some(({ channel }) => channel.id === target || channel.bankId === target);
  }

  private async give(draft: Parameters<OrdersBook['give']>[0]): Promise<OrderAnswer> {
    const given = await this.orders.give(draft);
    if (given.outcome === 'full') return { kind: 'refused', code: 'orders_full' };
    return { kind: 'ordered', order: given.order, standing: given.outcome === 'standing', version: given.version };
  }
}

function refusal(fault: NonNullable<OrderRefusal['faults']>[number]): OrderRefusal {
  return { kind: 'refused', code: 'parameter_invalid', faults: [fault] };
}
