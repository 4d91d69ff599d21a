/**
 * Holds the contract's rate of each channel in this worker, within its share: hands out slots at the moment of sending, and says how many
 * jobs are worth taking, so that payments wait in the queue and not in a worker's hands.
 *
 *   queue ──[ jobsToTake ≤ room in the next 100 ms ]──▶ commit `dispatched` ──[ slot ]──▶ first byte: stamp ──▶ bank
 *
 * The rate is asked for anew at each use, so that a cut acts on the very next payment.
 */
import type { SendPace, SendSlot } from '#dispatch';
import type { ChannelId } from '#domain';
import { SlidingRate } from '#policy';

/** What this worker may send: its share of the contract. */
export interface PaceShare {
  /** Payments in any second. */
  readonly ratePerSecond: number;
  readonly burst: number;
}

export interface ChannelPacesParts {
  readonly shareOf: (channelId: ChannelId) => PaceShare;
  readonly monotonicMs: () => number;
  /** Jobs of this channel may be taken again. */
  readonly wake: (channelId: ChannelId) => void;
}

/**
 * Jobs are taken this long before their slot: taking one from Redis and committing its attempt takes up to so long under load. Shorter,
 * slots pass unused; longer, payments wait here, where no other worker can take them.
 */
const AHEAD_MS = 100;
/** Between two wake-ups of a channel that is held back by its rate, ms: a fifth of what is taken ahead, so that takes are batched. */
const WAKE_EVERY_MS = 20;
/** Node's timers ring up to a millisecond early; one that does would only be set again. */
const TIMER_SLACK_MS = 1;
/** While a share is 0 nothing says when it ends: whoever waits for a slot is looked at this often. */
const LOOK_EVERY_MS = 100;

interface Waiter {
  readonly untilMs: number;
  readonly resolve: (slot: SendSlot | null) => void;
}

interface Pace {
  readonly rate: SlidingRate;
  share: PaceShare;
  readonly waiters: Waiter[];
  slotTimer: NodeJS.Timeout | null;
  wakeTimer: NodeJS.Timeout | null;
  /** Slots given out whose payment's journey is not over. */
  underWay: number;
}

export class ChannelPaces implements SendPace {
  private readonly paces = new Map<ChannelId, Pace>();
  private closed = false;

  constructor(private readonly parts: ChannelPacesParts) {}

  slot(channelId: ChannelId, withinMs: number): Promise<SendSlot | null> {
    const pace = this.paceOf(channelId);
    return new Promise((resolve) => {
      pace.waiters.push({ untilMs: this.parts.monotonicMs() + withinMs, resolve });
      this.serve(channelId);
    });
  }

  /**
   * How many jobs this worker may have in its hands, by the rate alone.
   * @param inHand jobs of the channel in its hands, from the take to the end of their journey
   */
  jobsFor(channelId: ChannelId, inHand: number): number {
    const pace = this.paceOf(channelId);
    const nowMs = this.parts.monotonicMs();
    // Those without a slot yet will want one; those with one are in the rate's own count until they have left its window.
    const unsent = Math.max(0, inHand - pace.underWay);
    const more = pace.rate.roomBy(nowMs + AHEAD_MS, nowMs) - unsent;
    if (more <= 0) this.wakeLater(channelId, pace, nowMs);
    return Math.max(0, inHand + Math.max(0, more));
  }

  /** Whoever waits is told that there is no slot any more. */
  close(): void {
    this.closed = true;
    for (const pace of this.paces.values()) {
      if (pace.wakeTimer) clearTimeout(pace.wakeTimer);
      if (pace.slotTimer) clearTimeout(pace.slotTimer);
      for (const { resolve } of pace.waiters.splice(0)) resolve(null);
    }
  }

  private paceOf(channelId: ChannelId): Pace {
    const share = this.parts.shareOf(channelId);
    let pace = this.paces.get(channelId);
    if (!pace) {
      const rate = new SlidingRate(share.ratePerSecond, share.burst);
      pace = { rate, share, waiters: [], slotTimer: null, wakeTimer: null, underWay: 0 };
      this.paces.set(channelId, pace);
    }
    if (pace.share.ratePerSecond !== share.ratePerSecond || pace.share.burst !== share.burst) {
      pace.share = share;
      pace.rate.setRate(share.ratePerSecond, share.burst);
    }
    return pace;
  }

  /** Gives slots to those who wait, in their order, and sets the timer for the next. */
  private serve(channelId: ChannelId): void {
    const pace = this.paceOf(channelId);
    const nowMs = this.parts.monotonicMs();
    const { rate, waiters } = pace;
    while (waiters.length > 0) {
      const first = waiters[0]!;
      if (first.untilMs < nowMs || this.closed) first.resolve(null);
      else if (rate.reserve(nowMs)) first.resolve(this.given(channelId, pace));
      else break;
      waiters.shift();
    }
    if (waiters.length === 0 || pace.slotTimer) return;
    const inMs = Math.min(rate.nextInMs(nowMs), waiters[0]!.untilMs - nowMs, LOOK_EVERY_MS);
    pace.slotTimer = setTimeout(() => {
      pace.slotTimer = null;
      this.serve(channelId);
    }, inMs + TIMER_SLACK_MS);
  }

  private given(channelId: ChannelId, pace: Pace): SendSlot {
    let state: 'reserved' | 'stamped' | 'over' = 'reserved';
    pace.underWay += 1;
    return {
      stamp: () => {
        if (state !== 'reserved') return;
        state = 'stamped';
        pace.rate.stamp(this.parts.monotonicMs());
      },
      end: () => {
        if (state === 'over') return;
        if (state === 'reserved') pace.rate.release();
        state = 'over';
        pace.underWay -= 1;
        this.serve(channelId);
      },
    };
  }

  private wakeLater(channelId: ChannelId, pace: Pace, nowMs: number): void {
    if (pace.wakeTimer || this.closed) return;
    // Without an end in sight the pump's own poll comes back to it.
    const nextMs = pace.rate.nextInMs(nowMs);
    if (nextMs === Infinity) return;
    pace.wakeTimer = setTimeout(
      () => {
        pace.wakeTimer = null;
        this.parts.wake(channelId);
      },
      Math.max(WAKE_EVERY_MS, nextMs - AHEAD_MS),
    );
  }
}
