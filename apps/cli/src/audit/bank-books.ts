/** Reads the simulated banks' books over their control interface: ledger lines, their own sums, what arrived, and who is closed. */
import type { BankTotal, LedgerLine, Receipt } from '#audit';

/** A bank that says nothing for so long is down, ms. The ledger streams at some 100,000 lines a second, so silence is no slowness. */
const ANSWER_WITHIN_MS = 10_000;

interface RawLine {
  seq: number;
  channel: string;
  operation: LedgerLine['operation'];
  reference: string;
  original_reference?: string;
  amount_minor: number;
  currency: string;
  instrument?: string;
  received_at: string;
  send_by?: string;
  result: string;
  bank_transaction_id?: string;
}

interface RawSummary {
  last_seq: number;
  channels: Record<
    string,
    Record<'charge' | 'refund' | 'reversal', { count: number; sum_minor: Record<string, number> }>
  >;
}

export class BankBooks {
  /** @param url base URL of the bank simulator */
  constructor(private readonly url: string) {}

  async summary(): Promise<{ lastSeq: number; totals: BankTotal[] }> {
    const summary = (await (await this.get('/control/ledger/summary')).json()) as RawSummary;
    const totals = Object.entries(summary.channels).flatMap(([channel, { charge, refund, reversal }]) => {
      const currencies = new Set([charge, refund, reversal].flatMap(({ sum_minor }) => Object.keys(sum_minor)));
      return [...currencies].map((currency) => ({
        channel,
        currency,
        chargedMinor: charge.sum_minor[currency] ?? 0,
        givenBackMinor: (refund.sum_minor[currency] ?? 0) + (reversal.sum_minor[currency] ?? 0),
        charges: charge.count,
      }));
    });
    return { lastSeq: summary.last_seq, totals };
  }

  /** Every line of the ledger, oldest first. */
  async *ledger(): AsyncGenerator<LedgerLine> {
    for await (const text of linesOf(await this.get('/control/ledger'))) {
      const raw = JSON.parse(text) as RawLine;
      yield {
        seq: raw.seq,
        channel: raw.channel,
        operation: raw.operation,
        reference: raw.reference,
        originalReference: raw.original_reference ?? null,
        amountMinor: raw.amount_minor,
        currency: raw.currency,
        instrument: raw.instrument ?? null,
        receivedAtMs: Date.parse(raw.received_at),
        sendByMs: raw.send_by === undefined ? null : Date.parse(raw.send_by),
        result: raw.result,
        bankTransactionId: raw.bank_transaction_id ?? null,
      };
    }
  }

  /** Every message that arrived and every payment that ended, in the order in which the banks saw it. */
  async *receipts(): AsyncGenerator<Receipt> {
    for await (const text of linesOf(await this.get('/control/receipts'))) {
      const [atMs, channel, operation, , ended] = JSON.parse(text) as [number, string, string, string, 1?];
      const what = operation === 'start' ? 'banks_started' : ended === 1 ? 'ended' : 'arrived';
      yield { atMs, channel, operation, what };
    }
  }

  /** Channels that are in maintenance now, or whose service stands still. */
  async down(): Promise<Set<string>> {
    const { channels } = (await (await this.get('/control/channels')).json()) as {
      channels: { id: string; settings: { maintenance: unknown }; now: { paused: boolean } }[];
    };
    return new Set(
      channels.filter(({ settings, now }) => settings.maintenance !== null || now.paused).map(({ id }) => id),
    );
  }

  private async get(path: string): Promise<Response> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), ANSWER_WITHIN_MS);
    let response: Response;
    try {
      response = await fetch(this.url + path, { signal: controller.signal });
    } catch (error) {
      throw new Error(
        `The bank simulator at ${this.url} does not answer (${String(error)}); without the banks' books there is no audit.`,
      );
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) throw new Error(`The bank simulator answered ${response.status} to GET ${path}`);
    return response;
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
