/**
 * How did our predictions turn out? Payments accepted with one are followed, by the notices of what they became, until the bank's answer
 * is there or nobody waits for it any more.
 *
 *   accepted ──▶ followed ──▶ succeeded, failed, requires_action, requires_payment_method   it waited so long
 *                        ├──▶ expired, canceled, unknown, moved to another channel          it waited at least so long
 *                        └──▶ nothing for two minutes, or notices were missed               so too, or forgotten
 */
import type { ExpectedWait } from '#dispatch';
import type { ChannelId, MonotonicMs, PaymentId, PaymentState } from '#domain';
import type { WaitOutcome } from '#policy';

/** Payments followed at one time: two seconds of queue at 4,000 a second, some 2 MB. Beyond it new ones are not followed. */
const FOLLOWED_MAX = 8_000;
/** Longer than any queue that payers are let into; who is followed longer waited at least so long, ms. */
const FOLLOWED_FOR_MS = 120_000;

interface Followed {
  readonly channelId: ChannelId;
  readonly acceptedMs: MonotonicMs;
  readonly wait: ExpectedWait;
}

type Turned = 'answered' | 'censored' | 'waiting';

export class PredictedWaits {
  private readonly followed = new Map<string, Followed>();

  /** @param tell is told once of each payment that was followed to its end */
  constructor(private readonly tell: (channelId: ChannelId, outcome: WaitOutcome) => void) {}

  get size(): number {
    return this.followed.size;
  }

  accepted(paymentId: PaymentId, channelId: ChannelId, wait: ExpectedWait, nowMs: MonotonicMs): void {
    if (this.followed.size < FOLLOWED_MAX) this.followed.set(paymentId, { channelId, acceptedMs: nowMs, wait });
  }

  /** A payment became something. @param state null: not said, so that nothing can be learnt from it */
  became(paymentId: string, state: PaymentState | null, nowMs: MonotonicMs): void {
    const followed = this.followed.get(paymentId);
    if (!followed) return;
    const turned = state === null ? 'censored' : turnOf(state);
    if (turned === 'waiting') return;
    this.followed.delete(paymentId);
    this.end(followed, turned === 'censored', nowMs);
  }

  /** Ends what was followed for too long. Called every tick. */
  sweep(nowMs: MonotonicMs): void {
    for (const [paymentId, followed] of this.followed) {
      if (nowMs - followed.acceptedMs < FOLLOWED_FOR_MS) return; // the oldest stand first
      this.followed.delete(paymentId);
      this.end(followed, true, nowMs);
    }
  }

  /** Notices were missed: what became of them may be long ago. */
  forget(): void {
    this.followed.clear();
  }

  private end({ acceptedMs, channelId, wait }: Followed, censored: boolean, nowMs: MonotonicMs): void {
    const { p90Ms, pointMs, roundTripMs } = wait;
    this.tell(channelId, { pointMs, roundTripMs, p90Ms, actualMs: nowMs - acceptedMs, censored });
  }
}

function turnOf(state: PaymentState): Turned {
  switch (state) {
    case 'succeeded':
    case 'failed':
    case 'requires_action':
    case 'requires_payment_method':
      return 'answered';
    case 'unknown':
    case 'expired':
    case 'canceled':
    // Back in a queue: for another leg, or on another channel.
    case 'queued':
      return 'censored';
    case 'processing':
      return 'waiting';
  }
}
