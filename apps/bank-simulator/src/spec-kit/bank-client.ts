/** A caller for the simulator's specs: its own signatures and its own sockets, nothing of our connectors. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BankSimulatorOptions, type RunningBankSimulator, startBankSimulator } from '../start';

export const SECRET = 'spec-secret-0123456789abcdef';

export interface Heard {
  readonly status: number;
  readonly signed: boolean;
  readonly text: string;
  /** Parsed body; empty if it is not JSON. */
  readonly body: Record<string, unknown>;
}

export const hmac = (...parts: readonly (string | number)[]): string =>
  `v1=${createHmac('sha256', SECRET).update(parts.join('\n')).digest('hex')}`;

/** Runs a simulator on a free port over a folder of its own. */
export async function startForSpec(
  change: Partial<BankSimulatorOptions> = {},
): Promise<RunningBankSimulator & { readonly folder: string }> {
  const folder = change.dataFolder ?? mkdtempSync(join(tmpdir(), 'bank-simulator-'));
  const options = { secret: SECRET, dataFolder: folder, seed: 1, port: 0, host: '127.0.0.1', ...change };
  const running = await startBankSimulator(options);
  return {
    ...running,
    folder,
    close: async () => {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a channel quick and exact for a spec, with any other settings. */
export async function quick(url: string, channel: string, patch: Record<string, unknown> = {}): Promise<void> {
  const capacity = { service: { shape: 'fixed', mean_ms: 1 }, answer_delay_ms: 0, busy_answer_ms: 0, pauses: null };
  const answer = await fetch(`${url}/control/channels/${channel}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      capacity: { ...capacity, ...(patch['capacity'] as object | undefined) },
      ...without(patch),
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const without = ({ capacity: _capacity, ...rest }: Record<string, unknown>): Record<string, unknown> => rest;

export class BankClient {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    private readonly url: string,
    private readonly channel: string,
  ) {}

  /** A payment that is in time, with anything changed. */
  pay(reference: string, behaviour = 'ok', change: Record<string, unknown> = {}): Promise<Heard> {
    return this.post('pay', {
      reference,
      amount_minor: 100,
      currency: 'CNY',
      instrument: `tok_${this.channel.replace('.', '_')}_${behaviour}`,
      send_by: new Date(Date.now() + 2_000).toISOString(),
      ...change,
    });
  }

  /** Rejects when the connection breaks before the answer is whole. */
  post(operation: string, message: unknown): Promise<Heard> {
    return this.send('POST', `/banks/${this.channel}/${operation}`, JSON.stringify(message));
  }

  async send(method: string, path: string, body: string, headers: Record<string, string> = {}): Promise<Heard> {
    const timestamp = String(Date.now());
    const signature = hmac(method, path, timestamp, body);
    const { response } = await this.open(method, path, body, {
      'bank-key-id': 'k1',
      'bank-timestamp': timestamp,
      'bank-signature': signature,
      ...headers,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const status = response.statusCode ?? 0;
    const sent = headers['bank-signature'] ?? signature;
    const expected = hmac(status, path, String(response.headers['bank-timestamp']), sent, text);
    return { status, signed: response.headers['bank-signature'] === expected, text, body: parsed(text) };
  }

  /** Sends a signed payment and hands over the response as soon as its head arrives. */
  async openPay(reference: string, behaviour: string): Promise<IncomingMessage> {
    const path = `/banks/${this.channel}/pay`;
    const timestamp = String(Date.now());
    const body = JSON.stringify({
      reference,
      amount_minor: 100,
      currency: 'CNY',
      instrument: `tok_${this.channel.replace('.', '_')}_${behaviour}`,
      send_by: new Date(Date.now() + 2_000).toISOString(),
    });
    const headers = {
      'bank-key-id': 'k1',
      'bank-timestamp': timestamp,
      'bank-signature': hmac('POST', path, timestamp, body),
    };
    return (await this.open('POST', path, body, headers)).response;
  }

  /** What an inquiry says once it says this word; gives up after 5 s with what it said last. */
  async inquireUntil(reference: string, word: string): Promise<Heard> {
    for (let turn = 0; ; turn += 1) {
      const heard = await this.post('inquire', { reference });
      if (heard.body['result'] === word || turn === 500) return heard;
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private open(
    method: string,
    path: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<{ response: IncomingMessage }> {
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.url}${path}`,
        { method, agent: this.agent, headers: { 'content-type': 'application/json', ...headers } },
        (response) => resolve({ response }),
      );
      call.on('error', reject);
      call.end(body);
    });
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Lines of the bank's ledger as the control API serves them. */
export async function ledgerOf(url: string, query = ''): Promise<Record<string, unknown>[]> {
  const text = await (await fetch(`${url}/control/ledger${query}`)).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** How often money was taken under a reference, by the bank's own book. */
export async function chargesOf(url: string, reference: string): Promise<number> {
  const lines = await ledgerOf(url);
  return lines.filter((l) => l['reference'] === reference && l['operation'] === 'charge' && l['result'] === 'OK')
    .length;
}

export interface Received {
  readonly signed: boolean;
  readonly body: Record<string, unknown>;
}

/** A receiver of notifications that answers as told. */
export class NotificationReceiver {
  readonly received: Received[] = [];
  /** Statuses for the next deliveries; afterwards 204. */
  answers: number[] = [];
  private waiting: (() => void)[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<NotificationReceiver> {
    const server = createServer();
    const receiver = new NotificationReceiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const expected = hmac('POST', request.url ?? '', String(request.headers['bank-timestamp']), text);
        receiver.received.push({ signed: request.headers['bank-signature'] === expected, body: parsed(text) });
        response.statusCode = receiver.answers.shift() ?? 204;
        if (response.statusCode === 302) response.setHeader('location', '/elsewhere');
        response.end();
        for (const wake of receiver.waiting.splice(0)) wake();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/notify?site=a`;
  }

  /** Resolves when this many have come. */
  async until(count: number): Promise<readonly Received[]> {
    while (this.received.length < count) await new Promise<void>((done) => this.waiting.push(done));
    return this.received;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
