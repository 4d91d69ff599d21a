/** The light generator, seen from the bench: a process of its own that plays the checkout. */
import { type Child, startChild } from './child.ts';

/** What to offer. */
export type Load =
  /** So many payments, so many under way at once; ends by itself. */
  | {
      readonly model: 'count';
      readonly payments: number;
      readonly inFlight: number;
      readonly follow: boolean;
      readonly seed: number;
    }
  /** So many under way at once until told to stop: saturation. */
  | { readonly model: 'closed'; readonly inFlight: number; readonly follow: boolean; readonly seed: number }
  /** Arrivals at random (Poisson), however slow the answers: what payers do. */
  | { readonly model: 'open'; readonly rate: number; readonly follow: boolean; readonly seed: number };

/** Since the mark before. Latencies count from the moment the payment was due, not from when we got around to sending it, ms. */
export interface Counts {
  readonly sent: number;
  readonly accepted: number;
  /** Followed to a final state. */
  readonly finals: number;
  readonly succeeded: number;
  readonly succeededMinor: number;
  /** Broken, or not final in time. */
  readonly failed: number;
  /** Turned away at the door (503), with nothing stored: an answer, though no payment. */
  readonly refused: number;
  readonly firstFailure: string | null;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly finalP50Ms: number;
  readonly finalP99Ms: number;
  readonly requests: number;
}

const BANKS = ['icbc', 'abc', 'boc', 'ccb', 'cmb', 'cib', 'psbc', 'bocom'];
const QUICKPAY_TOKENS = BANKS.map((bank) => `tok_${bank}_quickpay_ok`);

export class Generator {
  private readonly child: Child;

  /** @param apiKey empty: none is sent @param tokens what is paid with, in turn */
  constructor(url: string, apiKey: string, tokens: readonly string[] = QUICKPAY_TOKENS) {
    this.child = startChild('generator-process.ts', {
      BENCH_URL: url,
      BENCH_API_KEY: apiKey,
      BENCH_TOKENS: tokens.join(','),
    });
  }

  get pid(): number {
    return this.child.pid;
  }

  begin(load: Load): void {
    this.child.send({ kind: 'begin', load });
  }

  /** What happened since the mark before, while the load goes on. */
  async mark(): Promise<Counts> {
    const answer = this.child.next<{ counts: Counts }>('marked');
    this.child.send({ kind: 'mark' });
    return (await answer).counts;
  }

  /** Offers nothing more and follows what is under way to its end. @returns totals since `begin` */
  async stop(): Promise<Counts> {
    const answer = this.child.next<{ counts: Counts }>('ended');
    this.child.send({ kind: 'stop' });
    return (await answer).counts;
  }

  /** A load that ends by itself. */
  async run(load: Load): Promise<Counts> {
    const answer = this.child.next<{ counts: Counts }>('ended');
    this.begin(load);
    return (await answer).counts;
  }

  end(): Promise<void> {
    return this.child.end();
  }
}
