/**
 * The worker's heart: takes jobs when their channel has a permit, hands each to the handler, and lets go of it when the handler ends.
 *
 *   wake-up, job ended, slow poll ──▶ [once per tick] ──▶ jobsToTake ──▶ source.take ──▶ handler ──▶ source.finish
 *   Redis gone                    ──▶ [every 100 ms, or 25 while some are in hand] ──▶ claimFromJournal ──────────▶ handler
 *
 * What to do is decided in pump-decision.ts; here are the timers, the sockets' promises, and the set of payments in our hands.
 */
import type { ChannelId, PaymentId } from '#domain';
import type { Job, JobSource, Lane, Log, Meters, QueuedPayment, TakenJob } from '#dispatch';
import { IDLE, TAKE_MAX, after, freePermits, jobsToTake, type QueueEvent, type QueueState } from './pump-decision';

/** Between counts of all queues, ms: how late a lost wake-up or a raised limit is noticed. One pipeline for all channels. */
const POLL_MS = 300;
/** Between claims from the journal while Redis is gone, ms: the delay a payment then suffers, at ten queries a second. */
const JOURNAL_POLL_MS = 100;
/** While payments are in hand, ms: permits of a bank that answers in 40 ms would otherwise lie idle half of the time. */
const JOURNAL_BUSY_MS = 25;
/** Most payments claimed at once: with the pause above 1,280 a second and worker, above what a channel set takes without Redis. */
const JOURNAL_CLAIM_MAX = 128;

/** What a handler is given. */
export interface PumpJob extends Job {
  readonly lane: Lane;
  readonly channelId: ChannelId;
}

/** A job source that also knows, as a hint and from memory, how many jobs wait. */
export interface PumpSource extends JobSource {
  waiting(lane: Lane, channelId: ChannelId): number;
  /** Counts all queues of these channels anew. */
  refresh(channels: readonly ChannelId[]): Promise<void>;
}

export interface PumpParts {
  readonly source: PumpSource;
  /** Asked at every poll, so that channels may come and go. */
  readonly channels: () => readonly ChannelId[];
  /** Most jobs of this lane and channel in this worker's hands; 0: closed. Asked for every decision. */
  readonly limitFor: (lane: Lane, channelId: ChannelId) => number;
  /** Does the work. A throw is counted and logged; the job is gone and the sweeper comes back to the payment. */
  readonly handle: (job: PumpJob) => Promise<void>;
  /** Queued payments of these channels from PostgreSQL, while Redis is gone. */
  readonly claimFromJournal: (channels: readonly ChannelId[], max: number) => Promise<readonly QueuedPayment[]>;
  /** Which of them are claimed first, so that workers do not all begin with the same. */
  readonly claimsFirst: (payment: QueuedPayment) => boolean;
  readonly meters: Meters;
  readonly log: Log;
}

interface Pumped {
  readonly lane: Lane;
  readonly channelId: ChannelId;
  state: QueueState;
  /** Of the jobs in our hands, those that came out of Redis' queue. */
  taken: number;
}

export class Pump {
  private readonly queues = new Map<string, Pumped>();
  /** Queues to decide about in this tick. */
  private readonly touched = new Set<Pumped>();
  /** Payments in our hands, by lane, id and version. */
  private readonly inHands = new Set<string>();
  private timers: NodeJS.Timeout[] = [];
  private ticking = false;
  private claimTimer: NodeJS.Timeout | null = null;
  private stopped = false;
  private idle: (() => void)[] = [];

  constructor(private readonly parts: PumpParts) {}

  start(): void {
    this.parts.source.onWake((lane, channelId) => this.tell(this.queue(lane, channelId), { kind: 'woken' }));
    this.timers = [setInterval(() => void this.poll(), POLL_MS)];
    this.claimLater(JOURNAL_POLL_MS);
    void this.poll();
  }

  /** Limits may have risen: looks at every queue with jobs at once, rather than at the next poll. */
  reconsider(): void {
    for (const queue of this.queues.values()) {
      if (this.parts.source.waiting(queue.lane, queue.channelId) > 0) this.tell(queue, { kind: 'woken' });
    }
  }

  /** The same for one queue. */
  reconsiderOne(lane: Lane, channelId: ChannelId): void {
    if (this.parts.source.waiting(lane, channelId) > 0) this.tell(this.queue(lane, channelId), { kind: 'woken' });
  }

  /** Jobs of a lane and channel in this worker's hands. */
  inFlight(lane: Lane, channelId: ChannelId): number {
    return this.queues.get(`${lane} ${channelId}`)?.state.inFlight ?? 0;
  }

  /** Payments in this worker's hands that Redis handed out, by channel; channels without one are left out. */
  takenPayments(): Readonly<Record<ChannelId, number>> {
    const taken: Record<ChannelId, number> = {};
    for (const queue of this.queues.values()) {
      if (queue.lane === 'pay' && queue.taken > 0) taken[queue.channelId] = queue.taken;
    }
    return taken;
  }

  /**
   * Work that does not come through Redis, such as an inquiry that the sweeper finds due while Redis is gone.
   * @returns false if there is no free permit, or the payment is in our hands already
   */
  offer(job: PumpJob): boolean {
    const queue = this.queue(job.lane, job.channelId);
    const limit = this.parts.limitFor(job.lane, job.channelId);
    if (this.stopped || freePermits(queue.state, limit) < 1 || this.inHands.has(keyOf(job))) return false;
    this.run(queue, job, null);
    return true;
  }

  /**
   * Takes nothing more and waits for what is in hand, at most `boundMs`.
   * @returns how many jobs were still in hand; their attempts are found by the sweeper
   */
  async drain(boundMs: number): Promise<number> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    if (this.claimTimer) clearTimeout(this.claimTimer);
    if (this.busy()) {
      let timer: NodeJS.Timeout | undefined;
      const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, boundMs)));
      await Promise.race([bound, new Promise<void>((resolve) => this.idle.push(resolve))]);
      clearTimeout(timer);
    }
    return this.inHands.size;
  }

  private queue(lane: Lane, channelId: ChannelId): Pumped {
    const name = `${lane} ${channelId}`;
    let queue = this.queues.get(name);
    if (!queue) this.queues.set(name, (queue = { lane, channelId, state: IDLE, taken: 0 }));
    return queue;
  }

  private tell(queue: Pumped, event: QueueEvent): void {
    queue.state = after(queue.state, event);
    this.touched.add(queue);
    if (this.ticking) return;
    this.ticking = true;
    setImmediate(() => this.tick());
  }

  /** All that happened since the last tick is one decision per queue, and the source makes one call of all takes. */
  private tick(): void {
    this.ticking = false;
    const touched = [...this.touched];
    this.touched.clear();
    for (const queue of touched) if (!this.stopped) this.decide(queue);
    if (!this.busy()) for (const resolve of this.idle.splice(0)) resolve();
  }

  private decide(queue: Pumped): void {
    const { limitFor, source } = this.parts;
    const { lane, channelId } = queue;
    const jobs = jobsToTake(queue.state, limitFor(lane, channelId), source.waiting(lane, channelId));
    if (jobs === 0) return;
    queue.state = after(queue.state, { kind: 'asked', jobs });
    source.take(lane, channelId, jobs).then(
      (taken) => this.took(queue, taken),
      () => this.took(queue, []),
    );
  }

  private took(queue: Pumped, taken: readonly TakenJob[]): void {
    this.tell(queue, { kind: 'took', jobs: taken.length });
    for (const job of taken) {
      if (!this.inHands.has(keyOf(job))) this.run(queue, job, job);
      else void this.parts.source.finish([job]);
    }
  }

  private run(queue: Pumped, job: PumpJob, taken: TakenJob | null): void {
    const key = keyOf(job);
    this.inHands.add(key);
    queue.state = after(queue.state, { kind: 'started' });
    if (taken) queue.taken += 1;
    void this.handled(job).then(() => {
      this.inHands.delete(key);
      // First the job leaves the queue, then its permit is free: on the way to Redis they keep this order.
      if (taken) {
        queue.taken -= 1;
        void this.parts.source.finish([taken]);
      }
      this.tell(queue, { kind: 'ended' });
    });
  }

  private async handled(job: PumpJob): Promise<void> {
    const { handle, log, meters } = this.parts;
    try {
      await handle(job);
    } catch (error) {
      const { lane, channelId, paymentId } = job;
      meters.count('sluice_pump_handler_errors_total', { lane });
      log.error('A job ended with an error; the sweeper will come back to its payment.', {
        lane,
        channelId,
        paymentId,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }

  private async poll(): Promise<void> {
    const { channels, source } = this.parts;
    const all = channels();
    if (!source.available()) return;
    await source.refresh(all);
    for (const channelId of all) {
      for (const lane of ['pay', 'inquiry'] as const) {
        if (source.waiting(lane, channelId) > 0) this.tell(this.queue(lane, channelId), { kind: 'woken' });
      }
    }
  }

  private claimLater(inMs: number): void {
    if (this.stopped) return;
    this.claimTimer = setTimeout(() => {
      void this.claim().then(() => {
        const isBusy = this.inHands.size > 0 && !this.parts.source.available();
        this.claimLater(isBusy ? JOURNAL_BUSY_MS : JOURNAL_POLL_MS);
      });
    }, inMs);
  }

  private async claim(): Promise<void> {
    const { channels, claimFromJournal, claimsFirst, limitFor, source } = this.parts;
    if (source.available() || this.stopped) return;
    const free = channels()
      .map((channelId) => ({
        channelId,
        permits: freePermits(this.queue('pay', channelId).state, limitFor('pay', channelId)),
      }))
      .filter(({ permits }) => permits > 0);
    if (free.length === 0) return;
    const max = Math.min(
      free.reduce((sum, { permits }) => sum + Math.min(permits, TAKE_MAX), 0),
      JOURNAL_CLAIM_MAX,
    );
    const ids = free.map(({ channelId }) => channelId);
    try {
      // As many again: what is not ours to begin with is looked at only where ours are too few.
      const found = await claimFromJournal(ids, Math.min(2 * max, JOURNAL_CLAIM_MAX));
      const first = found.filter(claimsFirst);
      const others = found.filter((payment) => !claimsFirst(payment));
      for (const payment of [...first, ...others]) this.offer({ ...payment, lane: 'pay' });
    } catch {
      // PostgreSQL is gone too: whoever reads it says so. The next poll tries again.
    }
  }

  private busy(): boolean {
    if (this.inHands.size > 0) return true;
    for (const { state } of this.queues.values()) if (state.asked > 0) return true;
    return false;
  }
}

/** The same work, whether it came through Redis or the journal. A payment's next leg has another version. */
function keyOf(job: { readonly lane: Lane; readonly paymentId: PaymentId; readonly version: number }): string {
  return `${job.lane} ${job.paymentId} ${job.version}`;
}
