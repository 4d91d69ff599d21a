/**
 * Tells one endpoint of one event: builds the message, signs it, sends it, judges the answer, records it.
 *
 * At least once: whoever dies between the answer and the record leaves a lease that runs out, and the delivery is sent again under
 * the same `webhook-id`. The body is the event and the payment as it is now, exactly as the payment's event stream gives it.
 */
import type { Payment, PaymentEvent } from '#domain';
import { webhookDeliveryId } from '#domain';
import { type WebhookAnswer, judgeWebhookAnswer } from '#policy';
import type { Clock, Meters } from './ports/surroundings';
import type { TakenWebhook, WebhookOutbox } from './ports/webhook-outbox';
import type { WebhookSender } from './ports/webhook-sender';
import type { StepProbe } from './steps';

export interface DeliverWebhookParts {
  readonly outbox: Pick<WebhookOutbox, 'record' | 'leaseMs'>;
  readonly sender: WebhookSender;
  readonly clock: Clock;
  readonly meters: Meters;
  readonly reached: StepProbe;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The body: JSON. */
  readonly render: (event: PaymentEvent, payment: Payment) => string;
  /** The value of `webhook-signature`: one signature for each secret. */
  readonly sign: (secrets: readonly string[], id: string, timestampMs: number, body: string) => string;
}

export interface DeliveredWebhook {
  readonly ok: boolean;
  /** From the first byte to the answer, ms. */
  readonly elapsedMs: number;
  /** The payment's next delivery became due. */
  readonly released: boolean;
}

/** Standard Webhooks asks for 15 to 30 s. The shorter one: a receiver that needs longer should answer first and work afterwards. */
export const WEBHOOK_TIMEOUT_MS = 15_000;

export class DeliverWebhook {
  constructor(private readonly parts: DeliverWebhookParts) {}

  /**
   * @param takenAtMs monotonic; when the delivery was asked for, so that nothing is sent under a lease that may have run out
   * @returns null: not sent, since its time is over
   */
  async deliver(delivery: TakenWebhook, takenAtMs: number): Promise<DeliveredWebhook | null> {
    const { clock, meters, outbox, reached, random } = this.parts;
    reached('deliver.taken');
    const startedMs = clock.monotonicMs();
    // Whoever was paused this long may find that another has sent this and what comes after it.
    if (startedMs - takenAtMs + WEBHOOK_TIMEOUT_MS > outbox.leaseMs) return null;
    const answer = await this.send(delivery, delivery.takenAt + startedMs - takenAtMs);
    const elapsedMs = clock.monotonicMs() - startedMs;
    reached('deliver.answered');
    const verdict = judgeWebhookAnswer(answer, delivery.tries, random());
    const { endpointId, paymentId, version, tries } = delivery;
    const commit = await outbox.record({
      endpointId,
      paymentId,
      version,
      tries,
      verdict,
      status: answer.kind === 'answered' ? answer.status : null,
      error: answer.kind === 'failed' ? answer.reason : null,
    });
    reached('deliver.recorded');
    meters.count('sluice_webhook_tries_total', { result: wordFor(answer) });
    if (verdict.kind === 'dead') meters.count('sluice_alerts_total', { alert: 'webhook_dead' });
    // What could not be recorded is due again when its lease runs out.
    const released = commit.kind === 'committed' && commit.value.released;
    return { ok: verdict.kind === 'delivered', elapsedMs, released };
  }

  /** @param nowMs since 1970: the journal's time, moved on by our monotonic clock (chaos, clocks 1, seed 1) */
  private send(delivery: TakenWebhook, nowMs: number): Promise<WebhookAnswer> {
    const { render, sender, sign } = this.parts;
    const id = webhookDeliveryId(delivery);
    const body = render(delivery.event, delivery.payment);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Sluice-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(nowMs / 1000)),
      'webhook-signature': sign(delivery.secrets, id, nowMs, body),
    };
    return sender.send({ url: delivery.url, headers, body, timeoutMs: WEBHOOK_TIMEOUT_MS });
  }
}

/** A few words, not three hundred statuses: each is a series that lives for ever. */
function wordFor(answer: WebhookAnswer): string {
  return answer.kind === 'failed' ? answer.reason : `${Math.floor(answer.status / 100)}xx`;
}
