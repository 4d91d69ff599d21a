/**
 * Reads of single payments made in the same moment become one query, and two readers of one payment share its row.
 *
 * A moment is 2 ms, and while two queries are under way it lasts until one of them returns: a query costs some 60 µs beside its rows, which
 * at a thousand long-polls a second, one query each, was more than everything else PostgreSQL did for a payment.
 */
import type { Payment, PaymentId } from '#domain';

/** Ids in one query; a notification carries at most 128. */
const IDS_MAX = 256;
/** A reader waits this long for company, ms: as long as an acceptance does. */
const LINGER_MS = 2;
/** One gathers while two are read; each takes about a millisecond. */
const QUERIES_MAX = 2;

type Readers = { resolve: (payment: Payment | null) => void; reject: (error: unknown) => void }[];

export class ReadGatherer {
  private waiting = new Map<PaymentId, Readers>();
  private timer: NodeJS.Timeout | null = null;
  private queries = 0;

  constructor(private readonly readMany: (ids: readonly PaymentId[]) => Promise<readonly Payment[]>) {}

  read(id: PaymentId): Promise<Payment | null> {
    return new Promise((resolve, reject) => {
      const readers = this.waiting.get(id);
      if (readers) readers.push({ resolve, reject });
      else this.waiting.set(id, [{ resolve, reject }]);
      if (this.queries < QUERIES_MAX) this.timer ??= setTimeout(() => this.flush(), LINGER_MS);
    });
  }

  private flush(): void {
    this.timer = null;
    const all = [...this.waiting];
    this.waiting = new Map();
    for (let from = 0; from < all.length; from += IDS_MAX) {
      this.queries += 1;
      void this.readSome(all.slice(from, from + IDS_MAX)).finally(() => {
        this.queries -= 1;
        if (this.waiting.size > 0 && this.queries < QUERIES_MAX && this.timer === null) this.flush();
      });
    }
  }

  private async readSome(some: readonly (readonly [PaymentId, Readers])[]): Promise<void> {
    try {
      const payments = await this.readMany(some.map(([id]) => id));
      const byId = new Map(payments.map((payment) => [payment.id, payment]));
      for (const [id, readers] of some) for (const reader of readers) reader.resolve(byId.get(id) ?? null);
    } catch (error) {
      for (const [, readers] of some) for (const reader of readers) reader.reject(error);
    }
  }
}
