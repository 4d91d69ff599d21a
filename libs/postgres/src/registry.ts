/**
 * Channels with their lines, limits and orders, kept in memory and read again when PostgreSQL says that they changed, and every second
 * in case it could not say so. A decision never waits for a query.
 *
 * What begins or ends at a time (a scheduled limit, an override, a window) does so here without being told: the entries are made for a
 * moment, and made again once the next such time has come, by PostgreSQL's clock.
 */
import type { ChannelEntry, ChannelRegistry, ShardOwnership } from '#dispatch';
import {
  type ChannelContract,
  type ChannelId,
  type LimitsOrigin,
  SHARDS,
  isAbout,
  nextTurnOf,
  nextWindow,
  orderAt,
  revisionAt,
} from '#domain';
import type { Pool } from 'pg';
import { type ChannelRow, type RegistryRows, type RevisionRow, readRegistry } from './registry-rows';

export const CHANNELS_CHANGED = 'sluice_channels_changed';

/** A reading of PostgreSQL's clock that took longer than this is too vague to correct ours by, ms. Half of it is the error. */
const CLOCK_READ_MAX_MS = 100;

export class PostgresChannelRegistry implements ChannelRegistry, ShardOwnership {
  private rows: RegistryRows | null = null;
  private entries = new Map<ChannelId, ChannelEntry>();
  private epochByShard: readonly number[] = new Array<number>(SHARDS).fill(0);
  /** When the entries stop being true by themselves, on PostgreSQL's clock. */
  private nextTurnMs = Infinity;
  /** PostgreSQL's clock less our monotonic one; null: never read. */
  private clockAheadMs: number | null = null;
  private begun = 0;
  private applied = 0;

  constructor(
    private readonly pool: Pool,
    private readonly site: string,
    private readonly monotonicMs: () => number,
  ) {}

  get(id: ChannelId): ChannelEntry | undefined {
    this.turn();
    return this.entries.get(id);
  }

  all(): readonly ChannelEntry[] {
    this.turn();
    return [...this.entries.values()];
  }

  version(): number {
    return this.rows?.version ?? 0;
  }

  nowMs(): number {
    return this.monotonicMs() + (this.clockAheadMs ?? 0);
  }

  epochs(): readonly number[] {
    return this.epochByShard;
  }

  /** Reads everything anew. @throws Error of PostgreSQL; what was known stays in force */
  async refresh(): Promise<void> {
    this.begun += 1;
    const mine = this.begun;
    const askedMs = this.monotonicMs();
    const rows = await readRegistry(this.pool);
    // Two may run at once, over two connections, and the older one may answer last.
    if (mine < this.applied) return;
    this.applied = mine;
    this.setClock(rows.nowMs, askedMs);
    this.rows = rows;
    const epochs = new Array<number>(SHARDS).fill(0);
    for (const { id, ownerSite, epoch } of rows.shards) if (ownerSite === this.site) epochs[id] = epoch;
    this.epochByShard = epochs;
    this.make(rows);
  }

  private setClock(postgresMs: number, askedMs: number): void {
    const tookMs = this.monotonicMs() - askedMs;
    if (this.clockAheadMs !== null && tookMs > CLOCK_READ_MAX_MS) return;
    this.clockAheadMs = postgresMs - askedMs - tookMs / 2;
  }

  private turn(): void {
    if (this.rows && this.nowMs() >= this.nextTurnMs) this.make(this.rows);
  }

  private make(rows: RegistryRows): void {
    const nowMs = this.nowMs();
    const ahead = [...rows.revisions.values()].flat().filter(({ effectiveFrom }) => effectiveFrom > nowMs);
    this.nextTurnMs = Math.min(nextTurnOf(rows.orders, nowMs), ...ahead.map(({ effectiveFrom }) => effectiveFrom));
    this.entries = new Map(
      rows.channels.flatMap((row) => {
        const revisions = rows.revisions.get(row.id);
        return revisions ? [[row.id, entryOf(row, revisions, rows, nowMs)] as const] : [];
      }),
    );
  }
}

function entryOf(row: ChannelRow, revisions: readonly RevisionRow[], rows: RegistryRows, nowMs: number): ChannelEntry {
  const { bankId, connector, contract, currencies, enabled, feeBasisPoints, id, lines, nameEn, nameZh, product } = row;
  const inForce = revisionAt(revisions, nowMs);
  const { effectiveFrom: _from, by: _by, cause: _cause, why: _why, ...limits } = inForce;
  const orders = rows.orders.filter((order) => isAbout(order, id, bankId));
  return {
    channel: { id, bankId, product, connector, currencies, enabled, feeBasisPoints },
    bank: { id: bankId, name: { 'zh-CN': nameZh, en: nameEn } },
    lines,
    limits,
    origin: originOf(inForce, revisions),
    contract: contract ?? contractOf(revisions),
    order: orderAt(id, orders, nowMs),
    announced: nextWindow(orders, nowMs),
  };
}

function originOf({ by, cause, effectiveFrom, revision, why }: RevisionRow, all: readonly RevisionRow[]): LimitsOrigin {
  // A revision that lies ahead but is older than this one never comes.
  const next = all.filter((one) => one.revision > revision).map((one) => one.effectiveFrom);
  return { cause, by, why, since: effectiveFrom, until: next.length === 0 ? null : Math.min(...next) };
}

/** Without a contract on record nothing may be raised: what is in force, or lies ahead, is all that was agreed. */
function contractOf(revisions: readonly RevisionRow[]): ChannelContract {
  const { ratePerSecond, burst, inFlightMax, amountMin, amountMax } = revisions.reduce((a, b) =>
    a.revision < b.revision ? a : b,
  );
  return { ratePerSecond, burst, inFlightMax, amountMin, amountMax };
}
