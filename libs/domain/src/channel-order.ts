/**
 * What an operator has ordered about a channel, beside its limits. Each is a hard stop of its own kind, with a name, a reason and, where
 * it is not for good, an end.
 *
 * `drain`: no payment comes in; what waits is carried out. `pause`: payments come in and wait; nothing is sent. `isolate`: nothing comes in
 * and nothing is sent until somebody releases it (the breaker's own state, held by a person). `maintenance`: as isolate, announced to
 * payers, within a window. `kill`: as isolate, at once and above everything else. Inquiries and reversals go on under all of them but
 * `kill`.
 *
 * What is in force is a function of the standing orders and the time, so that a window begins and ends by itself everywhere at once, and
 * nobody has to be told at the moment it does.
 */
import type { ChannelId } from './ids';
import type { EpochMs } from './time';

/** From the weakest to the strongest: where several stand, the strongest is in force. */
export const CHANNEL_HOLDS = ['drain', 'pause', 'maintenance', 'isolate', 'kill'] as const;
export type ChannelHold = (typeof CHANNEL_HOLDS)[number];

export interface ChannelOrder {
  readonly channelId: ChannelId;
  readonly hold: ChannelHold;
  /** Who ordered it. */
  readonly by: string;
  readonly why: string;
  readonly since: EpochMs;
  /** When it ends by itself; `null`: when somebody releases it. */
  readonly until: EpochMs | null;
}

/** What may still happen on a channel under an order. */
export interface HoldEffect {
  /** Payments come into its queue. */
  readonly admits: boolean;
  /** Payments leave its queue for the bank. */
  readonly sends: boolean;
  /** The bank is asked about payments, and money goes back. */
  readonly asks: boolean;
}

export const HOLD_EFFECTS: Readonly<Record<ChannelHold, HoldEffect>> = {
  drain: { admits: false, sends: true, asks: true },
  pause: { admits: true, sends: false, asks: true },
  maintenance: { admits: false, sends: false, asks: true },
  isolate: { admits: false, sends: false, asks: true },
  kill: { admits: false, sends: false, asks: false },
};

const FREE: HoldEffect = { admits: true, sends: true, asks: true };

/** What a channel may do under the order in force, if one is. */
export function effectOf(order: ChannelOrder | null): HoldEffect {
  return order ? HOLD_EFFECTS[order.hold] : FREE;
}

/** Stands for all channels as the target of an order. */
export const EVERYTHING = 'everything';

/** An order as it is kept: for one channel, all of a bank's, or everything. */
export interface StandingOrder {
  /** Rises with every order. */
  readonly id: number;
  /** A channel's id, a bank's id, or `everything`. */
  readonly target: string;
  readonly hold: ChannelHold;
  readonly by: string;
  readonly why: string;
  /** A maintenance window's begin may lie ahead. */
  readonly startsAt: EpochMs;
  /** `null`: when somebody releases it. */
  readonly endsAt: EpochMs | null;
  /** From then until `startsAt` the channel drains, so that its queue is empty when the window begins. */
  readonly drainsAt: EpochMs;
}

/** A window that payers are told of before it begins. */
export interface AnnouncedWindow {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs | null;
}

/** Is this order about that channel? */
export function isAbout(order: Pick<StandingOrder, 'target'>, channelId: string, bankId: string): boolean {
  return order.target === channelId || order.target === bankId || order.target === EVERYTHING;
}

/**
 * What is in force at a moment, of the orders that are about one channel. A drain together with a pause is neither: nothing may come in
 * and nothing may leave, so the two are in force as `isolate`.
 */
export function orderAt(channelId: ChannelId, orders: readonly StandingOrder[], nowMs: EpochMs): ChannelOrder | null {
  const active = orders.flatMap((order): ChannelOrder[] => {
    const { by, drainsAt, endsAt, startsAt, why } = order;
    if (nowMs < drainsAt || (endsAt !== null && nowMs >= endsAt)) return [];
    if (nowMs < startsAt) return [{ channelId, hold: 'drain', by, why, since: drainsAt, until: endsAt }];
    return [{ channelId, hold: order.hold, by, why, since: startsAt, until: endsAt }];
  });
  const strongest = active.reduce<ChannelOrder | null>(
    (best, one) => (best && !isStronger(one, best) ? best : one),
    null,
  );
  if (strongest?.hold !== 'pause') return strongest;
  const drains = active.filter(({ hold }) => hold === 'drain');
  if (drains.length === 0) return strongest;
  // It is neither any more once the first of the two ends.
  const ends = [strongest, lastOf(drains)].flatMap(({ until }) => (until === null ? [] : [until]));
  return { ...strongest, hold: 'isolate', until: ends.length === 0 ? null : Math.min(...ends) };
}

/** The next maintenance window that has not begun. */
export function nextWindow(orders: readonly StandingOrder[], nowMs: EpochMs): AnnouncedWindow | null {
  const ahead = orders.filter(({ hold, startsAt }) => hold === 'maintenance' && startsAt > nowMs);
  const first = ahead.sort((a, b) => a.startsAt - b.startsAt)[0];
  return first ? { startsAt: first.startsAt, endsAt: first.endsAt } : null;
}

/** When what is in force may change by itself: the next begin or end after `nowMs`. Infinity: never. */
export function nextTurnOf(orders: readonly StandingOrder[], nowMs: EpochMs): number {
  const turns = orders.flatMap(({ drainsAt, startsAt, endsAt }) => [drainsAt, startsAt, endsAt ?? Infinity]);
  return Math.min(Infinity, ...turns.filter((turn) => turn > nowMs));
}

/** Of equal holds the one that lasts longer. */
function isStronger(one: ChannelOrder, other: ChannelOrder): boolean {
  const rank = CHANNEL_HOLDS.indexOf(one.hold) - CHANNEL_HOLDS.indexOf(other.hold);
  return rank > 0 || (rank === 0 && (one.until ?? Infinity) > (other.until ?? Infinity));
}

function lastOf(orders: readonly ChannelOrder[]): ChannelOrder {
  return orders.reduce((last, one) => (isStronger(one, last) ? one : last));
}
