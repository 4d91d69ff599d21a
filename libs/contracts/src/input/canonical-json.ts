/**
 * The same text for the same meaning: keys sorted, no spaces. Its hash is the fingerprint that tells a retry from another
 * instruction under the same key, so white space and the order of keys do not matter.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  let text = '{';
  for (const key of Object.keys(object).sort()) {
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${canonicalJson(object[key])}`;
  }
  return `${text}}`;
}
