/** Whose processor time counts: the product's own and its engines'. Banks and generator play the world around it. */
const NOT_COUNTED = new Set(['bank', 'bank_simulator', 'generator']);

/** µs per payment, counted processes only. */
export function countedMicros(cpu: Readonly<Record<string, number>>, payments: number): number {
  const sum = Object.entries(cpu).reduce((total, [name, micros]) => total + (NOT_COUNTED.has(name) ? 0 : micros), 0);
  return sum / payments;
}

/** µs per payment of every process. */
export function microsByProcess(cpu: Readonly<Record<string, number>>, payments: number): Record<string, number> {
  return Object.fromEntries(Object.entries(cpu).map(([name, micros]) => [name, micros / payments]));
}
