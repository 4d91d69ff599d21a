/** Reads of single payments made in the same moment become one query, and two readers of one payment share its row. */
import type { Payment, PaymentId } from '#domain';

/** Ids in one query; a notification carries at most 128. */
const IDS_MAX = 256;

type Readers = { resolve: (payment: Payment | null) => void; reject: (error: unknown) => void }[];

export class ReadGatherer {
  private waiting = new Map<PaymentId, Readers>();

  constructor(private readonly readMany: (ids: readonly PaymentId[]) => Promise<readonly Payment[]>) {}

  read(id: PaymentId): Promise<Payment | null> {
    return new Promise((resolve, reject) => {
      if (this.waiting.size === 0) setImmediate(() => this.flush());
      const readers = this.waiting.get(id);
      if (readers) readers.push({ resolve, reject });
      else this.waiting.set(id, [{ resolve, reject }]);
    });
  }

  private flush(): void {
    const all = [...this.waiting];
    this.waiting = new Map();
    for (let from = 0; from < all.length; from += IDS_MAX) void this.readSome(all.slice(from, from + IDS_MAX));
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
