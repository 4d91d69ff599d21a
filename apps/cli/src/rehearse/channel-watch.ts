/**
 * What went on inside while the crowd stood outside: the simulated banks' truth (capacity, queue, answers) and the router's own view of
 * its channels. No payer sees either; a figure over true capacity needs both.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminChannelListResponse, AdminChannelResponse } from '#contracts';
import type { RunningProduct } from '../running-product';
import type { Words } from './report/words';
import { call } from './stage';

/** One channel at one moment. */
export interface Glimpse {
  readonly atMs: number;
  /** The bank's truth, payments per second. */
  readonly capacityPerSecond: number;
  readonly slots: number;
  /** Payments inside the bank: at work and waiting. */
  readonly inService: number;
  readonly waiting: number;
  /** Counted since the bank was started. */
  readonly offered: number;
  readonly served: number;
  readonly busy: number;
  readonly collapsed: boolean;
  /** The router's calls under way, its limit and its level; null: it did not say. */
  readonly inFlight: number | null;
  readonly limit: number | null;
  readonly level: string | null;
  /** What else the router said of it; null: it did not answer. */
  readonly router: RouterView | null;
}

/** The router's view of a channel beside its limit. */
export interface RouterView {
  /** Calls under way that an operator allows, and those that the limiter found. */
  readonly ceiling: number;
  readonly adaptive: number | null;
  /** Of the limits in force, payments in any second. */
  readonly ratePerSecond: number;
  /** What the bank has agreed to: above it no operator may go. */
  readonly contract: { readonly ratePerSecond: number; readonly inFlightMax: number };
  readonly revision: number;
  readonly backlog: number | null;
  readonly heldByUnknown: number | null;
  readonly roundTripMs: number | null;
  readonly breaker: string | null;
  /** An operator's order that holds it. */
  readonly hold: string | null;
  /** The most telling reason of its level, and that of its breaker. */
  readonly why: Words | null;
  readonly breakerWhy: Words | null;
}

export type Watched = ReadonlyMap<string, readonly Glimpse[]>;

interface BankStats {
  readonly channels: Readonly<
    Record<
      string,
      {
        readonly true_capacity_per_second: number;
        readonly slots: number;
        readonly in_service: number;
        readonly waiting: number;
        readonly offered: number;
        readonly served: number;
        readonly busy: Readonly<Record<string, number>>;
        readonly collapsed: boolean;
      }
    >
  >;
}

/** Which channels, and how often, ms; null: all there are. */
export interface WatchWish {
  readonly channels: readonly string[] | null;
  readonly everyMs: number;
}

/** Watches until told to end. What cannot be read at one moment is left out of it: an overloaded API is part of what is rehearsed. */
export async function watchChannels(
  { channels, everyMs }: WatchWish,
  { urls, keys }: RunningProduct,
  ends: AbortSignal,
): Promise<Watched> {
  const watched = new Map<string, Glimpse[]>();
  const headers = { Authorization: `Bearer ${keys.operator.api_key}` };
  while (!ends.aborted) {
    const begun = performance.now();
    const [stats, views] = await Promise.all([
      call('GET', `${urls.bank_simulator}/control/stats`)
        .then(({ value }) => value as BankStats)
        .catch(() => null),
      call('GET', `${urls.api}/v1/admin/channels`, undefined, headers)
        .then(({ value }) => (value as AdminChannelListResponse).data)
        .catch(() => []),
    ]);
    const atMs = Date.now();
    const viewOf = new Map(views.map((view) => [view.id, view]));
    for (const id of channels ?? Object.keys(stats?.channels ?? {})) {
      const bank = stats?.channels[id];
      if (bank === undefined) continue;
      const view = viewOf.get(id);
      const glimpses = watched.get(id) ?? [];
      watched.set(id, glimpses);
      glimpses.push({
        atMs,
        capacityPerSecond: bank.true_capacity_per_second,
        slots: bank.slots,
        inService: bank.in_service,
        waiting: bank.waiting,
        offered: bank.offered,
        served: bank.served,
        busy: Object.values(bank.busy).reduce((sum, count) => sum + count, 0),
        collapsed: bank.collapsed,
        inFlight: view?.flow?.in_flight ?? null,
        limit: view?.flow?.limits.pay.effective ?? null,
        level: view?.flow?.level ?? null,
        router: view === undefined ? null : routerView(view),
      });
    }
    await sleep(Math.max(20, everyMs - (performance.now() - begun)), undefined, { signal: ends }).catch(
      () => undefined,
    );
  }
  return watched;
}

function routerView({ contract, flow, limits, order }: AdminChannelResponse): RouterView {
  return {
    ceiling: limits.values.in_flight_max,
    adaptive: flow?.limits.pay.adaptive ?? null,
    ratePerSecond: limits.values.rate_per_second,
    contract: { ratePerSecond: contract.rate_per_second, inFlightMax: contract.in_flight_max },
    revision: limits.revision,
    backlog: flow?.backlog ?? null,
    heldByUnknown: flow?.held_by_unknown ?? null,
    roundTripMs: flow?.round_trip_ms ?? null,
    breaker: flow?.breaker.state ?? null,
    hold: order?.hold ?? null,
    why: flow?.reason.message ?? null,
    breakerWhy: flow?.breaker.reason.message ?? null,
  };
}

/** What the bank could have answered between two moments: its capacity over time, as it was seen. */
export function couldServe(glimpses: readonly Glimpse[], fromMs: number, toMs: number): number {
  let sum = 0;
  glimpses.forEach(({ atMs, capacityPerSecond }, index) => {
    // From the first glimpse backwards and from the last one on, nothing else is known.
    const begin = index === 0 ? fromMs : Math.max(fromMs, atMs);
    const end = Math.min(toMs, glimpses[index + 1]?.atMs ?? toMs);
    sum += (Math.max(0, end - begin) * capacityPerSecond) / 1_000;
  });
  return sum;
}

/** How much a count rose between two moments. */
export function risen(glimpses: readonly Glimpse[], of: 'served' | 'busy', fromMs: number, toMs: number): number {
  const within = glimpses.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return (within.at(-1)?.[of] ?? 0) - (within[0]?.[of] ?? 0);
}
