import { parseTime } from '#contracts';

/** A time that the rules have let pass; left out or null: null. */
export function timeOf(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : parseTime(text);
}
