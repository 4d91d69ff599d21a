// The middle of several runs.
import type { RunMeasures } from './measures';

/** The upper one of two in the middle; 0 without runs. */
export function medianOf(runs: readonly RunMeasures[], of: (run: RunMeasures) => number): number {
  const sorted = runs.map(of).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
