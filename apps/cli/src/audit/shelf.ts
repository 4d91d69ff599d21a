/**
 * Ledger lines, requests and deliveries come in the order of time, payments in the order of acceptance: a shelf on disk (SQLite, in a temporary
 * folder) brings them together, so that an audit's memory does not grow with the books. What is taken off is gone; what remains in
 * the end belongs to nobody.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ClientRequest, type Delivery, type LedgerLine, referenceBehind, type Untold } from '#audit';

/** Rows per transaction while filling, and per page while emptying: a megabyte or so. */
const PAGE = 5_000;

export class Shelf {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sluice-audit-'));
  private readonly database = new DatabaseSync(join(this.folder, 'shelf.sqlite'));

  constructor() {
    this.database.exec(`
      pragma journal_mode = off; pragma synchronous = off;
      create table lines (seq integer primary key, reference text not null, line text not null);
      create table requests (n integer primary key, key text not null, request text not null);
      create table told (n integer primary key, payment text not null, delivery text not null);
      create table untold (n integer primary key, payment text not null, left text not null);
      create index told_payment on told (payment);
      create index untold_payment on untold (payment);
      create index lines_reference on lines (reference);
      create index requests_key on requests (key);`);
  }

  /** @returns how many lines came */
  async putLines(lines: AsyncIterable<LedgerLine>): Promise<number> {
    const insert = this.database.prepare('insert into lines values (?, ?, ?)');
    return this.fill(lines, (line) => insert.run(line.seq, referenceBehind(line), JSON.stringify(line)));
  }

  /** @returns how many requests came */
  async putRequests(requests: AsyncIterable<ClientRequest>): Promise<number> {
    const insert = this.database.prepare('insert into requests (key, request) values (?, ?)');
    return this.fill(requests, (request) => insert.run(shelfKey(request), JSON.stringify(request)));
  }

  /** Takes the lines about these charges, by seq. */
  takeLines(references: readonly string[]): LedgerLine[] {
    const rows = this.database
      .prepare('delete from lines where reference in (select value from json_each(?)) returning seq, line')
      .all(JSON.stringify(references)) as { seq: number; line: string }[];
    return rows.sort((a, b) => a.seq - b.seq).map(({ line }) => JSON.parse(line) as LedgerLine);
  }

  /** Takes the requests with these keys, in the order of the log. */
  takeRequests(of: readonly { readonly merchantId: string; readonly idempotencyKey: string }[]): ClientRequest[] {
    const rows = this.database
      .prepare('delete from requests where key in (select value from json_each(?)) returning n, request')
      .all(JSON.stringify(of.map(shelfKey))) as { n: number; request: string }[];
    return rows.sort((a, b) => a.n - b.n).map(({ request }) => JSON.parse(request) as ClientRequest);
  }

  /** @returns how many deliveries came */
  async putDeliveries(deliveries: AsyncIterable<Delivery>): Promise<number> {
    const insert = this.database.prepare('insert into told (payment, delivery) values (?, ?)');
    return this.fill(deliveries, (delivery) => insert.run(delivery.paymentId, JSON.stringify(delivery)));
  }

  async putUntold(untold: AsyncIterable<Untold>): Promise<number> {
    const insert = this.database.prepare('insert into untold (payment, left) values (?, ?)');
    return this.fill(untold, (one) => insert.run(one.paymentId, JSON.stringify(one)));
  }

  /** Takes what receivers were told of these payments, in the order of their log, and what they were not. */
  takeTold(payments: readonly string[]): { deliveries: Delivery[]; untold: Untold[] } {
    const ids = JSON.stringify(payments);
    const told = this.database
      .prepare('delete from told where payment in (select value from json_each(?)) returning n, delivery')
      .all(ids) as { n: number; delivery: string }[];
    const untold = this.database
      .prepare('delete from untold where payment in (select value from json_each(?)) returning left')
      .all(ids) as { left: string }[];
    return {
      deliveries: told.sort((a, b) => a.n - b.n).map(({ delivery }) => JSON.parse(delivery) as Delivery),
      untold: untold.map(({ left }) => JSON.parse(left) as Untold),
    };
  }

  *leftDeliveries(): Generator<Delivery> {
    for (const row of this.database.prepare('select delivery from told order by n').iterate()) {
      yield JSON.parse((row as { delivery: string }).delivery) as Delivery;
    }
  }

  *leftLines(): Generator<LedgerLine> {
    for (const row of this.database.prepare('select line from lines order by seq').iterate()) {
      yield JSON.parse((row as { line: string }).line) as LedgerLine;
    }
  }

  /** By key. */
  *leftRequests(): Generator<ClientRequest[]> {
    let key: string | null = null;
    let group: ClientRequest[] = [];
    for (const row of this.database.prepare('select key, request from requests order by key, n').iterate()) {
      const next = row as { key: string; request: string };
      if (next.key !== key && group.length > 0) {
        yield group;
        group = [];
      }
      key = next.key;
      group.push(JSON.parse(next.request) as ClientRequest);
    }
    if (group.length > 0) yield group;
  }

  close(): void {
    this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async fill<Row>(rows: AsyncIterable<Row>, insert: (row: Row) => unknown): Promise<number> {
    let count = 0;
    this.database.exec('begin');
    for await (const row of rows) {
      insert(row);
      count += 1;
      if (count % PAGE === 0) this.database.exec('commit; begin');
    }
    this.database.exec('commit');
    return count;
  }
}

function shelfKey(of: { readonly merchantId: string; readonly idempotencyKey: string }): string {
  return `${of.merchantId} ${of.idempotencyKey}`;
}
