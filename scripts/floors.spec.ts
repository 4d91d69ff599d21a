// Are the floors real? Each ban is shown a small text that breaks it, and has to say so by name; each import
// rule is shown a small tree that breaks it. A rule that nothing can trip would be decoration.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import eslintConfig from '../eslint.config.cjs';
import { floors } from '../floors.cjs';
import { PAGE, withTable } from './floors-table.cjs';

const root = path.join(__dirname, '..');
const linter = new Linter({ cwd: root });

/** Messages for a text that pretends to be a file of ours; type-aware rules are off, since no such file exists. */
function lint(file: string, text: string): string[] {
  const config = [...eslintConfig, { ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] }];
  return linter.verify(text, config as Linter.Config[], { filename: path.join(root, file) }).map((m) => m.message);
}

const pure = floors.filter((floor) => floor.pure);

describe('floors 0 to 2 know no clock, no chance and no timer', () => {
  const forbidden: [text: string, says: RegExp][] = [
    ['export const t = Date.now();', /`Date\.now` is a clock: take `nowMs` as an argument/],
    ["export const t = Date['now']();", /`Date\.now` is a clock: take `nowMs` as an argument/],
    ['const { now } = Date; export const t = now();', /`Date\.now` is a clock/],
    ['export const t = new Date();', /`new Date\(\)` is a clock: take `nowMs`/],
    ['export const t = Date();', /`Date\(\)` is a clock/],
    ['export const t = performance.now();', /`performance` is a clock: take `nowMs`/],
    ['export const t = process.hrtime();', /`process` is Node \(and a clock: `hrtime`\)/],
    ['export const r = Math.random();', /`Math\.random` is chance: take `random: \(\) => number`/],
    ['export const r = crypto.randomUUID();', /`crypto` is chance .*take `random/],
    ['export const r = crypto.getRandomValues(new Uint8Array(4));', /`crypto` is chance/],
    ['export const go = (f: () => void) => setTimeout(f, 1);', /`setTimeout` is a timer: return the time/],
    ['export const go = (f: () => void) => setInterval(f, 1);', /`setInterval` is a timer/],
    ['export const go = (f: () => void) => setImmediate(f);', /`setImmediate` is a timer/],
    ['export const go = (f: () => void) => queueMicrotask(f);', /`queueMicrotask` is a timer/],
    ['export const go = globalThis.setTimeout;', /`globalThis` is a way around/],
    ["import { randomBytes } from 'node:crypto'; export const r = randomBytes(4);", /put a port beside the user/],
    ["import { readFileSync } from 'fs'; export const f = readFileSync;", /put a port beside the user/],
    ["export const b = Buffer.from('x');", /`Buffer` is Node: use `Uint8Array`/],
  ];

  it.each(forbidden)('%s', (text, says) => {
    for (const floor of pure) {
      expect({ floor: floor.name, said: lint(`${floor.where}/src/x.ts`, text) }).toEqual({
        floor: floor.name,
        said: [expect.stringMatching(says)],
      });
    }
  });

  it('lets a moment that came in as an argument be turned into a date', () => {
    for (const floor of pure)
      expect(
        lint(`${floor.where}/src/x.ts`, 'export const iso = (nowMs: number) => new Date(nowMs).toISOString();'),
      ).toEqual([]);
  });

  it('lets the shell read the clock', () => {
    expect(lint('apps/worker/src/x.ts', 'export const t = Date.now(); setTimeout(() => t, 1);')).toEqual([]);
    expect(lint('libs/telemetry/src/x.ts', 'export const t = performance.now();')).toEqual([]);
  });

  it('keeps the specs of pure floors off the clock too, but lets them use Node', () => {
    expect(lint('libs/policy/src/x.spec.ts', 'export const t = Date.now();')).toEqual([
      expect.stringMatching(/is a clock/),
    ]);
    expect(
      lint('libs/domain/src/x.spec.ts', "import { createHash } from 'node:crypto'; createHash('sha256');"),
    ).toEqual([]);
  });
});

describe('a decision does not wait', () => {
  const waiting: [text: string, says: RegExp][] = [
    ['export async function f() { return 1; }', /`async`: a decision does not wait/],
    ['export const f = async () => 1;', /`async`: a decision does not wait/],
    ['export class C { async f() { return 1; } }', /`async`: a decision does not wait/],
    ['export const f = () => Promise.resolve(1);', /`Promise`: a decision does not wait/],
    ['export type F = () => Promise<number>;', /`Promise`: a decision does not wait/],
    ['export const x = await f(); declare function f(): number;', /`await`: a decision does not wait/],
  ];

  it.each(waiting)('%s', (text, says) => {
    for (const where of ['libs/domain', 'libs/policy'])
      expect(lint(`${where}/src/x.ts`, text)).toContainEqual(expect.stringMatching(says));
    expect(lint('libs/dispatch/src/x.ts', text)).toEqual([]);
  });
});

describe('house rules', () => {
  it('a unit spec does not sleep; an integration spec may', () => {
    const sleep = 'export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));';
    const imported = "import { setTimeout as sleep } from 'node:timers/promises'; void sleep(5);";
    expect(lint('apps/worker/src/x.spec.ts', sleep)).toEqual([
      expect.stringMatching(/`setTimeout` is a sleep: .*useFakeTimers/),
    ]);
    expect(lint('apps/worker/src/x.spec.ts', imported)).toEqual([expect.stringMatching(/`node:timers` is a sleep/)]);
    expect(lint('libs/policy/src/x.spec.ts', sleep)).toEqual([expect.stringMatching(/`setTimeout` is a timer/)]);
    expect(lint('apps/worker/src/x.int.spec.ts', sleep)).toEqual([]);
  });

  it('`any`, leftovers, prints and over-long files are seen, and a comment cannot hide them', () => {
    const hidden = '/* eslint-disable */\nexport const x = (y: unknown) => y as any;';
    expect(lint('libs/queue/src/x.ts', hidden)).toContainEqual(expect.stringMatching(/Unexpected any/));
    expect(lint('libs/queue/src/x.ts', '// TODO later\nexport const x = 1;')).toContainEqual(
      expect.stringMatching(/todo/),
    );
    expect(lint('libs/queue/src/x.ts', "console.log('x'); export const x = 1;")).toContainEqual(
      expect.stringMatching(/console/),
    );
    expect(lint('libs/queue/src/x.ts', `export const x = 1;\n${'\n'.repeat(400)}`)).toContainEqual(
      expect.stringMatching(/too many lines/),
    );
  });

  it('a type import is marked as one, except where Nest reads the class at run time', () => {
    const plain = "import { Payment } from '#domain'; export type X = Payment;";
    const injected =
      "import { Store } from '#postgres';\n@Injectable()\nexport class C { constructor(readonly store: Store) {} }\ndeclare const Injectable: () => ClassDecorator;";
    expect(lint('apps/worker/src/x.ts', plain)).toContainEqual(expect.stringMatching(/only used as types/));
    expect(lint('apps/worker/src/x.ts', injected)).toEqual([]);
  });
});

describe('rules that need types', () => {
  const promise = 'declare function pay(): Promise<boolean>;';
  const outcome = "declare const outcome: 'succeeded' | 'declined' | 'unknown';";
  const wrong: [text: string, says: RegExp][] = [
    [`${promise} pay();`, /Promises must be awaited/],
    [`${promise} if (pay()) pay().catch(() => undefined);`, /Expected non-Promise value in a boolean conditional/],
    [`${outcome} switch (outcome) { case 'succeeded': break; case 'declined': break; }`, /not exhaustive.*"unknown"/],
    [`${outcome} switch (outcome) { case 'succeeded': break; default: break; }`, /not exhaustive/],
  ];

  it.each(wrong)('%s', (text, says) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'typed-'));
    try {
      const file = path.join(folder, 'x.ts');
      writeFileSync(
        path.join(folder, 'tsconfig.json'),
        '{"compilerOptions":{"strict":true,"types":[]},"files":["x.ts"]}',
      );
      writeFileSync(file, text);
      const here = { files: ['**/*.ts'], languageOptions: { parserOptions: { tsconfigRootDir: folder } } };
      const typed = new Linter({ cwd: folder });
      const said = typed.verify(text, [...eslintConfig, here], { filename: file }).map((found) => found.message);
      expect(said).toEqual([expect.stringMatching(says)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('who may import whom', () => {
  const faces = floors.filter((floor) => floor.where.startsWith('libs/'));
  const tree: Record<string, string> = {
    'package.json': JSON.stringify({
      imports: { '#*': { source: './libs/*/src/index.ts' } },
      dependencies: { ioredis: '*', bullmq: '*', pg: '*', 'class-validator': '*' },
      devDependencies: { jest: '*' },
    }),
    ...Object.fromEntries(
      faces.map(({ where }) => [`${where}/src/index.ts`, 'export type T = number; export const one = 1;']),
    ),
    'libs/domain/src/money.ts': 'export const minor = 1;',
    'libs/domain/src/alone.ts': 'export {};',
    'libs/domain/src/ring-a.ts': "import './ring-b';",
    'libs/domain/src/ring-b.ts': "import './ring-a';",
    'libs/domain/src/up.ts': "import '#policy';",
    'libs/policy/src/up.ts': "import type { T } from '#dispatch'; export type X = T;",
    'libs/policy/src/down.ts': "import '#domain';",
    'libs/policy/src/deep.ts': "import '../../domain/src/money';",
    'libs/policy/src/package.ts': "import 'ioredis';",
    'libs/policy/src/node.ts': "import 'node:crypto';",
    'libs/policy/src/lost.ts': "import './nowhere';",
    'libs/policy/src/unlisted.ts': "import 'opossum';",
    'libs/policy/src/x.spec.ts': "import '#testing'; import 'node:crypto'; import 'jest';",
    'libs/policy/src/wrong.ts': "import './x.spec';",
    'libs/contracts/src/package.ts': "import 'class-validator';",
    'libs/contracts/src/wrong.ts': "import 'ioredis';",
    'libs/postgres/src/package.ts': "import 'pg'; import 'node:net';",
    'libs/postgres/src/sideways.ts': "import '#redis';",
    'libs/postgres/src/types.ts': "import type { T } from '#policy'; export type X = T;",
    'libs/postgres/src/values.ts': "import { one } from '#policy'; export const two = one + 1;",
    'libs/queue/src/dev.ts': "import 'jest';",
    'apps/worker/src/testing.ts': "import '#testing';",
    'apps/worker/src/main.ts': "import '#postgres'; import '#contracts'; import 'ioredis';",
    'apps/worker/src/deep.ts': "import '../../../libs/domain/src/money';",
    'apps/worker/src/app.ts': "import '../../orchestrator/src/main';",
    'apps/orchestrator/src/main.ts': 'export {};',
    'apps/bank-simulator/src/main.ts': "import '#simulation';",
    'apps/bank-simulator/src/shared-bug.ts': "import '#connectors';",
    'bench/app.ts': "import '../apps/worker/src/main';",
    'load-tests/values.ts': "import { one } from '#client'; export const two = one + 1;",
    'load-tests/types.ts': "import type { T } from '#client'; export type X = T;",
  };
  const expected: Record<string, string[]> = {
    'libs/domain/src/alone.ts': ['no-orphans'],
    'libs/domain/src/ring-a.ts': ['no-circular'],
    'libs/domain/src/up.ts': ['floor-domain'],
    'libs/policy/src/up.ts': ['floor-policy'],
    'libs/policy/src/deep.ts': ['no-deep-import-between-libs'],
    'libs/policy/src/package.ts': ['packages-policy'],
    'libs/policy/src/node.ts': ['node-policy'],
    'libs/policy/src/lost.ts': ['no-unresolvable'],
    'libs/policy/src/unlisted.ts': ['listed-in-package-json', 'packages-policy'],
    'libs/policy/src/wrong.ts': ['nothing-imports-a-spec'],
    'libs/contracts/src/wrong.ts': ['packages-contracts'],
    'libs/postgres/src/sideways.ts': ['floor-postgres'],
    'libs/postgres/src/values.ts': ['types-only-postgres-policy'],
    'libs/queue/src/dev.ts': ['no-dev-dependency-in-product', 'packages-queue'],
    'apps/worker/src/testing.ts': ['floor-worker', 'testing-only-from-specs'],
    'apps/worker/src/deep.ts': ['no-deep-import-into-lib'],
    'apps/worker/src/app.ts': ['floor-worker', 'no-app-imports-app'],
    'apps/bank-simulator/src/shared-bug.ts': ['floor-bank-simulator'],
    'bench/app.ts': ['floor-bench', 'nothing-imports-an-app'],
    'load-tests/values.ts': ['types-only-load-tests-client'],
  };

  it('every wrong import in a small wrong tree is reported by its rule, and no right one', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'floors-'));
    try {
      for (const [file, text] of Object.entries(tree)) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), text);
      }
      symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
      const found: Record<string, string[]> = {};
      for (const { from, rule } of violationsOf(folder)) found[from] = [...(found[from] ?? []), rule.name].sort();
      expect(found).toEqual(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('the table in ARCHITECTURE.md is the object in floors.cjs', () => {
    const page = readFileSync(PAGE, 'utf8');
    if (withTable(page) !== page) throw new Error('ARCHITECTURE.md is stale: run `node scripts/floors-table.cjs`');
  });
});

interface Violation {
  from: string;
  rule: { name: string };
}

/** dependency-cruiser is ESM and reads the working directory, so it runs as the process that `check:floors` runs. */
function violationsOf(folder: string): Violation[] {
  const bin = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = path.join(root, '.dependency-cruiser.cjs');
  const args = [bin, '--config', config, '--output-type', 'json', 'libs', 'apps', 'bench', 'load-tests'];
  const out = execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    timeout: 60_000,
  });
  return (JSON.parse(out) as { summary: { violations: Violation[] } }).summary.violations;
}
