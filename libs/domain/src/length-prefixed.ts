/** `3:abc2:de`: no two lists of parts give the same text. The length counts UTF-16 units, which is as unambiguous as bytes. */
export function lengthPrefixed(parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('');
}
