// A payment's chance comes from the run's seed and its number alone, so that a run can be repeated whatever the order in which
// k6's virtual users happen to take the payments.

/** Numbers in [0, 1) from mulberry32, a small generator that passes the usual tests for a few thousand draws. */
export function chanceOf(seed: number, payment: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(payment + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws a name in proportion to its weight. */
export function drawn(weights: Readonly<Record<string, number>>, random: () => number): string {
  const entries = Object.entries(weights);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  return entries[entries.length - 1]![0];
}
