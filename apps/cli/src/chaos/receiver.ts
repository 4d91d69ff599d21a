/**
 * The merchant's receiver of webhooks during a run: it can be told to fail, and it remembers what came first of each payment. Telling
 * must harm nobody else; what is told is signed, and each payment's news comes in the order in which it happened.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Breach } from '#audit';
import type { WebhookEndpointWithSecretResponse } from '#client';
import type { SinkEntry } from '../webhook-sink/sink-log';
import type { SinkMode } from '../webhook-sink/sink-modes';
import { createSink } from '../webhook-sink/sink-server';

/** Longer than a deliverer waits (15 s), so that `slow` never answers in time. */
const SLOW_MS = 20_000;

export class Receiver {
  /** Deliveries that were answered with success. */
  received = 0;
  /** Deliveries that were not: down, slow, told elsewhere. */
  refused = 0;
  private unsigned = 0;
  private readonly disorder: { payment: string; after: number; came: number }[] = [];
  /** Highest version of each payment that was taken. */
  private readonly heads = new Map<string, number>();
  private readonly taken = new Set<string>();
  private readonly server: Server;

  /** @param random of `flaky` */
  constructor(random: () => number) {
    this.server = createSink({ mode: 'ok', secrets: [], slowMs: SLOW_MS, random, log: (entry) => this.note(entry) });
  }

  /** Listens, and has itself told of everything. */
  async subscribe(apiUrl: string, apiKey: string): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const made = await fetch(`${apiUrl}/v1/webhook_endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: this.url('/shop') }),
    });
    if (!made.ok) throw new Error(`the receiver could not be entered: ${made.status} ${await made.text()}`);
    const { secret } = (await made.json()) as WebhookEndpointWithSecretResponse;
    await this.control({ secrets: [secret] });
  }

  /** What becomes of deliveries from now on. */
  async treat(mode: SinkMode): Promise<void> {
    await this.control({ mode });
  }

  /** @param wrongClock a worker's clock was far off: then its signatures are refused, and rightly */
  breaches(wrongClock: boolean): Breach[] {
    return [
      ...(this.unsigned > 0 && !wrongClock ? [breach('webhook_unsigned', { deliveries: this.unsigned })] : []),
      ...this.disorder.slice(0, 10).map((evidence) => breach('webhook_out_of_order', evidence)),
    ];
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private note({ signature_ok, status_answered, payment_id, version, webhook_id }: SinkEntry): void {
    if (signature_ok === false) this.unsigned += 1;
    if (status_answered !== 200) {
      this.refused += 1;
      return;
    }
    this.received += 1;
    // At least once: the second time it tells nothing about order.
    if (payment_id === null || version === null || webhook_id === null || this.taken.has(webhook_id)) return;
    this.taken.add(webhook_id);
    const head = this.heads.get(payment_id) ?? 0;
    if (version < head) this.disorder.push({ payment: payment_id, after: head, came: version });
    this.heads.set(payment_id, Math.max(head, version));
  }

  private async control(wish: { readonly mode?: SinkMode; readonly secrets?: readonly string[] }): Promise<void> {
    await fetch(this.url('/control'), { method: 'PUT', body: JSON.stringify(wish) });
  }

  private url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }
}

function breach(rule: string, evidence: Record<string, unknown>): Breach {
  return { invariant: 'I4', rule, evidence };
}
