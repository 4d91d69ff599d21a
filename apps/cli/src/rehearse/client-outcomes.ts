/** What came of each payment of a crowd, from the client's log. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** One payer's story. */
export interface PayerOutcome {
  readonly phase: string;
  /** Channel of the card that was tried first. */
  readonly channel: string;
  /** Every channel on which this payer would pay. */
  readonly channels: readonly string[];
  readonly postedMs: number;
  /** How long a refusal of the first POST took, ms; null: it was not refused. */
  refusedInMs: number | null;
  refusedWith: string | null;
  acceptedMs: number | null;
  /** What was promised when it was accepted. */
  eta: { readonly p50: number; readonly p90: number } | null;
  /** A suggestion was on offer, and one was taken. */
  offered: boolean;
  moved: boolean;
  /** Where it was paid, or tried last; null: nobody knows. */
  paidOn: string | null;
  /** POSTs in all, and the payments that they were told of: under one key never more than one. */
  posts: number;
  readonly payments: Set<string>;
  /** Its last state and when the client learnt of it. */
  state: string | null;
  endMs: number | null;
}

interface Line {
  readonly kind: 'post' | 'read' | 'end';
  readonly at: number;
  readonly sent: number;
  readonly key: string;
  readonly order: string;
  readonly token: string;
  readonly status: number;
  readonly code: string | null;
  readonly accepted: boolean | 'unknown';
  readonly payment: string | null;
  readonly state: string | null;
  readonly took?: number;
  readonly phase?: string | null;
  readonly moved?: boolean;
  readonly channel?: string;
  readonly others?: readonly string[];
  readonly eta?: { readonly p50: number; readonly p90: number } | null;
  readonly offered?: boolean;
}

export async function readOutcomes(file: string): Promise<PayerOutcome[]> {
  const byOrder = new Map<string, PayerOutcome>();
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const line = parse(text);
    if (line === null || line.kind === 'end') continue;
    let outcome = byOrder.get(line.order);
    if (outcome === undefined) {
      const channel = channelOf(line.token);
      outcome = {
        phase: line.phase ?? '',
        channel,
        channels: [channel, ...(line.others ?? []).map(channelOf)],
        postedMs: line.sent,
        refusedInMs: null,
        refusedWith: null,
        acceptedMs: null,
        eta: null,
        offered: false,
        moved: false,
        paidOn: null,
        posts: 0,
        payments: new Set(),
        state: null,
        endMs: null,
      };
      byOrder.set(line.order, outcome);
    }
    if (line.kind === 'post') outcome.posts += 1;
    if (line.payment !== null && line.moved !== true) outcome.payments.add(line.payment);
    if (line.offered === true) outcome.offered = true;
    if (line.moved === true) outcome.moved = true;
    if (line.kind === 'read')
      Object.assign(outcome, { state: line.state, endMs: line.at, paidOn: line.channel ?? null });
    else if (line.accepted === true) Object.assign(outcome, { acceptedMs: line.at, eta: line.eta ?? null });
    else if (line.status === 503 && line.accepted === false && line.moved !== true)
      Object.assign(outcome, { refusedInMs: line.took ?? null, refusedWith: line.code });
  }
  return [...byOrder.values()];
}

/** `tok_icbc_quickpay_ok` → `icbc.quickpay`. */
function channelOf(token: string): string {
  const [, bank, product] = token.split('_');
  return `${bank}.${product}`;
}

function parse(text: string): Line | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}
