/**
 * How does news reach a caller whose server may be down? Each notification is delivered until a 2xx, on a plan with
 * an end. Signatures are made anew for each try, since their timestamps grow old.
 */
import { Agent, request } from 'undici';
import type { Agenda } from '../agenda';
import { KEY_ID, signRequest } from '../protocol/signature';

/** Waits between tries, s: eight deliveries over about a quarter of an hour, as the protocol page promises. */
export const RETRY_AFTER_S = [1, 3, 10, 30, 60, 180, 600] as const;

/** A receiver has this long to answer, ms; the page promises it. */
const ANSWER_MS = 5_000;

/** Notifications under way or waiting to be tried again; beyond this new ones are dropped and counted (about 100 MB). */
const OUTSTANDING_MAX = 100_000;

export interface NotifierFacts {
  readonly outstanding: number;
  readonly deliveries: number;
  readonly acknowledged: number;
  readonly given_up: number;
  readonly dropped: number;
}

export class Notifier {
  // 64 connections per receiver: enough for a rehearsal's rate at 10 ms an answer, few enough for any receiver.
  private readonly agent = new Agent({ connections: 64, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
  private outstanding = 0;
  private deliveries = 0;
  private acknowledged = 0;
  private givenUp = 0;
  private dropped = 0;
  private closed = false;

  constructor(
    private readonly secret: string,
    private readonly agenda: Agenda,
    private readonly wallMs: () => number,
  ) {}

  /** Starts delivering; `onFirst` is called once, after the first try, whatever came of it. */
  deliver(url: string, body: string, onFirst: () => void = () => {}): void {
    if (this.closed || this.outstanding >= OUTSTANDING_MAX) {
      this.dropped += 1;
      return onFirst();
    }
    this.outstanding += 1;
    void this.attempt(url, body, 0, onFirst);
  }

  facts(): NotifierFacts {
    const { outstanding, deliveries, acknowledged, givenUp, dropped } = this;
    return { outstanding, deliveries, acknowledged, given_up: givenUp, dropped };
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.agent.destroy();
  }

  private async attempt(url: string, body: string, tries: number, onFirst: () => void): Promise<void> {
    const good = await this.post(url, body);
    if (this.closed) return;
    if (tries === 0) onFirst();
    const waitS = RETRY_AFTER_S[tries];
    if (!good && waitS !== undefined) {
      return this.agenda.after(waitS * 1000, () => void this.attempt(url, body, tries + 1, () => {}));
    }
    this.outstanding -= 1;
    if (good) this.acknowledged += 1;
    else this.givenUp += 1;
  }

  private async post(url: string, body: string): Promise<boolean> {
    this.deliveries += 1;
    const { pathname, search } = new URL(url);
    const timestamp = String(Math.round(this.wallMs()));
    try {
      const { statusCode, body: answer } = await request(url, {
        method: 'POST',
        body,
        dispatcher: this.agent,
        signal: AbortSignal.timeout(ANSWER_MS),
        headers: {
          'content-type': 'application/json',
          'bank-key-id': KEY_ID,
          'bank-timestamp': timestamp,
          'bank-signature': signRequest(this.secret, 'POST', pathname + search, timestamp, body),
        },
      });
      // What the receiver writes is of no interest; 64 KiB are read so that the connection can be used again.
      await answer.dump({ limit: 65_536 });
      return statusCode >= 200 && statusCode < 300;
    } catch {
      return false; // down, slow or speaking something else: the plan goes on, the counters show it
    }
  }
}
