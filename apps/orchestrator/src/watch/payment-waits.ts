/** Long-polls: answer when the payment is worth an answer, or when the caller's patience ends. */
import type { Clock } from '#dispatch';
import type { Payment, PaymentState } from '#domain';
import type { DeadlineWheel } from './deadline-wheel';
import type { PaymentWatch } from './payment-watch';

export interface Wait {
  readonly id: string;
  /** The payment as it is now; what it throws is thrown. */
  readonly read: () => Promise<Payment>;
  /** Is a payment in this state worth answering? */
  readonly enough: (state: PaymentState) => boolean;
  /** It is there, it is the caller's, and nothing has been heard of it since it was queued: a first read would only say so. */
  readonly knownQueued: () => boolean;
  /** At most so long. */
  readonly patienceMs: number;
  /** Told how to stop, for a caller that hangs up. */
  readonly onGone: (leave: () => void) => void;
}

export class PaymentWaits {
  constructor(
    private readonly watch: PaymentWatch,
    private readonly wheel: DeadlineWheel,
    private readonly clock: Clock,
  ) {}

  /**
   * Subscribes, reads, then waits. Where too many wait already the answer comes at once.
   *
   * On its way to a state worth answering the payment is not read, so when the patience ends it is read once more: an answer is never
   * older than the moment it was asked for.
   */
  async until({ id, read, enough, knownQueued, patienceMs, onGone }: Wait): Promise<Payment> {
    let latest: Payment | null = null;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const hear = (payment: Payment): void => {
      if (latest === null || payment.head.version > latest.head.version) latest = payment;
      if (enough(payment.head.state)) finish();
    };
    const unwatch = this.watch.watch(id, hear, enough);
    if (unwatch === null || patienceMs === 0) {
      unwatch?.();
      return read();
    }
    try {
      if (!knownQueued()) {
        hear(await read());
        if (isEnough(latest, enough)) return latest;
      }
      const forget = this.wheel.add(this.clock.monotonicMs() + patienceMs, finish);
      onGone(finish);
      await finished;
      forget();
      return isEnough(latest, enough) ? latest : await read();
    } finally {
      unwatch();
    }
  }
}

function isEnough(payment: Payment | null, enough: Wait['enough']): payment is Payment {
  return payment !== null && enough(payment.head.state);
}
