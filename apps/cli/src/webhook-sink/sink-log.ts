/**
 * The sink's book: one line of JSON for each delivery, written before it is answered, so that a kill of either side cannot make a
 * delivery that was seen look unseen. The money audit reads it (invariant I9).
 */
import { appendFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { SinkMode } from './sink-modes';

export interface SinkEntry {
  readonly received_at: string;
  readonly webhook_id: string | null;
  /** null: the sink knows no secret to check with. */
  readonly signature_ok: boolean | null;
  /** How many signatures the delivery carried. */
  readonly signatures: number;
  readonly merchant_order_no: string | null;
  readonly payment_id: string | null;
  readonly version: number | null;
  readonly type: string | null;
  /** Of the payment that came with the event. */
  readonly payment_version: number | null;
  readonly payment_status: string | null;
  readonly path: string;
  readonly mode: SinkMode;
  /** null: none, the connection was reset. */
  readonly status_answered: number | null;
  readonly bytes: number;
}

export type Received = Pick<SinkEntry, 'path' | 'mode' | 'status_answered' | 'received_at'> & {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** @param secrets any of them may have signed; none: nothing is checked */
export function sinkEntry(received: Received, secrets: readonly string[]): SinkEntry {
  const { headers, body, path, mode, status_answered, received_at } = received;
  const event = parsed(body);
  const payment = objectIn(event['payment']);
  const signature = text(headers['webhook-signature']);
  return {
    received_at,
    webhook_id: text(headers['webhook-id']),
    signature_ok: secrets.length === 0 ? null : secrets.some((secret) => isSigned(secret, headers, body)),
    signatures: signature === null ? 0 : signature.split(' ').length,
    merchant_order_no: text(payment['merchant_order_no']),
    payment_id: text(payment['id']),
    version: whole(event['id']),
    type: text(event['type']),
    payment_version: whole(payment['version']),
    payment_status: text(payment['status']),
    path,
    mode,
    status_answered,
    bytes: body.length,
  };
}

/** Appends to a file, or to stdout where none is given. */
export function sinkLog(file: string | undefined): (entry: SinkEntry) => void {
  return (entry) => {
    const line = `${JSON.stringify(entry)}\n`;
    if (file === undefined) process.stdout.write(line);
    else appendFileSync(file, line);
  };
}

function isSigned(secret: string, headers: IncomingHttpHeaders, body: Buffer): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

function parsed(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return objectIn(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const whole = (value: unknown): number | null => (Number.isInteger(value) ? (value as number) : null);
