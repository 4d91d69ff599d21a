// Can a file be found by its name? One idea a file, named in kebab-case for what it holds; a folder of leftovers is not
// an idea.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const files = globSync('{apps,libs,bench,scripts,load-tests}/**/*.{ts,cjs,mjs,js,sql,lua}', {
  cwd: root,
  exclude: (name) => ['node_modules', 'dist', 'generated'].some((skipped) => name.split('/').includes(skipped)),
});
const LEFTOVERS = /(^|[/.-])(utils?|helpers?|common|misc|manager|new|v2)([/.-]|$)/;

describe('names in the tree', () => {
  it('finds the tree', () => expect(files.length).toBeGreaterThan(20));

  it('are kebab-case (a migration starts with its number, a Lua script ends with its key count)', () => {
    const kebab = /^(?:\d{4}_)?[a-z0-9]+(?:[-_][a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
    expect(files.filter((file) => !kebab.test(path.basename(file)))).toEqual([]);
  });

  it('never say utils, helpers, common, misc, manager, new or v2', () => {
    expect(files.filter((file) => LEFTOVERS.test(file))).toEqual([]);
  });

  it('and no file hides from a check', () => {
    const hides = /@ts-(ignore|nocheck)|eslint-disable|prettier-ignore/;
    const own = path.relative(root, __filename);
    const hiding = files.filter((file) => file !== own && hides.test(readFileSync(path.join(root, file), 'utf8')));
    expect(hiding.filter((file) => file !== 'scripts/floors.spec.ts')).toEqual([]);
  });
});
