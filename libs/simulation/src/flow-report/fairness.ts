// Were merchants served fairly? Each one's served payments over its max-min fair share of what was served in all, and Jain's index over
// these: 1 when all got the same part of what they were due, 1/n when one got everything (Jain, Chiu and Hawe, 1984).
import type { PayerKind } from '../world/census';

/** Fair shares of a total: nobody gets more than asked for, and what one does not need goes to the others. */
export function maxMinShares(demands: readonly number[], total: number): number[] {
  const shares = demands.map(() => 0);
  let left = total;
  let open = demands.map((_, i) => i).sort((a, b) => (demands[a] as number) - (demands[b] as number));
  while (open.length > 0) {
    const [least, ...others] = open as [number, ...number[]];
    const share = Math.min(demands[least] as number, left / open.length);
    shares[least] = share;
    left -= share;
    open = others;
  }
  return shares;
}

/** @returns null where fewer than two merchants asked for one channel */
export function fairnessOf(kinds: readonly PayerKind[]): number | null {
  let worst: number | null = null;
  for (const home of new Set(kinds.map((kind) => kind.home))) {
    const merchants = kinds.filter((kind) => kind.home === home && kind.came > 0);
    if (new Set(merchants.map(({ merchant }) => merchant)).size < 2 || new Set(merchants.map((k) => k.tier)).size > 1)
      continue;
    const fair = maxMinShares(
      merchants.map(({ came }) => came),
      merchants.reduce((sum, { served }) => sum + served, 0),
    );
    const got = merchants.map(({ served }, i) => served / Math.max(1e-9, fair[i] as number));
    const sum = got.reduce((total, x) => total + x, 0);
    const squares = got.reduce((total, x) => total + x * x, 0);
    const jain = squares === 0 ? 0 : (sum * sum) / (got.length * squares);
    worst = worst === null ? jain : Math.min(worst, jain);
  }
  return worst;
}
