/** Long-polls: answer when the payment is worth an answer, or when the caller's patience ends. */
import type { Clock } from '#dispatch';
import type { Payment } from '#domain';
import type { DeadlineWheel } from './deadline-wheel';
import type { PaymentWatch } from './payment-watch';

export class PaymentWaits {
  constructor(
    private readonly watch: PaymentWatch,
    private readonly wheel: DeadlineWheel,
    private readonly clock: Clock,
  ) {}

  /**
   * Subscribes, reads, then waits. Where too many wait already the answer comes at once.
   *
   * @param read the payment as it is now; what it throws is thrown
   * @param enough is it worth answering
   * @param patienceMs at most so long
   * @param onGone told how to stop, for a caller that hangs up
   */
  async until(
    id: string,
    read: () => Promise<Payment>,
    enough: (payment: Payment) => boolean,
    patienceMs: number,
    onGone: (leave: () => void) => void,
  ): Promise<Payment> {
    let latest: Payment | null = null;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const unwatch = this.watch.watch(id, (payment) => {
      if (latest === null || payment.head.version > latest.head.version) latest = payment;
      if (enough(payment)) finish();
    });
    try {
      const first = await read();
      if (unwatch === null || patienceMs === 0 || enough(newer(first, latest))) return newer(first, latest);
      const forget = this.wheel.add(this.clock.monotonicMs() + patienceMs, finish);
      onGone(finish);
      await finished;
      forget();
      return newer(first, latest);
    } finally {
      unwatch?.();
    }
  }
}

function newer(first: Payment, latest: Payment | null): Payment {
  return latest !== null && latest.head.version > first.head.version ? latest : first;
}
