/** Every deed of an operator says why: it is in the history, in the audit chain, and beside the number it has changed. */
import { isDescription } from '../input/values';

export function isWhy(value: unknown): boolean {
  return isDescription(value) && String(value).trim() !== '';
}

export const EXAMPLE_WHY = 'ICBC asks for less until its second site is back (incident 4711)';
