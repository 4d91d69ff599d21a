/** A product with its generator, and all that was asked of it: what the audit at the end is about. */
import { booksSince, disagreements, NO_BOOKS } from './books-agree.ts';
import { type Counts, type Load, Generator } from './generator.ts';
import type { Violation } from './outcome.ts';
import { type Product, startProduct } from './product.ts';
import { type Window, measureWindows } from './road.ts';

/** Banks answer after this, ms: short, since waiting costs no processor and long answers only need more sockets. */
export const BANK_LATENCY_MS = 20;
/** Under way at once at saturation: twice what 5,000/s need on their way of 50 ms, so that batches fill and nobody idles. */
export const SATURATION_IN_FLIGHT = 512;
/** Compilers and caches are warm after this, s. */
export const WARM_UP_S = 5;

export const saturation = (seed: number): Load => ({
  model: 'closed',
  inFlight: SATURATION_IN_FLIGHT,
  follow: true,
  seed,
});
export const arrivals = (rate: number, seed: number): Load => ({ model: 'open', rate, follow: true, seed });

type ProductWish = Omit<Parameters<typeof startProduct>[0], 'bankLatencyMs'>;

export class Side {
  private readonly totals: Counts[] = [];
  private opened = NO_BOOKS;

  readonly product: Product;
  private readonly generator: Generator;

  private constructor(product: Product, generator: Generator) {
    this.product = product;
    this.generator = generator;
  }

  /** @param tokens what is paid with; left out: eight banks' quick-pay */
  static async start(wish: ProductWish, tokens?: readonly string[]): Promise<Side> {
    const product = await startProduct({ ...wish, bankLatencyMs: BANK_LATENCY_MS });
    return new Side(product, new Generator(product.url, product.apiKey, tokens));
  }

  /** Windows of so many seconds under one load, each payment followed to its end. */
  async under(load: Load, seconds: readonly number[]): Promise<readonly Window[]> {
    const { windows, totals } = await measureWindows(this.product.pids, this.generator, load, seconds);
    this.totals.push(totals);
    return windows;
  }

  /** The audit is about what comes from here on: the journal was filled by other hands. */
  async openBooks(): Promise<void> {
    this.totals.length = 0;
    this.opened = await this.product.books();
  }

  async audit(): Promise<Violation[]> {
    return disagreements(this.totals, booksSince(this.opened, await this.product.books()));
  }

  async end(): Promise<void> {
    await this.generator.end();
    await this.product.end();
  }
}

export const perSecond = ({ counts, seconds }: Pick<Window, 'counts' | 'seconds'>): number => counts.finals / seconds;
