// What the compiler cannot see: a clock inside a decision, a promise nobody waits for, a case nobody
// thought about. Layout is prettier's business and who imports whom is dependency-cruiser's.
//
// Comments cannot switch rules off here (noInlineConfig): a rule that is wrong is changed in this file, for
// everyone, with its reason.
const { defineConfig } = require('eslint/config');
const tseslint = require('typescript-eslint');
const { floors } = require('./floors.cjs');

const SPECS = ['**/*.spec.ts'];
const SLOW_SPECS = ['**/*.int.spec.ts', '**/*.e2e.spec.ts'];
const sources = (chosen) => chosen.map((floor) => `${floor.where}/**/*.ts`);

// ---- The bans of floors 0 to 2. Every message names what was found and what to write instead. ----

const takeNow = 'take `nowMs` as an argument; the shell reads the clock once and passes it in.';
const takeRandom = 'take `random: () => number` as an argument; a seed then replays the decision.';
const noTimers = 'return the time at which to look again (`nextActionAtMs`); the shell owns the timer.';
const noNode = 'floors 0 to 2 also run in a browser and in the simulator; put a port beside the user.';
const noWaiting = 'a decision does not wait. Decide from values, and let a use case in libs/dispatch do the waiting.';

/** One banned global: its name, what it is, what to do instead. */
const banned = (name, is, instead) => ({ name, message: `\`${name}\` is ${is}: ${instead}` });

const globalsOfTime = [
  banned('performance', 'a clock', takeNow),
  banned('setTimeout', 'a timer', noTimers),
  banned('setInterval', 'a timer', noTimers),
  banned('setImmediate', 'a timer', noTimers),
  banned('queueMicrotask', 'a timer', noTimers),
];
const globalsOfChance = [banned('crypto', 'chance (`getRandomValues`, `randomUUID`)', takeRandom)];
const globalsOfNode = [
  banned('process', 'Node (and a clock: `hrtime`)', noNode),
  banned('Buffer', 'Node', 'use `Uint8Array`: ' + noNode),
  banned('require', 'Node', noNode),
  banned('global', 'Node', noNode),
  banned('globalThis', 'a way around the other bans', noNode),
  banned('fetch', 'a socket', noNode),
  banned('console', 'output', 'return what is worth knowing, or use the log port.'),
];
const propertiesOfTimeAndChance = [
  { object: 'Date', property: 'now', message: `\`Date.now\` is a clock: ${takeNow}` },
  { object: 'Math', property: 'random', message: `\`Math.random\` is chance: ${takeRandom}` },
];
const syntaxOfTime = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: `\`new Date()\` is a clock: ${takeNow}`,
  },
  { selector: 'CallExpression[callee.name="Date"]', message: `\`Date()\` is a clock: ${takeNow}` },
];
const syntaxOfWaiting = [
  { selector: ':function[async=true]', message: `\`async\`: ${noWaiting}` },
  { selector: 'AwaitExpression', message: `\`await\`: ${noWaiting}` },
  { selector: 'ForOfStatement[await=true]', message: `\`for await\`: ${noWaiting}` },
  { selector: 'Identifier[name=/^Promise(Like)?$/]', message: `\`Promise\`: ${noWaiting}` },
];
const importsOfNode = {
  patterns: [
    { regex: '^node:', message: noNode },
    {
      regex:
        '^(assert|buffer|child_process|cluster|crypto|dns|events|fs|http|http2|https|net|os|path|perf_hooks|process|stream|timers|tls|url|util|v8|vm|worker_threads|zlib)(/|$)',
      message: noNode,
    },
  ],
};

/** The bans of one pure floor; a spec of that floor keeps those on time and chance, so that it cannot flake. */
function purityOf(floor) {
  const bansOfTime = {
    'no-restricted-properties': ['error', ...propertiesOfTimeAndChance],
    'no-restricted-syntax': ['error', ...syntaxOfTime],
    'no-restricted-globals': ['error', ...globalsOfTime],
  };
  return [
    {
      name: `pure/${floor.name}`,
      files: [`${floor.where}/**/*.ts`],
      ignores: SPECS,
      rules: {
        ...bansOfTime,
        'no-restricted-syntax': ['error', ...syntaxOfTime, ...(floor.waits ? [] : syntaxOfWaiting)],
        'no-restricted-globals': ['error', ...globalsOfTime, ...globalsOfChance, ...globalsOfNode],
        'no-restricted-imports': ['error', importsOfNode],
      },
    },
    {
      name: `pure/${floor.name} specs`,
      files: [`${floor.where}/**/*.spec.ts`],
      ignores: SLOW_SPECS,
      rules: bansOfTime,
    },
  ];
}

// ---- Unit specs elsewhere: time is passed in or faked, never slept. ----

const noSleep = 'a unit spec never sleeps to see what happens. Pass the time in, or use jest.useFakeTimers().';
const noSleepInUnitSpecs = {
  name: 'unit specs do not sleep',
  files: SPECS,
  ignores: [...SLOW_SPECS, ...sources(floors.filter((floor) => floor.pure))],
  rules: {
    'no-restricted-globals': [
      'error',
      banned('setTimeout', 'a sleep', noSleep),
      banned('setInterval', 'a poll', noSleep),
    ],
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: '^(node:)?timers(/promises)?$', message: `\`node:timers\` is a sleep: ${noSleep}` }] },
    ],
  },
};

const HOUSE = {
  eqeqeq: 'error',
  'prefer-const': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
  // A file is one idea; a longer one is two.
  'max-lines': ['error', { max: 400 }],
};

const NODE_GLOBALS = Object.fromEntries(
  [
    ...['require', 'module', '__dirname', '__filename', 'process', 'console', 'Buffer', 'URL', 'URLSearchParams'],
    ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance', 'fetch'],
    ...['AbortController', 'AbortSignal', 'TextEncoder', 'TextDecoder'],
  ].map((name) => [name, 'readonly']),
);

module.exports = defineConfig([
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.data/',
      '.cache/',
      'coverage/',
      'libs/client/src/generated/',
      'load-tests/generated/',
    ],
  },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    name: 'all TypeScript',
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        projectService: true,
        // CI must see what people see: with CI=true the parser would otherwise guess another mode, which forgets the two lines below.
        disallowAutomaticSingleRunInference: true,
        tsconfigRootDir: __dirname,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    },
    rules: {
      // A payment whose commit nobody awaits is a lost payment.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      // A `switch` over outcomes has no default, so that a new case asks to be thought about everywhere.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, allowDefaultCaseForExhaustiveSwitch: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // Files with decorators are left alone by the rule itself: Nest reads constructor types at run time.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      ...HOUSE,
    },
  },
  {
    // Scripts run on the system's Node before anything is compiled, so no compiler catches a misspelt name there.
    name: 'plain JavaScript',
    files: ['**/*.{cjs,mjs}'],
    languageOptions: { globals: NODE_GLOBALS },
    rules: {
      'no-undef': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-unreachable': 'error',
      ...HOUSE,
    },
  },
  { name: 'libs do not print', files: ['libs/**/*.ts'], ignores: SPECS, rules: { 'no-console': 'error' } },
  ...floors.filter((floor) => floor.pure).flatMap(purityOf),
  noSleepInUnitSpecs,
]);
