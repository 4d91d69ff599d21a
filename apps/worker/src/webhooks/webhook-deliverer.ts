/**
 * Empties the outbox of webhooks: takes what is due and has a permit, sends it, and looks again. One take at a time; sends run beside.
 *
 *   outbox ──take (permits)──▶ DeliverWebhook ──▶ receiver ──▶ record ──▶ the payment's next delivery is due
 */
import type { DeliverWebhook, Log, TakenWebhook, WebhookOutbox } from '#dispatch';
import type { WebhookEndpointId } from '#domain';
import { EndpointPermits } from './endpoint-permits';

/** Between looks at an empty outbox, ms: what happens is told within a fifth of a second, for five cheap looks each second. */
const IDLE_MS = 200;
/** Between two takes while there is work, ms: answers that come in the same moment make room together. */
const BUSY_MS = 5;
/** After a take that failed (PostgreSQL is gone), ms. */
const FAILED_MS = 1_000;

export interface WebhookDelivererParts {
  readonly outbox: Pick<WebhookOutbox, 'take'>;
  readonly deliver: Pick<DeliverWebhook, 'deliver'>;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

export class WebhookDeliverer {
  private readonly permits = new EndpointPermits();
  private readonly underWay = new Set<Promise<void>>();
  private after: WebhookEndpointId | '' = '';
  private timer: { readonly handle: NodeJS.Timeout; readonly waitMs: number } | null = null;
  private taking: Promise<void> | null = null;
  private wanted = false;
  private stopped = false;
  private failing = false;

  constructor(private readonly parts: WebhookDelivererParts) {}

  start(): void {
    this.lookIn(0);
  }

  /**
   * Takes no more and waits for what is on its way. What is left then is sent again by another worker once its lease is over.
   * @returns how many were left
   */
  async stop(boundMs: number): Promise<number> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer.handle);
    await this.taking;
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, boundMs)));
    await Promise.race([Promise.all(this.underWay), bound]);
    clearTimeout(timer);
    return this.underWay.size;
  }

  private lookIn(waitMs: number): void {
    if (this.stopped) return;
    // Never put off: a timer that is as near or nearer stays, or a stream of answers would keep us from looking.
    if (this.timer && this.timer.waitMs <= waitMs) return;
    if (this.timer) clearTimeout(this.timer.handle);
    const handle = setTimeout(() => {
      this.timer = null;
      this.taking = this.look().finally(() => {
        this.taking = null;
        if (this.wanted) this.lookIn(BUSY_MS);
      });
    }, waitMs);
    this.timer = { handle, waitMs };
  }

  /** Something may have become due, or a permit free. */
  private wake(): void {
    if (this.taking) this.wanted = true;
    else this.lookIn(BUSY_MS);
  }

  private async look(): Promise<void> {
    const { outbox, monotonicMs, log } = this.parts;
    this.wanted = false;
    const room = this.permits.rooms();
    if (room.max <= 0) return; // the end of a send wakes us
    const askedMs = monotonicMs();
    try {
      const { deliveries, next } = await outbox.take({ after: this.after, ...room });
      if (this.failing) log.info('Webhooks are taken again');
      this.failing = false;
      for (const delivery of deliveries) this.send(delivery, askedMs);
      this.after = next;
      this.lookIn(deliveries.length > 0 || next !== '' ? BUSY_MS : IDLE_MS);
    } catch (error) {
      if (!this.failing) log.warn('Webhooks cannot be taken; they wait in the outbox', { error: String(error) });
      this.failing = true;
      this.lookIn(FAILED_MS);
    }
  }

  private send(delivery: TakenWebhook, askedMs: number): void {
    this.permits.begin(delivery.endpointId);
    const sending = this.parts.deliver
      .deliver(delivery, askedMs)
      .catch((error: unknown) => {
        // Ours to mend: the lease runs out and it is tried again, to the end of its plan.
        this.parts.log.error('A webhook could not be handled', { delivery: keyOf(delivery), error: String(error) });
        return null;
      })
      .then((result) => {
        const scarce = this.permits.end(delivery.endpointId, result);
        this.underWay.delete(sending);
        if (!this.failing && (scarce || result?.released)) this.wake();
      });
    this.underWay.add(sending);
  }
}

function keyOf({ endpointId, paymentId, version }: TakenWebhook): string {
  return `${endpointId} ${paymentId} ${version}`;
}
