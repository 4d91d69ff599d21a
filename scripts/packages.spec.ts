// Does docs/packages.md tell the truth? Every direct dependency has one row, in the table of its kind, with the licence
// that the installed package declares; and no row outlives its package.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const KINDS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;

interface Row {
  name: string;
  why: string;
  licence: string;
  keeper: string;
}

/** The rows of the table under the heading that names this kind of dependency. */
function rowsOf(kind: string): Row[] {
  const section = read('docs/packages.md')
    .split(/^## /m)
    .find((part) => part.split('\n', 1)[0]?.includes(`\`${kind}\``));
  return (section ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [name = '', why = '', licence = '', keeper = ''] = line
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      return { name: name.replaceAll('`', ''), why, licence, keeper };
    });
}

describe.each(KINDS)('docs/packages.md and %s', (kind) => {
  const wanted = Object.keys((JSON.parse(read('package.json')) as Record<string, Record<string, string>>)[kind] ?? {});

  it('name the same packages: a new one says what we do not write because of it', () => {
    expect(rowsOf(kind).map((row) => row.name)).toEqual([...wanted].sort());
  });

  it('give a reason, the licence the package declares, and who looks after it', () => {
    const optional = kind === 'optionalDependencies'; // may be absent on this platform
    for (const { name, why, licence, keeper } of rowsOf(kind)) {
      expect([name, why, keeper]).not.toContain('');
      if (optional) continue;
      const installed = JSON.parse(read(`node_modules/${name}/package.json`)) as { license: string };
      expect({ name, licence }).toEqual({ name, licence: installed.license });
    }
  });
});
