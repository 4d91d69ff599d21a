/**
 * In which order should many payers be sent to several channels, so that each channel gets them in proportion to what it has room for?
 * By lot: the first place is drawn with chances in proportion to the weights, the second among the rest, and so on. Going to the best
 * channel instead fells it: everybody's best is the same one (flow-control.md §4: 29 % of moves failed, against 0.6 % with this).
 *
 * Together with a budget that leaves the draw when it is spent this is water-filling: the full ones drop out, the rest share what is left.
 */

/**
 * Each one's lot is an exponential waiting time of rate `weight`; sorted by it, the order is a draw without replacement.
 *
 * @param weightOf above 0; others never take part
 * @param random chance from 0 to below 1, drawn once for each one that takes part
 */
export function drawInProportion<T>(items: readonly T[], weightOf: (item: T) => number, random: () => number): T[] {
  return items
    .filter((item) => weightOf(item) > 0)
    .map((item) => ({ item, lot: -Math.log(1 - random()) / weightOf(item) }))
    .sort((a, b) => a.lot - b.lot)
    .map(({ item }) => item);
}
