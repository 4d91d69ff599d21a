// How is a curve written? A number, or points [second, value] in order of time.
import type { FieldReader, Fields } from './field-reader';
import type { CurvePoint } from './scenario';

/** Ten million payments a second: twenty times the record. */
const VALUE_MAX = 1e7;

export function readCurve(read: FieldReader, of: Fields, at: string, key: string, seconds: number): CurvePoint[] {
  if (typeof of[key] === 'number') return [[0, read.number(of, at, key, 0, VALUE_MAX)]];
  let lastS = 0;
  return read.list(of, at, key, 1, 10_000).map((value, i): CurvePoint => {
    const there = `${at}/${key}/${i}`;
    if (!Array.isArray(value) || value.length !== 2) {
      read.fail(there, 'must be [second, value]');
      return [0, 0];
    }
    const pair: Fields = { ...(value as unknown[]) };
    const point: CurvePoint = [read.number(pair, there, '0', 0, seconds), read.number(pair, there, '1', 0, VALUE_MAX)];
    if (point[0] < lastS) read.fail(there, `must not come before the point at second ${lastS}`);
    lastS = point[0];
    return point;
  });
}
