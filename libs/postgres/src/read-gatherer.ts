/**
 * Look-ups of single things made in the same moment become one query, and two readers of one thing share its row.
 *
 * A moment is 2 ms, and while two queries are under way it lasts until one of them returns: a query costs some 60 µs beside its rows, which
 * at a thousand long-polls a second, one query each, was more than everything else PostgreSQL did for a payment. So it is with refusals at
 * ten times the load, each of which looks its key up first.
 */

/** Keys in one query; a notification carries at most 128. */
const KEYS_MAX = 256;
/** A reader waits this long for company, ms: as long as an acceptance does. */
const LINGER_MS = 2;
/** One gathers while two are read; each takes about a millisecond. */
const QUERIES_MAX = 2;

interface Wanted<Key, Found> {
  readonly key: Key;
  readonly readers: { resolve: (found: Found | null) => void; reject: (error: unknown) => void }[];
}

export class ReadGatherer<Key, Found> {
  private waiting = new Map<string, Wanted<Key, Found>>();
  private timer: NodeJS.Timeout | null = null;
  private queries = 0;

  /**
   * @param nameOf what tells two keys apart
   * @param readMany what is found, by name; what is missing is not there
   */
  constructor(
    private readonly nameOf: (key: Key) => string,
    private readonly readMany: (keys: readonly Key[]) => Promise<ReadonlyMap<string, Found>>,
  ) {}

  read(key: Key): Promise<Found | null> {
    return new Promise((resolve, reject) => {
      const name = this.nameOf(key);
      const wanted = this.waiting.get(name);
      if (wanted) wanted.readers.push({ resolve, reject });
      else this.waiting.set(name, { key, readers: [{ resolve, reject }] });
      if (this.queries < QUERIES_MAX) this.timer ??= setTimeout(() => this.flush(), LINGER_MS);
    });
  }

  private flush(): void {
    this.timer = null;
    const all = [...this.waiting];
    this.waiting = new Map();
    for (let from = 0; from < all.length; from += KEYS_MAX) {
      this.queries += 1;
      void this.readSome(all.slice(from, from + KEYS_MAX)).finally(() => {
        this.queries -= 1;
        if (this.waiting.size > 0 && this.queries < QUERIES_MAX && this.timer === null) this.flush();
      });
    }
  }

  private async readSome(some: readonly (readonly [string, Wanted<Key, Found>])[]): Promise<void> {
    try {
      const found = await this.readMany(some.map(([, { key }]) => key));
      for (const [name, { readers }] of some) for (const reader of readers) reader.resolve(found.get(name) ?? null);
    } catch (error) {
      for (const [, { readers }] of some) for (const reader of readers) reader.reject(error);
    }
  }
}
