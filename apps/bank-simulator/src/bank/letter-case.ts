/** The control API speaks snake_case like every API here; the capacity model's plain data is camelCase. */
const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function rename(value: unknown, name: (key: string) => string): unknown {
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), rename(inner, name)]));
}

/** `{ kneeLoad: 1 }` → `{ knee_load: 1 }`, at every depth. */
export function toSnake(value: unknown): unknown {
  return rename(value, (key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** `{ knee_load: 1 }` → `{ kneeLoad: 1 }`, at every depth. */
export function toCamel(value: unknown): unknown {
  return rename(value, (key) => key.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()));
}
