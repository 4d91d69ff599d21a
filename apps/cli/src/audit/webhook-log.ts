/**
 * A receiver's log, as the webhook sink (docs/webhooks.md) and fault runs write it: one line for each delivery, before it was answered.
 * What was answered with success was taken; the rest must be told again.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Delivery } from '#audit';
import type { SinkEntry } from '../webhook-sink/sink-log';

export interface WebhookLogPlace {
  readonly file: string;
  /** From when on the receiver was told of everything, ms since 1970; null: from its first line on. */
  readonly sinceMs: number | null;
}

/** @throws if there is no such file */
export async function* deliveriesIn({ file }: WebhookLogPlace): AsyncGenerator<Delivery> {
  if (!existsSync(file))
    throw new Error(`${file} is not there; node dist/apps/cli/src/main.js webhook-sink --log ${file} writes one.`);
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const entry = parse(text);
    // Half a line is what a kill leaves: it was not answered.
    if (entry === null) continue;
    const { payment_id: paymentId, version, status_answered: status } = entry;
    if (paymentId === null || version === null || status === null || status < 200 || status > 299) continue;
    yield {
      paymentId,
      version,
      paymentVersion: entry.payment_version,
      paymentState: entry.payment_status,
      webhookId: entry.webhook_id,
      signatureOk: entry.signature_ok,
      atMs: Date.parse(entry.received_at),
    };
  }
}

function parse(text: string): SinkEntry | null {
  try {
    return JSON.parse(text) as SinkEntry;
  } catch {
    return null;
  }
}
