/**
 * A copy of the built product in a temporary folder, into which one bug at a time is planted. What runs from it is the product as it is
 * shipped but for the patch: Node finds its imports through the copy's own package.json.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Patch } from './planted-bug';

/** SQL is not compiled: it is found beside the sources, in a checkout as in the copy. */
const COPIED = ['package.json', 'dist', join('libs', 'postgres', 'src', 'migrations')];

export class PatchedBuild {
  private readonly root = mkdtempSync(join(tmpdir(), 'sluice-prove-'));

  constructor() {
    for (const path of COPIED) cpSync(path, join(this.root, path), { recursive: true });
    symlinkSync(resolve('node_modules'), join(this.root, 'node_modules'));
  }

  /** What takes the place of `dist`. */
  get build(): string {
    return join(this.root, 'dist');
  }

  /** Plants a bug. @returns what takes it out again. @throws if a text to be replaced is not there exactly once */
  plant(patches: readonly Patch[]): () => void {
    const before = new Map(patches.map(({ file }) => [file, readFileSync(join(this.root, file), 'utf8')]));
    const after = new Map(before);
    for (const patch of patches) after.set(patch.file, patched(after.get(patch.file) ?? '', patch));
    const write = (texts: ReadonlyMap<string, string>): void => {
      for (const [file, text] of texts) writeFileSync(join(this.root, file), text);
    };
    write(after);
    return () => write(before);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** @throws if the text is not there exactly once: then the product has changed, and the bug must be planted anew */
export function patched(text: string, { file, find, replace }: Patch): string {
  const places = text.split(find).length - 1;
  if (places === 1) return text.replace(find, () => replace);
  throw new Error(`${file} has ${places} places that read ${JSON.stringify(find)}; a planted bug needs exactly one.`);
}
