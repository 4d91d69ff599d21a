/**
 * The merchant's receiver of webhooks during a run: it has itself told of everything, can be told to fail, and writes its log for the
 * audit, which holds the log against the journal (I9).
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookEndpointWithSecretResponse } from '#client';
import type { WebhookLogPlace } from '../audit/webhook-log';
import { type SinkEntry, sinkLog } from './sink-log';
import type { SinkMode } from './sink-modes';
import { createSink } from './sink-server';

/** Longer than a deliverer waits (15 s), so that `slow` never answers in time. */
const SLOW_MS = 20_000;

export class Receiver {
  /** Deliveries that were answered with success. */
  received = 0;
  /** Deliveries that were not: down, slow, told elsewhere. */
  refused = 0;
  private readonly server: Server;
  private readonly write: (entry: SinkEntry) => void;
  private endpoint: { readonly apiUrl: string; readonly apiKey: string; readonly id: string } | null = null;
  private sinceMs: number | null = null;

  /**
   * @param file where its log goes
   * @param random of `flaky`
   */
  constructor(
    private readonly file: string,
    random: () => number,
  ) {
    this.write = sinkLog(file);
    this.server = createSink({ mode: 'ok', secrets: [], slowMs: SLOW_MS, random, log: (entry) => this.note(entry) });
  }

  /** Listens, and has itself told of everything from now on. */
  async subscribe(apiUrl: string, apiKey: string): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const made = await fetch(`${apiUrl}/v1/webhook_endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: this.url('/shop') }),
    });
    if (!made.ok) throw new Error(`the receiver could not be entered: ${made.status} ${await made.text()}`);
    const { id, secret } = (await made.json()) as WebhookEndpointWithSecretResponse;
    await this.control({ secrets: [secret] });
    this.endpoint = { apiUrl, apiKey, id };
    this.sinceMs = Date.now();
  }

  /** Is told of nothing more. */
  async unsubscribe(): Promise<void> {
    if (this.endpoint === null) return;
    const { apiUrl, apiKey, id } = this.endpoint;
    // A product that is gone by now tells nobody anything.
    await fetch(`${apiUrl}/v1/webhook_endpoints/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${apiKey}` },
    }).catch(() => undefined);
  }

  /** What became of deliveries so far, for the audit; null: nobody subscribed, or nothing came. */
  get log(): WebhookLogPlace | null {
    if (this.sinceMs === null || this.received + this.refused === 0) return null;
    return { file: this.file, sinceMs: this.sinceMs };
  }

  /** What becomes of deliveries from now on. */
  async treat(mode: SinkMode): Promise<void> {
    await this.control({ mode });
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private note(entry: SinkEntry): void {
    this.write(entry);
    if (entry.status_answered === 200) this.received += 1;
    else this.refused += 1;
  }

  private async control(wish: { readonly mode?: SinkMode; readonly secrets?: readonly string[] }): Promise<void> {
    await fetch(this.url('/control'), { method: 'PUT', body: JSON.stringify(wish) });
  }

  private url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }
}
