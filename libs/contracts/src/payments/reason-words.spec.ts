import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { reasonWords } from './reason-words';

const LIBS = path.join(__dirname, '../../..');
/** Where reasons are made. */
const MAKERS = ['policy/src', 'dispatch/src'];
/** A reason, wherever one is written: as an object after `reason` or `why`, or by a function that makes one. */
const REASON = /(?:reason|why|cause)\w*(?:: Reason)?\s*[:=]\s*\{\s*code:\s*'(\w+)'|reasonOf\('(\w+)'/gi;

function codesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && file.name.endsWith('.ts') && !file.name.endsWith('.spec.ts'))
    .flatMap((file) => {
      const text = readFileSync(path.join(file.parentPath, file.name), 'utf8');
      return [...text.matchAll(REASON)].map(([, object, made]) => object ?? made!);
    });
}

describe('the words of reasons', () => {
  it('exist in both languages for every reason that the sources name', () => {
    const codes = [...new Set(MAKERS.flatMap((maker) => codesIn(path.join(LIBS, maker))))];
    expect(codes.length).toBeGreaterThan(20);
    const silent = codes.filter((code) => reasonWords(code).en === 'See the code.');
    expect(silent).toEqual([]);
  });

  it('are those of the error where a reason is one', () => {
    expect(reasonWords('channel_maintenance')['zh-CN']).toContain('维护');
  });

  it('never fail for a code that nobody has written words for', () => {
    expect(reasonWords('toString')).toEqual({ 'zh-CN': '详见 code', en: 'See the code.' });
  });
});
