/** How did it look from the checkout? Per bank and per second, from the client's log. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface BankView {
  /** `icbc`; the wallet is one too. */
  readonly bank: string;
  readonly posted: number;
  readonly accepted: number;
  readonly succeeded: number;
  /** Ended otherwise: declined, canceled, expired. */
  readonly endedOtherwise: number;
  /** From the first POST to the final state, ms. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface CheckoutView {
  readonly banks: readonly BankView[];
  /** Second 0 is that of the first POST. */
  readonly seconds: readonly { readonly posted: number; readonly final: number }[];
}

interface Line {
  kind: 'post' | 'read' | 'end';
  at: number;
  sent: number;
  /** The payer's order: whoever moves asks again under another key, and is the same payer. */
  order: string;
  token: string;
  accepted: boolean | 'unknown';
  state: string | null;
}

/** One payment while its lines are read; a few hundred bytes each, a million payments fit. */
interface Followed {
  readonly bank: string;
  readonly firstMs: number;
  accepted: boolean;
  endMs: number | null;
  state: string | null;
}

export async function checkoutView(file: string): Promise<CheckoutView> {
  const payments = new Map<string, Followed>();
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const line = parse(text);
    if (line === null || line.kind === 'end') continue;
    let payment = payments.get(line.order);
    if (payment === undefined) {
      payment = { bank: bankOf(line.token), firstMs: line.sent, accepted: false, endMs: null, state: null };
      payments.set(line.order, payment);
    }
    if (line.accepted === true) payment.accepted = true;
    // Only final states are read to the log.
    if (line.kind === 'read') Object.assign(payment, { endMs: line.at, state: line.state });
  }
  return { banks: byBank([...payments.values()]), seconds: bySecond([...payments.values()]) };
}

function byBank(payments: readonly Followed[]): BankView[] {
  const banks = new Map<string, Followed[]>();
  for (const payment of payments) {
    const group = banks.get(payment.bank);
    if (group === undefined) banks.set(payment.bank, [payment]);
    else group.push(payment);
  }
  return [...banks]
    .map(([bank, group]): BankView => {
      const times = group
        .flatMap(({ firstMs, endMs }) => (endMs === null ? [] : [endMs - firstMs]))
        .sort((a, b) => a - b);
      const quantile = (share: number): number | null => times[Math.floor(share * (times.length - 1))] ?? null;
      const succeeded = group.filter(({ state }) => state === 'succeeded').length;
      return {
        bank,
        posted: group.length,
        accepted: group.filter(({ accepted }) => accepted).length,
        succeeded,
        endedOtherwise: times.length - succeeded,
        p50Ms: quantile(0.5),
        p99Ms: quantile(0.99),
      };
    })
    .sort((a, b) => b.posted - a.posted);
}

function bySecond(payments: readonly Followed[]): { posted: number; final: number }[] {
  const beginMs = payments.reduce((least, { firstMs }) => Math.min(least, firstMs), Infinity);
  const seconds: { posted: number; final: number }[] = [];
  const at = (ms: number): { posted: number; final: number } => {
    const second = Math.floor((ms - beginMs) / 1_000);
    while (seconds.length <= second) seconds.push({ posted: 0, final: 0 });
    return seconds[second]!;
  };
  for (const { firstMs, endMs } of payments) {
    at(firstMs).posted += 1;
    if (endMs !== null) at(endMs).final += 1;
  }
  return seconds;
}

/** `tok_icbc_quickpay_ok` → `icbc`. */
function bankOf(token: string): string {
  return token.split('_')[1] ?? token;
}

function parse(text: string): Line | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}
