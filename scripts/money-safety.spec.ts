// docs/money-safety.md names, for each rule, the test that tried to break it. A test that was renamed or removed must be missed here.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const rows = read('docs/money-safety.md')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line));
const specs = globSync(['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'libs/testing/src/*.ts'], { cwd: root }).map(read);

/** What stands in quotes in a row's last column: the beginning of a test's name, or parts of it with … between. */
function testsNamed(row: string): string[][] {
  const column = row.split('|').at(-2) ?? '';
  return [...column.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name.split('…').filter((part) => part !== ''));
}

describe('docs/money-safety.md', () => {
  it('numbers its rules without a gap', () => {
    expect(rows.map((row) => Number(row.split('|')[1]))).toEqual(rows.map((_row, index) => index + 1));
  });

  it.each(rows.map((row) => [row.split('**')[1] ?? '', row] as const))(
    '%s names tests that are there',
    (_rule, row) => {
      const missing = testsNamed(row).filter(
        (parts) => !specs.some((spec) => parts.every((part) => spec.includes(part))),
      );
      expect(missing).toEqual([]);
    },
  );
});
