/**
 * How many could have been paid on time by a router that knows everything? Payers as a fluid: in no second more than wait or come and
 * than the banks can do. Whatever banks one picks, those who have no card of another one must fit into them; so each choice of banks
 * gives a bound, and the least of them is taken. Not even that router reaches it.
 */
const SECOND_MS = 1_000;

/** One payer as the bound sees one. */
export interface Comer {
  readonly postedMs: number;
  /** Every channel on which this payer would pay. */
  readonly channels: readonly string[];
}

/**
 * @param patienceMs after this a payer is gone
 * @param could what a channel can do between two moments
 */
export function onTimeBound(
  comers: readonly Comer[],
  patienceMs: number,
  channels: readonly string[],
  could: (channel: string, fromMs: number, toMs: number) => number,
): number {
  let least = comers.length;
  // A handful of banks: a few dozen choices.
  for (let choice = 1; choice < 1 << channels.length; choice += 1) {
    const chosen = channels.filter((_, index) => (choice >> index) & 1);
    const bound = comers.filter((comer) => comer.channels.every((channel) => chosen.includes(channel)));
    const paid = fluidBound(
      bound.map(({ postedMs }) => postedMs),
      patienceMs,
      (fromMs, toMs) => chosen.reduce((sum, channel) => sum + could(channel, fromMs, toMs), 0),
    );
    least = Math.min(least, comers.length - bound.length + paid);
  }
  return least;
}

/**
 * @param arrivals when payers came, ms
 * @param patienceMs after this a payer is gone
 * @param could what their banks together can do between two moments
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
