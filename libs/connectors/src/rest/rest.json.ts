/** Bytes to JSON, strictly UTF-8: a replacement character in a reference would be another reference. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The text of the bytes; `null` if they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** The value, or the text where it is not JSON, or `null` where it is not even text. Never throws. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = utf8(bytes);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `application/json`, in UTF-8 if it says anything about it. */
export function isJson(contentType: unknown): boolean {
  return (
    typeof contentType === 'string' && /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(contentType)
  );
}
