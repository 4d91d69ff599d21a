/**
 * What has been promised? An offer reserves headroom on its channel for as long as a payer takes to answer, weighted by how likely it is
 * taken; so the next bank is never offered to more payers than it can take, however alike they think.
 *
 *   offer ──▶ open: units of each channel ──┬─ taken ──▶ landing: 1 unit, until the controller has counted the payment ──▶ gone
 *                                           └─ its time is over ──▶ gone
 *
 * Merchants share a channel's headroom evenly among those who asked for some lately, so that one that asks for a thousand orders a second
 * leaves the others theirs. One set of offers per order: asking again replaces what was offered before, so a cashier page that polls does not promise twice.
 * All offers have the same window, so they end in the order in which they were made, and so do landings: two queues, no timers.
 */
import type { ChannelId } from '#domain';
import { FLOW_TICK_MS } from '../flow/words';
import { type Taking, createTaking, noteOver, noteTaken, unitsOf } from './taking';

/**
 * An offer is held so long, ms: payers answer after one to five seconds (flow-control.md §4), and a tap has to come back to us. Twice as
 * long would hold twice the headroom for the same payers.
 */
export const OFFER_WINDOW_MS = 10_000;
/** A taken offer is in the controller's counts after a report, a step and a snapshot, with one more in case one is lost. */
const LANDING_MS = 4 * FLOW_TICK_MS;
/** Orders with open offers: 2,000 a second for the whole window, about 4 MB. Beyond it nothing is offered. */
const ORDERS_MAX = 20_000;

export interface Offer {
  readonly channelId: ChannelId;
  /** Its place in the list, 0 for the first. */
  readonly rank: number;
  /** Expected payments it brings. */
  readonly units: number;
}

interface OpenOffers {
  readonly asker: string;
  readonly offers: readonly Offer[];
  readonly untilMs: number;
}

interface Landing {
  readonly channelId: ChannelId;
  readonly untilMs: number;
}

export class Reservations {
  private readonly open = new Map<string, OpenOffers>();
  private landings: Landing[] = [];
  /** Units by channel, of open offers and landings together. */
  private readonly held = new Map<ChannelId, number>();
  /** Units of open offers by channel and asker. */
  private readonly heldFor = new Map<string, number>();
  /** Until when each asker counts as one of those who share, by channel; who asked last stands last. */
  private readonly askers = new Map<ChannelId, Map<string, number>>();

  /** @param taking how likely offers are taken; learnt here */
  constructor(private readonly taking: Taking = createTaking()) {}

  /** Orders with open offers. */
  get size(): number {
    return this.open.size;
  }

  /** What an offer at this place counts for. */
  units(rank: number): number {
    return unitsOf(this.taking, rank);
  }

  /** Headroom that is promised on a channel. @param nowMs one monotonic clock for all calls */
  reservedOn(channelId: ChannelId, nowMs: number): number {
    this.expire(nowMs);
    return this.held.get(channelId) ?? 0;
  }

  /** What may still be promised. @param budget what the plan allows now, in all */
  freeOn(channelId: ChannelId, budget: number, nowMs: number): number {
    return Math.max(0, budget - this.reservedOn(channelId, nowMs));
  }

  /** The order's open offers end, and nothing is learnt from it: they are about to be replaced. */
  release(order: string): void {
    const before = this.open.get(order);
    if (!before) return;
    this.open.delete(order);
    for (const { channelId, units } of before.offers) {
      this.add(channelId, -units);
      addTo(this.heldFor, `${channelId} ${before.asker}`, -units);
    }
  }

  /** The order is paid another way than offered, or not at all: its offers are over before their time, and that is learnt. */
  decline(order: string): void {
    for (const { rank } of this.open.get(order)?.offers ?? []) noteOver(this.taking, rank);
    this.release(order);
  }

  /**
   * Holds what fits into each channel's budget, in the given order of channels, best first. What the order was offered before is released.
   * @param asker who shares evenly with others that ask: the merchant
   * @returns what is held and may be offered
   */
  offer(
    order: string,
    channels: readonly ChannelId[],
    budgetOf: (channelId: ChannelId) => number,
    nowMs: number,
    asker = '',
  ): readonly Offer[] {
    this.release(order);
    this.expire(nowMs);
    if (this.open.size >= ORDERS_MAX) return [];
    const offers: Offer[] = [];
    for (const channelId of channels) {
      const rank = offers.length;
      const units = this.units(rank);
      const budget = budgetOf(channelId);
      const part = budget / this.sharers(channelId, asker, nowMs);
      const mine = this.heldFor.get(`${channelId} ${asker}`) ?? 0;
      // One offer each, however many share.
      if (mine > 0 && mine + units > part) continue;
      if ((this.held.get(channelId) ?? 0) + units > budget) continue;
      this.add(channelId, units);
      addTo(this.heldFor, `${channelId} ${asker}`, units);
      offers.push({ channelId, rank, units });
    }
    if (offers.length > 0) this.open.set(order, { asker, offers, untilMs: nowMs + OFFER_WINDOW_MS });
    return offers;
  }

  /** An offer is taken, made here or by another process. The order's others are free again. */
  claim(order: string, channelId: ChannelId, rank: number, nowMs: number): void {
    this.decline(order);
    noteTaken(this.taking, rank);
    this.land(channelId, nowMs);
  }

  /** One payment is moved there at once, by the router instead of the payer. @returns false: there is no room for it */
  take(channelId: ChannelId, budget: number, nowMs: number): boolean {
    if (this.freeOn(channelId, budget, nowMs) < 1) return false;
    this.land(channelId, nowMs);
    return true;
  }

  /** Frees what is over. Each offer and landing is looked at once. */
  private expire(nowMs: number): void {
    for (const [order, { untilMs }] of this.open) {
      if (untilMs > nowMs) break;
      this.decline(order);
    }
    if (this.landings.length === 0 || this.landings[0]!.untilMs > nowMs) return;
    const flying = this.landings.findIndex(({ untilMs }) => untilMs > nowMs);
    const landed = flying < 0 ? this.landings : this.landings.slice(0, flying);
    this.landings = flying < 0 ? [] : this.landings.slice(flying);
    for (const { channelId } of landed) this.add(channelId, -1);
  }

  /** How many share the channel's headroom: who asked within the window, this one among them. */
  private sharers(channelId: ChannelId, asker: string, nowMs: number): number {
    let askers = this.askers.get(channelId);
    if (!askers) this.askers.set(channelId, (askers = new Map()));
    askers.delete(asker);
    askers.set(asker, nowMs + OFFER_WINDOW_MS);
    for (const [one, untilMs] of askers) {
      if (untilMs > nowMs) break;
      askers.delete(one);
    }
    return askers.size;
  }

  private land(channelId: ChannelId, nowMs: number): void {
    this.landings.push({ channelId, untilMs: nowMs + LANDING_MS });
    this.add(channelId, 1);
  }

  private add(channelId: ChannelId, units: number): void {
    addTo(this.held, channelId, units);
  }
}

function addTo<Key>(sums: Map<Key, number>, key: Key, units: number): void {
  const sum = (sums.get(key) ?? 0) + units;
  // Sums of tenths are not exact; what is nothing is nothing.
  if (sum < 1e-9) sums.delete(key);
  else sums.set(key, sum);
}
