// Was a contract's rate ever exceeded, as the bank counts it? In any second that slides over its receipts, not in seconds of the clock.
import type { PlayResult } from '../world/play';

export interface RateMeasures {
  /** Seconds of the clock in which a sliding second with too many receipts ended, over all channels. */
  readonly exceededSeconds: number;
  /** Receipts over what the contracts allowed while payers came; the least of all channels. */
  readonly used: number;
}

/** @returns null where receipts were not kept */
export function rateOf({ banks, scenario, options }: PlayResult): RateMeasures | null {
  if (options.keepReceipts !== true) return null;
  let exceededSeconds = 0;
  let used = Infinity;
  banks.forEach(({ receipts }, channel) => {
    const rate = scenario.channels[channel]?.limits.ratePerSecond ?? Infinity;
    exceededSeconds += secondsBeyond(receipts, rate);
    const fromMs = scenario.countFromS * 1_000;
    const toMs = scenario.seconds * 1_000;
    const counted = receipts.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
    used = Math.min(used, counted / ((rate * (toMs - fromMs)) / 1_000));
  });
  return { exceededSeconds, used };
}

/** Seconds of the clock in which more than `rate` receipts lay in one sliding second. @param receiptsMs in order */
export function secondsBeyond(receiptsMs: readonly number[], rate: number): number {
  const allowed = Math.floor(rate);
  const seconds = new Set<number>();
  for (let i = allowed; i < receiptsMs.length; i += 1) {
    const last = receiptsMs[i] as number;
    if (last - (receiptsMs[i - allowed] as number) < 1_000) seconds.add(Math.floor(last / 1_000));
  }
  return seconds.size;
}
