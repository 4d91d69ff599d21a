// How are fields read from untrusted data? One at a time, each with its place in the file (JSON Pointer), and with the mistake noted where
// there is one; reading goes on, so that the author of a file sees all of its mistakes at once.

/** One thing wrong with a file: where, and what would be right. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Readers of a field `key` of the object `of` that stands at `at`. With a fallback a field may be missing. */
export interface FieldReader {
  fail(pointer: string, message: string): void;
  /** @param known names of its fields; null: any */
  object(value: unknown, at: string, known: readonly string[] | null): Fields;
  number(of: Fields, at: string, key: string, min: number, max: number, fallback?: number): number;
  text(of: Fields, at: string, key: string, fallback?: string): string;
  oneOf<T extends string>(of: Fields, at: string, key: string, names: readonly T[], fallback?: T): T;
  list(of: Fields, at: string, key: string, min: number, max: number, optional?: boolean): readonly unknown[];
  /** `[from, to]`, both within the bounds and in order. */
  range(
    of: Fields,
    at: string,
    key: string,
    min: number,
    max: number,
    fallback: readonly [number, number],
  ): readonly [number, number];
}

/** So long may a text be: a line. */
const TEXT_MAX = 300;

/** @param problems where mistakes are put */
export function fieldReader(problems: Problem[]): FieldReader {
  const fail = (pointer: string, message: string): void => void problems.push({ pointer, message });
  const isIn = (value: unknown, min: number, max: number): value is number =>
    typeof value === 'number' && value >= min && value <= max;
  return {
    fail,
    object(value, at, known) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        fail(at, known === null ? 'must be an object' : `must be an object with ${known.join(', ')}`);
        return {};
      }
      for (const key of Object.keys(value)) {
        if (known !== null && !known.includes(key)) fail(`${at}/${key}`, `is not known; there are ${known.join(', ')}`);
      }
      return value as Fields;
    },
    number(of, at, key, min, max, fallback) {
      const value = of[key];
      if (value === undefined && fallback !== undefined) return fallback;
      if (isIn(value, min, max)) return value;
      fail(`${at}/${key}`, `must be a number from ${min} to ${max}, not ${show(value)}`);
      return min;
    },
    text(of, at, key, fallback) {
      const value = of[key];
      if (value === undefined && fallback !== undefined) return fallback;
      if (typeof value === 'string' && value.length > 0 && value.length <= TEXT_MAX) return value;
      fail(`${at}/${key}`, `must be a text of 1 to ${TEXT_MAX} characters, not ${show(value)}`);
      return '';
    },
    oneOf(of, at, key, names, fallback) {
      const value = of[key];
      if (value === undefined && fallback !== undefined) return fallback;
      const found = names.find((name) => name === value);
      if (found === undefined) fail(`${at}/${key}`, `must be one of ${names.join(', ')}, not ${show(value)}`);
      return found ?? (names[0] as (typeof names)[number]);
    },
    list(of, at, key, min, max, optional = false) {
      const value = of[key];
      if (value === undefined && optional) return [];
      if (Array.isArray(value) && value.length >= min && value.length <= max) return value as unknown[];
      fail(`${at}/${key}`, `must be a list of ${min} to ${max} entries, not ${show(value)}`);
      return [];
    },
    range(of, at, key, min, max, fallback) {
      const value = of[key];
      if (value === undefined) return fallback;
      const pair = Array.isArray(value) ? (value as unknown[]) : [];
      const [from, to] = pair;
      if (pair.length === 2 && isIn(from, min, max) && isIn(to, from, max)) return [from, to];
      fail(`${at}/${key}`, `must be [from, to] with ${min} <= from <= to <= ${max}, not ${show(value)}`);
      return fallback;
    },
  };
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : String(JSON.stringify(value)).slice(0, 60);
}
