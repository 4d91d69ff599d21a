/**
 * Who waits for which payment, and what each of them is told when it changes.
 *
 *   journal commits ──NOTIFY──▶ ids and states ──▶ those somebody waits for ──▶ read, all at once ──▶ their watchers
 *
 * Watchers subscribe first and read afterwards, so that nothing falls between. A notification is a hint: when some may have been
 * missed, everything watched is read again. What it says of a state only spares reads that no watcher would use; nobody is told it.
 */
import type { Log, PaymentJournal } from '#dispatch';
import type { Payment, PaymentId, PaymentState } from '#domain';
import type { PaymentFeed } from '#postgres';

export type Watcher = (payment: Payment) => void;
/** Is a payment that has come to this state worth reading for the watcher? */
export type Wants = (state: PaymentState) => boolean;

/** Reads at one time after missed notifications: one batch of the journal, so that a reconnect does not stall everybody's reads. */
const REREAD_AT_ONCE = 256;

export class PaymentWatch {
  private readonly watchers = new Map<string, Map<Watcher, Wants>>();
  /** Being read, and whether it changed again meanwhile. */
  private readonly reading = new Map<string, boolean>();
  /** Could not be read; tried again by `retry`. */
  private readonly unread = new Set<string>();
  private readonly stops: (() => void)[];
  private watching = 0;

  /** @param watchersMax beyond it nobody is taken on: what they cost is memory and reads at every change */
  constructor(
    private readonly journal: Pick<PaymentJournal, 'read'>,
    feed: PaymentFeed,
    private readonly log: Pick<Log, 'warn'>,
    private readonly watchersMax: number,
  ) {
    this.stops = [
      feed.subscribe((ids, states) => {
        for (let i = 0; i < ids.length; i += 1) this.look(ids[i]!, states[i] ?? null);
      }),
      feed.onReset(() => void this.lookAtAll()),
    ];
  }

  /** How many watch now. */
  get size(): number {
    return this.watching;
  }

  /**
   * @param wants states for which the watcher is told; of the others it may hear, or not
   * @returns how to stop; null where too many watch already
   */
  watch(id: string, watcher: Watcher, wants: Wants): (() => void) | null {
    if (this.watching >= this.watchersMax) return null;
    const watchers = this.watchers.get(id) ?? new Map<Watcher, Wants>();
    this.watchers.set(id, watchers.set(watcher, wants));
    this.watching += 1;
    return () => {
      if (!watchers.delete(watcher)) return;
      this.watching -= 1;
      if (watchers.size === 0 && this.watchers.get(id) === watchers) this.watchers.delete(id);
    };
  }

  /** Reads again what could not be read. Called now and then by whoever owns the timer. */
  retry(): void {
    const ids = [...this.unread].slice(0, REREAD_AT_ONCE);
    for (const id of ids) {
      this.unread.delete(id);
      this.look(id, null);
    }
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  /** @param state what it has become; null: anything */
  private look(id: string, state: PaymentState | null): void {
    const watchers = this.watchers.get(id);
    if (!watchers || (state !== null && !isWanted(state, watchers.values()))) return;
    if (this.reading.has(id)) this.reading.set(id, true);
    else void this.read(id);
  }

  private async read(id: string): Promise<void> {
    this.reading.set(id, false);
    try {
      const payment = await this.journal.read(id as PaymentId);
      if (payment) for (const watcher of [...(this.watchers.get(id)?.keys() ?? [])]) watcher(payment);
    } catch (error) {
      // The reader that waits has its own deadline; it is told as soon as the journal answers again.
      if (this.unread.size === 0) this.log.warn('A watched payment could not be read; trying again', { error });
      this.unread.add(id);
    }
    const changedAgain = this.reading.get(id);
    this.reading.delete(id);
    if (changedAgain) this.look(id, null);
  }

  private async lookAtAll(): Promise<void> {
    const ids = [...this.watchers.keys()];
    for (let i = 0; i < ids.length; i += REREAD_AT_ONCE) {
      await Promise.all(ids.slice(i, i + REREAD_AT_ONCE).map(async (id) => this.lookNow(id)));
    }
  }

  private async lookNow(id: string): Promise<void> {
    if (!this.watchers.has(id)) return;
    if (this.reading.has(id)) this.reading.set(id, true);
    else await this.read(id);
  }
}

function isWanted(state: PaymentState, watchers: Iterable<Wants>): boolean {
  for (const wants of watchers) if (wants(state)) return true;
  return false;
}
