/**
 * Where does k6 come from? One on PATH if it is 2 or later; else one built from the Go module that pins it (`load-tests/k6`), once,
 * into `.cache/k6`; else a sentence that says what to install. The package `k6` of npm is only a name.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';

const MODULE = join('load-tests', 'k6');
const CACHE = join('.cache', 'k6');
/** From nothing it takes half a minute on two cores; a slow line to the module mirror may take minutes. */
const BUILD_BOUND_MS = 10 * 60_000;
const SAY_EVERY_MS = 10_000;

export interface K6 {
  readonly file: string;
  /** `v2.2.0`. */
  readonly version: string;
}

/** @param say one line of progress. @throws a sentence for people if there is neither a k6 nor a way to build one */
export async function findOrBuildK6(say: (line: string) => void): Promise<K6> {
  const onPath = versionOf('k6');
  if (onPath !== null && Number(/^v(\d+)/.exec(onPath)?.[1]) >= 2) return { file: 'k6', version: onPath };
  const file = resolve(CACHE, `k6-${pinOf()}`);
  if (!existsSync(file)) await build(file, say);
  const version = versionOf(file);
  if (version === null) throw new Error(`${file} does not run; remove .cache/k6 and try again.`);
  return { file, version };
}

/** Another pin is another file: nobody runs an old build by mistake. */
function pinOf(): string {
  const hash = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(join(MODULE, name)));
  return hash.digest('hex').slice(0, 12);
}

function versionOf(file: string): string | null {
  const asked = spawnSync(file, ['version'], { encoding: 'utf8', timeout: 10_000 });
  return asked.status === 0 ? (/\bv\d+\.\d+\.\d+\S*/.exec(asked.stdout)?.[0] ?? null) : null;
}

async function build(file: string, say: (line: string) => void): Promise<void> {
  if (spawnSync('go', ['version'], { timeout: 10_000 }).status !== 0) {
    throw new Error(
      'Rehearsals need k6 2 or later (the load generator), or Go 1.25 or later to build it: install one of them, then run this again.',
    );
  }
  say('building k6 from load-tests/k6, once (about half a minute)');
  mkdirSync(CACHE, { recursive: true });
  const begun = Date.now();
  const unfinished = `${file}.${process.pid}`;
  const progress = setInterval(
    () => say(`still building k6, ${Math.round((Date.now() - begun) / 1_000)} s`),
    SAY_EVERY_MS,
  );
  try {
    await new Promise<void>((done, failed) => {
      let output = '';
      const child = spawn('go', ['build', '-o', unfinished, 'go.k6.io/k6/v2'], {
        cwd: MODULE,
        timeout: BUILD_BOUND_MS,
      });
      child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
      child.once('error', failed);
      child.once('close', (code) => (code === 0 ? done() : failed(new Error(`k6 could not be built:\n${output}`))));
    });
  } finally {
    clearInterval(progress);
  }
  // In one step, so that a build that was broken off leaves nothing that looks finished.
  renameSync(unfinished, file);
  say(`built k6 in ${Math.round((Date.now() - begun) / 1_000)} s`);
}
