/**
 * How many could have been paid on time by a router that knows everything? No more, in any second, than wait or come and than all banks
 * together can do: payers as a fluid. Not even that router reaches it, since not every payer has a card of the bank with room.
 */
const SECOND_MS = 1_000;

/**
 * @param arrivals when payers came, ms
 * @param patienceMs after this a payer is gone
 * @param could what all banks together can do between two moments
 */
export function fluidBound(
  arrivals: readonly number[],
  patienceMs: number,
  could: (fromMs: number, toMs: number) => number,
): number {
  const beginMs = arrivals.reduce((least, atMs) => Math.min(least, atMs), Infinity);
  const came: number[] = [];
  for (const atMs of arrivals) {
    const second = Math.floor((atMs - beginMs) / SECOND_MS);
    came[second] = (came[second] ?? 0) + 1;
  }
  const patienceS = Math.ceil(patienceMs / SECOND_MS);
  const waiting: { readonly sinceS: number; count: number }[] = [];
  let paid = 0;
  for (let second = 0; second < came.length + patienceS; second += 1) {
    if ((came[second] ?? 0) > 0) waiting.push({ sinceS: second, count: came[second] ?? 0 });
    while (waiting[0] !== undefined && waiting[0].sinceS < second - patienceS) waiting.shift();
    let room = could(beginMs + second * SECOND_MS, beginMs + (second + 1) * SECOND_MS);
    // The first who came go first: whoever else went would leave an older one to give up.
    for (const group of waiting) {
      const go = Math.min(group.count, room);
      group.count -= go;
      room -= go;
      paid += go;
    }
  }
  return paid;
}
