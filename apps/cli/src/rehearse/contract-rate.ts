/** Was a bank ever sent more than its contract allows in a second, wherever that second begins? Counted in the bank's own receipts. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

const SECOND_MS = 1_000;

interface RateSeen {
  /** Whole seconds since 1970 in which a sliding second with too many began. */
  readonly exceededSeconds: number;
  /** Payments received over what the contract allowed in that time. */
  readonly used: number;
}

/** @param received times of payments at the bank, ms, in their order */
export function rateSeen(received: readonly number[], perSecond: number, fromMs: number, toMs: number): RateSeen {
  const exceeded = new Set<number>();
  let first = 0;
  received.forEach((atMs, last) => {
    while (received[first]! <= atMs - SECOND_MS) first += 1;
    if (last - first + 1 > perSecond) exceeded.add(Math.floor(received[first]! / SECOND_MS));
  });
  const within = received.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
  return { exceededSeconds: exceeded.size, used: within / ((perSecond * (toMs - fromMs)) / SECOND_MS) };
}

/** When payments of a channel reached the bank since `fromMs`, from its receipts. */
export async function receivedSince(bankUrl: string, channel: string, fromMs: number): Promise<number[]> {
  const answer = await fetch(`${bankUrl}/control/receipts`);
  if (!answer.ok || answer.body === null) throw new Error(`the bank simulator's receipts: ${answer.status}`);
  const received: number[] = [];
  const input = Readable.fromWeb(answer.body as ReadableStream);
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line === '') continue;
    const [atMs, of, operation, , ended] = JSON.parse(line) as [number, string, string, string, 1?];
    if (ended === undefined && of === channel && operation === 'pay' && atMs >= fromMs) received.push(atMs);
  }
  return received;
}
