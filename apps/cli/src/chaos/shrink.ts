/**
 * Delta debugging (ddmin, Zeller and Hildebrandt 2002): the fewest faults of a schedule that still fail. Each question costs a whole run,
 * so there is a bound on them; what is found then is smaller, if not the smallest. The first question is whether it fails without any: then
 * no fault is to blame, and asking about each would be in vain.
 */
/**
 * @param items what failed together
 * @param fails whether these alone still fail
 * @param runsMax how many questions may be asked
 */
export async function shrink<T>(
  items: readonly T[],
  fails: (part: readonly T[]) => Promise<boolean>,
  runsMax: number,
): Promise<{ items: readonly T[]; runs: number }> {
  if (runsMax < 1) return { items, runs: 0 };
  if (await fails([])) return { items: [], runs: 1 };
  let failing = items;
  let parts = 2;
  let runs = 1;
  while (failing.length > 1 && runs < runsMax) {
    const size = Math.ceil(failing.length / parts);
    const chunks = Array.from({ length: Math.ceil(failing.length / size) }, (_, n) =>
      failing.slice(n * size, (n + 1) * size),
    );
    const candidates = [
      ...chunks,
      ...(chunks.length > 2 ? chunks.map((chunk) => failing.filter((item) => !chunk.includes(item))) : []),
    ];
    let smaller: readonly T[] | null = null;
    for (const candidate of candidates) {
      if (runs >= runsMax) break;
      runs += 1;
      if (await fails(candidate)) {
        smaller = candidate;
        break;
      }
    }
    if (smaller !== null) {
      // A complement keeps its grain; a single chunk starts over.
      parts = smaller.length > size ? Math.max(2, parts - 1) : 2;
      failing = smaller;
    } else if (parts >= failing.length) break;
    else parts = Math.min(failing.length, parts * 2);
  }
  return { items: failing, runs };
}
