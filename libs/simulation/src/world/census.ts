// What came of it? Counts by second and channel for the plots, by kind of payer for the figures, and what was promised against what came.
// Everything is counted as it happens; nothing here is seen by a control.
import type { End, Payer } from './payment';

/** What is counted of one channel in each second. Payments are counted in the second they end, demand when it comes. */
export const SERIES = [
  ...['offered', 'admitted', 'refused', 'expired', 'on_time', 'late', 'busy', 'dropped', 'moved_in'],
  ...['limit', 'in_flight', 'backlog', 'bank_waiting', 'capacity', 'promised_ms', 'waited_ms'],
] as const;
export type Series = (typeof SERIES)[number];

/** One kind of payer: same home, tier and merchant. */
export interface PayerKind {
  readonly home: number;
  readonly tier: number;
  readonly merchant: string;
  came: number;
  /** Paid within their patience, here or elsewhere. */
  served: number;
  /** Of those, before the scenario's end: what is held against the all-knowing router, who has no more time either. */
  servedByEnd: number;
  /** Took up an offer. */
  moved: number;
  /** Took up an offer, and the payment was then shed, expired, or met a fault of the channel. */
  movedThenFailed: number;
}

/** A promise and what came. */
export interface KeptPromise {
  readonly pointMs: number;
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly roundTripMs: number;
  readonly actualMs: number;
  /** Ended otherwise than by an answer: it would have waited at least so long. */
  readonly censored: boolean;
  /** Of those: waited in our queue until it was dropped. */
  readonly expired: boolean;
}

/** Who came in a second, for the all-knowing router: same home, same other channels that they would move to. */
export interface DemandBin {
  readonly home: number;
  /** Where they would go, if told; empty for those who follow no suggestion. */
  readonly wouldGo: readonly number[];
  readonly atS: number;
  /** Until when they try at home, ms after they came: patience and retries. */
  readonly triesForMs: number;
  count: number;
}

export class Census {
  readonly series: Record<Series, number[]>[];
  readonly kinds = new Map<string, PayerKind>();
  readonly promises: KeptPromise[] = [];
  readonly demand = new Map<string, DemandBin>();
  /** Offers taken up that a door then honoured or not; ends of payments by kind of end, counted payers only. */
  readonly ends: Record<End, number> = { on_time: 0, late: 0, refused: 0, expired: 0, busy: 0, dropped: 0 };

  constructor(
    channels: number,
    seconds: number,
    private readonly countFromMs: number,
    private readonly keepPromises: boolean,
  ) {
    const empty = (): number[] => new Array<number>(seconds).fill(0);
    this.series = Array.from({ length: channels }, () => {
      return Object.fromEntries(SERIES.map((name) => [name, empty()])) as Record<Series, number[]>;
    });
  }

  add(channel: number, series: Series, atMs: number, value = 1): void {
    const of = this.series[channel]?.[series];
    const second = Math.floor(atMs / 1_000);
    if (of !== undefined && second < of.length) of[second] = (of[second] as number) + value;
  }

  counts(payer: Payer): boolean {
    return payer.cameMs >= this.countFromMs;
  }

  kindOf(payer: Payer): PayerKind {
    const key = `${payer.home}/${payer.tier}/${payer.merchant}`;
    let kind = this.kinds.get(key);
    if (kind === undefined) {
      const { home, tier, merchant } = payer;
      kind = { home, tier, merchant, came: 0, served: 0, servedByEnd: 0, moved: 0, movedThenFailed: 0 };
      this.kinds.set(key, kind);
    }
    return kind;
  }

  /** @param triesForMs see DemandBin */
  came(payer: Payer, triesForMs: number): void {
    this.kindOf(payer).came += this.counts(payer) ? 1 : 0;
    const wouldGo = payer.follows ? payer.others : [];
    const atS = Math.floor(payer.cameMs / 1_000);
    // Patience in whole seconds, rounded up: the bound on what an all-knowing router could do only rises by it.
    const tries = Math.ceil(triesForMs / 1_000) * 1_000;
    const key = `${payer.home}/${wouldGo.join(',')}/${atS}/${tries}`;
    const bin = this.demand.get(key);
    if (bin === undefined) this.demand.set(key, { home: payer.home, wouldGo, atS, triesForMs: tries, count: 1 });
    else bin.count += 1;
  }

  promised(promise: KeptPromise): void {
    if (this.keepPromises) this.promises.push(promise);
  }
}
