/** A stall shows in a window of five seconds, and the noise of commits does not. */
export const WINDOW_S = 5;

/** So many seconds in windows of five; what is left over makes the last one longer. */
export function windowsOf(seconds: number): readonly number[] {
  const count = Math.max(1, Math.floor(seconds / WINDOW_S));
  return Array.from({ length: count }, (_, at) => (at === count - 1 ? seconds - WINDOW_S * (count - 1) : WINDOW_S));
}
