/** The simulated banks' control interface, as far as faults need it: change channels, put them right, see what was said. */
import { setTimeout as sleep } from 'node:timers/promises';

const ANSWER_WITHIN_MS = 5_000;
/** A simulator that was killed is back within a second or two; its channels may be asked for meanwhile (chaos, random, seed 198). */
const BACK_WITHIN_MS = 15_000;
const TRY_AGAIN_MS = 100;

interface Stats {
  readonly channels: Readonly<
    Record<string, { readonly said: Readonly<Record<string, Readonly<Record<string, number>>>> }>
  >;
}

export class BankControl {
  /** @param url base URL of the bank simulator */
  constructor(private readonly url: string) {}

  /** @param pattern a channel, or `*` for any part of it. @returns the channels' ids */
  async matching(pattern: string): Promise<string[]> {
    const { channels } = (await this.call('GET', '/control/channels')) as { channels: { id: string }[] };
    const shape = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    return channels.map(({ id }) => id).filter((id) => shape.test(id));
  }

  async patch(channel: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call('PATCH', `/control/channels/${channel}`, settings);
  }

  /** As at the start. */
  async restore(channel: string): Promise<void> {
    await this.call('POST', `/control/channels/${channel}/restore`);
  }

  /** How often each word was said on these channels, all operations together: `PENDING`, `BUSY`, `silence`, … */
  async said(channels: readonly string[]): Promise<Map<string, number>> {
    const stats = (await this.call('GET', '/control/stats')) as Stats;
    const counts = new Map<string, number>();
    for (const channel of channels)
      for (const words of Object.values(stats.channels[channel]?.said ?? {}))
        for (const [word, count] of Object.entries(words)) counts.set(word, (counts.get(word) ?? 0) + count);
    return counts;
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.reach(path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the bank simulator answered ${answer.status} to ${method} ${path}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** Every request says what shall be, so it may be asked twice. */
  private async reach(path: string, request: RequestInit): Promise<Response> {
    const begun = performance.now();
    for (;;) {
      try {
        return await fetch(this.url + path, { ...request, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      } catch (error) {
        if (performance.now() - begun > BACK_WITHIN_MS) throw error;
        await sleep(TRY_AGAIN_MS);
      }
    }
  }
}
