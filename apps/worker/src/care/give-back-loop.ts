/**
 * Money that goes back has a lane of its own: reversals and refunds that are due are taken from the journal, as many as their channel
 * has permits for, and carried. It may wait; it is never shed. Redis has no part in it: these are a few in a hundred payments.
 *
 *   journal (due, SKIP LOCKED, leased) ──▶ permits per channel ──▶ CarryReversal, CarryRefund ──▶ connector ──▶ journal
 */
import type { CarryRefund, CarryReversal, CareShare, Log, RefundJournal, ReversalJournal } from '#dispatch';
import type { ChannelId } from '#domain';

/** Between two looks at an empty list, ms: a reversal or a refund begins within half a second of its commit. */
const PAUSE_MS = 500;
/** After a failed round (PostgreSQL is gone), ms. */
const PAUSE_AFTER_FAILURE_MS = 1_000;
/** Beyond a call's deadline: two commits and a wait for the connection, ms. Nobody else takes the work before. */
const LEASE_GRACE_MS = 10_000;

/** A channel as this loop sees it. */
export interface GivingBackChannel {
  readonly channelId: ChannelId;
  /** Calls that may be under way at once. */
  readonly permits: number;
  /** Deadline of one call, ms. */
  readonly timeoutMs: number;
}

export interface GiveBackParts {
  readonly channels: () => readonly GivingBackChannel[];
  readonly reversals: Pick<ReversalJournal, 'takeDue'>;
  readonly refunds: Pick<RefundJournal, 'takeDue'>;
  readonly carryReversal: Pick<CarryReversal, 'carry'>;
  readonly carryRefund: Pick<CarryRefund, 'carry'>;
  readonly log: Log;
}

export class GiveBackLoop {
  private readonly inHands = new Map<ChannelId, number>();
  private readonly work = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;

  constructor(private readonly parts: GiveBackParts) {}

  start(): void {
    this.round = this.run();
  }

  /** Takes nothing more and waits for what is in hand, at most `boundMs`. @returns how much was still in hand; its lease brings it back */
  async stop(boundMs: number): Promise<number> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.round;
    let bound: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (bound = setTimeout(resolve, boundMs)));
    await Promise.race([late, Promise.all(this.work)]);
    clearTimeout(bound);
    return this.work.size;
  }

  private async run(): Promise<void> {
    let pauseMs = PAUSE_MS;
    try {
      await this.look();
      if (this.failing) this.parts.log.info('Refunds and reversals are carried again');
      this.failing = false;
    } catch (error) {
      pauseMs = PAUSE_AFTER_FAILURE_MS;
      if (!this.failing) {
        this.parts.log.warn('Refunds and reversals could not be looked for; tried again every second', {
          error: String(error),
        });
      }
      this.failing = true;
    }
    if (!this.stopped) this.timer = setTimeout(() => this.start(), pauseMs);
  }

  /** Reversals first: they close a question that is open; a refund only brings money a little later. */
  private async look(): Promise<void> {
    const { carryRefund, carryReversal, refunds, reversals } = this.parts;
    for (const reversal of await this.take((shares) => reversals.takeDue(shares))) {
      this.carry(reversal.channelId, () => carryReversal.carry(reversal));
    }
    for (const refund of await this.take((shares) => refunds.takeDue(shares))) {
      this.carry(refund.channelId, () => carryRefund.carry(refund));
    }
  }

  private async take<Due>(takeDue: (shares: readonly CareShare[]) => Promise<readonly Due[]>): Promise<readonly Due[]> {
    const shares: CareShare[] = [];
    for (const { channelId, permits, timeoutMs } of this.parts.channels()) {
      const free = permits - (this.inHands.get(channelId) ?? 0);
      if (free > 0) shares.push({ channelId, free, leaseMs: timeoutMs + LEASE_GRACE_MS });
    }
    return shares.length === 0 ? [] : takeDue(shares);
  }

  private carry(channelId: ChannelId, work: () => Promise<void>): void {
    this.inHands.set(channelId, (this.inHands.get(channelId) ?? 0) + 1);
    const carried = work()
      .catch((error: unknown) => {
        this.parts.log.error('A refund or reversal ended with an error; it is looked at again after its lease', {
          channelId,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      })
      .then(() => {
        this.inHands.set(channelId, this.inHands.get(channelId)! - 1);
        this.work.delete(carried);
      });
    this.work.add(carried);
  }
}
