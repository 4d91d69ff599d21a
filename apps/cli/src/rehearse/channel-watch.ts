/**
 * What went on inside while the crowd stood outside: five times a second the simulated banks' truth (capacity, queue, answers) and the
 * router's own view of its channels. No payer sees either; a figure over true capacity needs both.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProduct } from '../running-product';
import { call } from './stage';

const WATCH_EVERY_MS = 200;

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
  readonly served: number;
  readonly busy: number;
  /** The router's calls under way, its limit and its level; null: it did not say. */
  readonly inFlight: number | null;
  readonly limit: number | null;
  readonly level: string | null;
  readonly collapsed: boolean;
  /** What else the router said of it; null: it did not answer. */
  readonly router: RouterView | null;
}

export interface RouterView {
  readonly breaker: string | null;
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
        readonly served: number;
        readonly busy: Readonly<Record<string, number>>;
        readonly collapsed: boolean;
      }
    >
  >;
}

interface AdminChannel {
  readonly flow: {
    readonly level: string;
    readonly in_flight: number;
    readonly limits: { readonly pay: { readonly effective: number } };
    readonly breaker: { readonly state: string };
  } | null;
}

/** Watches until told to end. What cannot be read at one moment is left out of it: an overloaded API is part of what is rehearsed. */
export async function watchChannels(
  channels: readonly string[],
  { urls, keys }: RunningProduct,
  ends: AbortSignal,
): Promise<Watched> {
  const watched = new Map<string, Glimpse[]>(channels.map((id) => [id, []]));
  const headers = { Authorization: `Bearer ${keys.operator.api_key}` };
  while (!ends.aborted) {
    const begun = performance.now();
    const [stats, ...views] = await Promise.all([
      call('GET', `${urls.bank_simulator}/control/stats`)
        .then(({ value }) => value as BankStats)
        .catch(() => null),
      ...channels.map((id) =>
        call('GET', `${urls.api}/v1/admin/channels/${id}`, undefined, headers)
          .then(({ value }) => value as AdminChannel)
          .catch(() => null),
      ),
    ]);
    const atMs = Date.now();
    channels.forEach((id, index) => {
      const bank = stats?.channels[id];
      if (bank === undefined) return;
      const flow = views[index]?.flow ?? null;
      watched.get(id)?.push({
        atMs,
        capacityPerSecond: bank.true_capacity_per_second,
        slots: bank.slots,
        inService: bank.in_service,
        waiting: bank.waiting,
        served: bank.served,
        busy: Object.values(bank.busy).reduce((sum, count) => sum + count, 0),
        inFlight: flow?.in_flight ?? null,
        limit: flow?.limits.pay.effective ?? null,
        level: flow?.level ?? null,
        collapsed: bank.collapsed,
        router: flow === null ? null : { breaker: flow.breaker.state },
      });
    });
    await sleep(Math.max(20, WATCH_EVERY_MS - (performance.now() - begun)), undefined, { signal: ends }).catch(
      () => undefined,
    );
  }
  return watched;
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
