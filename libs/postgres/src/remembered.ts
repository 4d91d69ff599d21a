/**
 * A bounded memory in front of a look-up. What is missing is not remembered (somebody may be adding it right now), and while the
 * source does not answer, what is known stays in use past its time: a database that is down must not make known tokens unknown.
 */
interface Entry<Value> {
  readonly value: Value;
  readonly atMs: number;
}

export class Remembered<Value> {
  private readonly entries = new Map<string, Entry<Value>>();
  private readonly underway = new Map<string, Promise<Value | null>>();

  constructor(
    private readonly entriesMax: number,
    private readonly freshMs: number,
    private readonly monotonicMs: () => number,
    private readonly lookUp: (key: string) => Promise<Value | null>,
  ) {}

  /** At once where it is known and fresh; a promise of the look-up otherwise. */
  get(key: string): Value | Promise<Value | null> {
    const entry = this.entries.get(key);
    if (entry && this.monotonicMs() - entry.atMs < this.freshMs) return entry.value;
    return this.fetch(key, entry);
  }

  /** What is known of it holds no longer, and what is being looked up at this moment is not remembered either. */
  forget(key: string): void {
    this.entries.delete(key);
    this.underway.delete(key);
  }

  private fetch(key: string, stale: Entry<Value> | undefined): Promise<Value | null> {
    const running = this.underway.get(key);
    if (running) return running;
    const isWanted = () => this.underway.get(key) === fetching;
    const fetching: Promise<Value | null> = this.lookUp(key)
      .then((value) => {
        if (!isWanted()) return value;
        this.entries.delete(key);
        if (value !== null) this.remember(key, value);
        return value;
      })
      .catch((error: unknown) => {
        if (stale) return stale.value;
        throw error;
      })
      .finally(() => {
        if (isWanted()) this.underway.delete(key);
      });
    this.underway.set(key, fetching);
    return fetching;
  }

  private remember(key: string, value: Value): void {
    // The oldest insertion leaves: with entries renewed every `freshMs`, that is the least recently used one, nearly.
    if (this.entries.size >= this.entriesMax) this.entries.delete(this.entries.keys().next().value!);
    this.entries.set(key, { value, atMs: this.monotonicMs() });
  }
}
