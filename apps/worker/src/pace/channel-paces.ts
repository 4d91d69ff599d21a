/**
 * The gate before each bank in this worker: a payment is sent when the contract's second has room for it and the bank a free slot, both
 * within this worker's share. And it says how many jobs are worth taking, so that payments wait in the queue and not in a worker's hands.
 *
 *   queue ──[ jobsFor ]──▶ commit `dispatched` ──[ slot ]──▶ first byte: stamp ──▶ bank ──▶ answered ──▶ journal ──▶ end
 *           │              └── on the way ──────┘         └──────── at the bank ──────────┘ └─ settling ─┘
 *
 * Only what is at the bank counts against the limit. Were all in hand counted, a bank that answers in 40 ms would be held to half of what it
 * can do, for the journal takes its time before and after; and the limiter, which sees a half-used limit, would leave it there.
 *
 * Shares are asked for anew at each use, so that a cut acts on the very next payment.
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
  /** Payments of this worker that may be at the bank at one time. */
  readonly permitsOf: (channelId: ChannelId) => number;
  /** The bank's median round trip, ms. */
  readonly roundTripMsOf: (channelId: ChannelId) => number;
  readonly monotonicMs: () => number;
  /** Jobs of this channel may be taken again. */
  readonly wake: (channelId: ChannelId) => void;
}

/**
 * Jobs are taken so long before their slot, for one must be fetched from Redis and its attempt committed first. Too short, and slots pass
 * unused; too long, and payments wait here, where no other worker can take them. So it is found: four of five jobs are to be ready READY_MS
 * before their slot. The bounds: what it takes on an idle machine, and what a payer would notice.
 */
const AHEAD = { firstMs: 100, leastMs: 50, mostMs: 300, longerByMs: 4, shorterByMs: 1 };
const READY_MS = 10;
/** Between two wake-ups of a channel that is held back by its rate, ms: a part of what is taken ahead, so that takes are batched. */
const WAKE_EVERY_MS = 20;
/** Node's timers ring up to a millisecond early; one that does would only be set again. */
const TIMER_SLACK_MS = 1;
/** A share may rise without a word: whoever waits for a slot is looked at this often, ms. */
const LOOK_EVERY_MS = 100;

interface Waiter {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly resolve: (slot: SendSlot | null) => void;
}

interface Pace {
  readonly rate: SlidingRate;
  share: PaceShare;
  readonly waiters: Waiter[];
  slotTimer: NodeJS.Timeout | null;
  wakeTimer: NodeJS.Timeout | null;
  /** Slots given out: payments at the bank, and those answered whose outcome is being written. */
  atBank: number;
  settling: number;
  aheadMs: number;
}

export class ChannelPaces implements SendPace {
  private readonly paces = new Map<ChannelId, Pace>();
  private closed = false;

  constructor(private readonly parts: ChannelPacesParts) {}

  slot(channelId: ChannelId, withinMs: number): Promise<SendSlot | null> {
    const pace = this.paceOf(channelId);
    return new Promise((resolve) => {
      const sinceMs = this.parts.monotonicMs();
      pace.waiters.push({ sinceMs, untilMs: sinceMs + withinMs, resolve });
      this.serve(channelId);
    });
  }

  /**
   * How many jobs this worker may have in its hands.
   * @param inHand jobs of the channel in its hands, from the take to the end of their journey
   */
  jobsFor(channelId: ChannelId, inHand: number): number {
    const pace = this.paceOf(channelId);
    const nowMs = this.parts.monotonicMs();
    const permits = this.parts.permitsOf(channelId);
    if (permits < 1) return 0;
    const onTheWay = Math.max(0, inHand - pace.atBank - pace.settling);
    // What the bank will have answered by the time that a job taken now is ready.
    const leaving = Math.ceil(permits * Math.min(1, pace.aheadMs / this.parts.roundTripMsOf(channelId)));
    const byBank = permits - pace.atBank + leaving;
    const byRate = pace.rate.roomBy(nowMs + pace.aheadMs, nowMs);
    if (byRate <= onTheWay) this.wakeLater(channelId, pace, nowMs);
    const more = Math.min(byBank, byRate) - onTheWay;
    return Math.min(inHand + Math.max(0, more), Math.max(handsFor(permits), inHand));
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
      pace = {
        rate,
        share,
        waiters: [],
        slotTimer: null,
        wakeTimer: null,
        atBank: 0,
        settling: 0,
        aheadMs: AHEAD.firstMs,
      };
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
    const permits = waiters.length > 0 ? this.parts.permitsOf(channelId) : 0;
    while (waiters.length > 0) {
      const first = waiters[0]!;
      if (first.untilMs < nowMs || this.closed) first.resolve(null);
      else if (pace.atBank < permits && rate.reserve(nowMs)) {
        pace.aheadMs = aheadAfter(pace.aheadMs, nowMs - first.sinceMs);
        first.resolve(this.given(channelId, pace));
      } else break;
      waiters.shift();
    }
    if (waiters.length === 0 || pace.slotTimer) return;
    // A slot at the bank is announced by the answer that frees it.
    const rateMs = pace.atBank < permits ? rate.nextInMs(nowMs) : Infinity;
    const inMs = Math.min(rateMs, waiters[0]!.untilMs - nowMs, LOOK_EVERY_MS);
    pace.slotTimer = setTimeout(() => {
      pace.slotTimer = null;
      this.serve(channelId);
    }, inMs + TIMER_SLACK_MS);
  }

  private given(channelId: ChannelId, pace: Pace): SendSlot {
    let isStamped = false;
    let state: 'at_bank' | 'settling' | 'over' = 'at_bank';
    pace.atBank += 1;
    const answered = (): void => {
      if (state !== 'at_bank') return;
      state = 'settling';
      pace.atBank -= 1;
      pace.settling += 1;
      if (!isStamped) pace.rate.release();
      this.serve(channelId);
      this.parts.wake(channelId);
    };
    return {
      stamp: () => {
        if (isStamped || state !== 'at_bank') return;
        isStamped = true;
        pace.rate.stamp(this.parts.monotonicMs());
      },
      answered,
      end: () => {
        answered();
        if (state === 'settling') pace.settling -= 1;
        state = 'over';
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
      Math.max(WAKE_EVERY_MS, nextMs - pace.aheadMs),
    );
  }
}

/** @param waitedMs how long the job was ready before its slot came */
function aheadAfter(aheadMs: number, waitedMs: number): number {
  const next = waitedMs < READY_MS ? aheadMs + AHEAD.longerByMs : aheadMs - AHEAD.shorterByMs;
  return Math.min(Math.max(next, AHEAD.leastMs), AHEAD.mostMs);
}

/**
 * Most jobs in hand for so many permits, in all phases: where the journal is slow, what waits for it is bounded too. Also what Redis holds
 * over all workers (`LLEN active`), so that a worker gone wrong cannot take more than that.
 */
export function handsFor(permits: number): number {
  return permits < 1 ? 0 : 3 * permits + 8;
}
