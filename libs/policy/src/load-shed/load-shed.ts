/**
 * Must this process refuse work to stay quick? Decided from what it measures of itself: how late its event loop runs, and how full its
 * memory is. Work is shed from the least urgent up, each kind gradually, so that what is let in is answered in time.
 *
 *   openness  3 ──────────── 2 ──────────── 1 ──────────── 0
 *             │  bulk yields  │ paying yields │ reads yield  │      (money already accepted is the workers' business, and goes on)
 *
 *   late or full:  openness falls by up to a whole kind in 0.3 s, for lateness only as far as it is late enough for
 *   well:          it rises by a kind in 2 s
 *   between:       it stays: between two thresholds lies the hysteresis
 *
 * Loop delay is what every request waits, so it is the first sign, before any latency that a caller could see is lost.
 */

/** What a request wants of this process, the most urgent last. Inquiries about a payment are reads. */
export type Work = 'bulk' | 'paying' | 'read';

/** One interval of measuring. Shares are of 1. */
export interface Strain {
  /** The worst lateness of the event loop in the interval, ms: what a request that came at the wrong moment has waited. */
  readonly loopDelayMs: number;
  /** Heap in use of the most that V8 will have. Near 1 the process spends its time on garbage, then ends. */
  readonly heapShare: number;
  /** Resident memory of what the machine or container grants; 0 where nobody says. */
  readonly residentShare: number;
}

/** Plain data. */
export interface LoadShed {
  /** 3: all is let in; 0: nothing is. */
  readonly openness: number;
  /** Where it is below 3: which measure is to blame. */
  readonly because: 'loop_delay' | 'heap' | 'memory' | null;
}

export const ALL_LET_IN: LoadShed = { openness: 3, because: null };

/** Between two steps, ms: a blocked loop steps late, and then by as much as it was late. */
export const SHED_TICK_MS = 100;

/**
 * Acknowledging takes 40 ms at worst (design.md, numbers); a loop that is 50 ms late has spent it before it began. Recovery is believed
 * at 20 ms, which garbage collection at full load stays below.
 */
const LOOP_DELAY = { strained: 50, well: 20 };
/**
 * How late the loop must be before a kind yields, ms. A payment acknowledged after a fifth of a second is still a payment, and on a machine
 * that others keep busy turning it away would win nothing; after a second payers press again, and that must be answered cheaply.
 */
const YIELDS_AT = { paying: 250, read: 1_000 };
/** V8 collects in good time up to about four fifths of its limit; above, each collection frees less and comes sooner. */
const HEAP = { strained: 0.85, well: 0.75 };
/** Beyond nine tenths the kernel may end the process at any moment. */
const RESIDENT = { strained: 0.9, well: 0.8 };
/** From 3, bulk is gone after three strained steps, paying after six. A loop twice as late counts twice. */
const FALL = 0.34;
const FALL_MAX = 1;
/** A kind comes back in 2 s: as fast as it fell, it would bring the strain back with it. */
const RISE = 0.05;

/** @returns the state after one more interval */
export function stepLoadShed(state: LoadShed, { heapShare, loopDelayMs, residentShare }: Strain): LoadShed {
  const pressures = [
    { because: 'loop_delay' as const, pressure: pressureOf(loopDelayMs, LOOP_DELAY) },
    { because: 'heap' as const, pressure: pressureOf(heapShare, HEAP) },
    { because: 'memory' as const, pressure: pressureOf(residentShare, RESIDENT) },
  ];
  const worst = pressures.reduce((a, b) => (b.pressure > a.pressure ? b : a));
  if (worst.pressure >= 1) {
    const least = worst.because === 'loop_delay' ? leastOpen(loopDelayMs) : 0;
    if (state.openness <= least) return { openness: Math.min(least, state.openness + RISE), because: worst.because };
    const openness = Math.max(least, state.openness - Math.min(FALL_MAX, FALL * worst.pressure));
    return { openness, because: worst.because };
  }
  if (worst.pressure > 0) return state;
  const openness = Math.min(3, state.openness + RISE);
  return { openness, because: openness === 3 ? null : state.because };
}

/** No lateness short of a kind's own turns that kind away. */
function leastOpen(loopDelayMs: number): number {
  if (loopDelayMs < YIELDS_AT.paying) return 2;
  return loopDelayMs < YIELDS_AT.read ? 1 : 0;
}

/**
 * Is this request turned away?
 * @param place from 0 to 1, who it is among its kind: a payer's cohort, so that one payer stays in or out through a whole checkout, or chance
 */
export function mustShed({ openness }: LoadShed, work: Work, place: number): boolean {
  return place >= shareLetIn(openness, work);
}

function shareLetIn(openness: number, work: Work): number {
  switch (work) {
    case 'bulk':
      return openness - 2;
    case 'paying':
      return openness - 1;
    case 'read':
      return openness;
  }
}

/** 0: well; 1 and more: strained, by how much; between: neither. */
function pressureOf(value: number, { strained, well }: { readonly strained: number; readonly well: number }): number {
  if (value >= strained) return value / strained;
  return value > well ? 0.5 : 0;
}
