/** Finds the number that would not arrive as it was written, for the error's pointer. Only ever run on a body that is refused. */
import { pointerStep } from './pointer';

/** Stands in the tree where an odd number stood. */
const ODD = Symbol('odd number');

/** @returns JSON Pointer of the first odd number, in the order of the text */
export function findOddNumber(text: string): string | null {
  const marked: unknown = JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number') return value;
    const asWritten = Number.isInteger(value) && Math.abs(value) <= 2 ** 53 && String(value) === context?.source;
    return asWritten ? value : ODD;
  });
  return search(marked, '');
}

function search(value: unknown, pointer: string): string | null {
  if (value === ODD) return pointer;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = search(inner, pointer + pointerStep(key));
    if (found !== null) return found;
  }
  return null;
}
