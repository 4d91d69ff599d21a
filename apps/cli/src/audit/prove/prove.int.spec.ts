// A bug that cannot be planted proves nothing: when the product changes under it, this says so long before somebody runs the proof.
import { readFileSync } from 'node:fs';
import { patched } from './patched-build';
import { PLANTED_BUGS } from './prove';

describe('the planted bugs', () => {
  it('are more than twenty, each with a name of its own', () => {
    const names = PLANTED_BUGS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(20);
  });

  it.each(PLANTED_BUGS)('$name can be planted in the product as it is built today', ({ patches }) => {
    const texts = new Map<string, string>();
    for (const patch of patches) {
      const text = texts.get(patch.file) ?? readFileSync(patch.file, 'utf8');
      texts.set(patch.file, patched(text, patch));
    }
  });

  it('ask of the audit more than one invariant', () => {
    const caughtBy = new Set(PLANTED_BUGS.map((bug) => bug.caughtBy));
    expect([...caughtBy].sort()).toEqual(['I1', 'I10', 'I13', 'I2', 'I3', 'I4', 'I5', 'I7', 'I8', 'I9']);
  });
});

describe('a patch', () => {
  const patch = { file: 'x.js', find: 'a === b', replace: 'a !== b' };

  it('replaces what is there once, and takes its text as it is', () => {
    expect(patched('if (a === b) x();', { ...patch, replace: '$&$1' })).toBe('if ($&$1) x();');
  });

  it('refuses what is not there, or is there twice', () => {
    expect(() => patched('if (a == b) x();', patch)).toThrow('x.js has 0 places');
    expect(() => patched('a === b; a === b;', patch)).toThrow('x.js has 2 places');
  });
});
