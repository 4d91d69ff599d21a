// The floors as rules of dependency-cruiser, made from floors.cjs.
// `npm run check:floors` runs them over the tree; scripts/floors.spec.ts proves that each one bites.
const { floors } = require('./floors.cjs');

const SPEC = '[.]spec[.]ts$';
const OURS = '^(libs|apps|bench|scripts|load-tests)/';
const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const folder = (where) => `^${escaped(where)}/`;
const byName = new Map(floors.map((floor) => [floor.name, floor]));
const whereOf = (name) => byName.get(name).where;

/** Specs may also use libs/testing, packages and Node: they are never shipped. */
const source = (floor) => ({ path: folder(floor.where), pathNot: SPEC });

function importRule(floor) {
  const allowed = [floor.where, ...floor.mayImport.map(whereOf)];
  return {
    name: `floor-${floor.name}`,
    comment: `${floor.where} (${floor.what}) may import ${floor.mayImport.join(', ') || 'nothing of ours'}. See floors.cjs.`,
    severity: 'error',
    from: source(floor),
    to: { path: OURS, pathNot: allowed.map(folder) },
  };
}

function packageRule(floor) {
  if (floor.packages === 'any') return [];
  const allowed = floor.packages.map((name) => `node_modules/${escaped(name)}/`);
  return [
    {
      name: `packages-${floor.name}`,
      comment: `${floor.where} may use ${floor.packages.join(', ') || 'no package'}: put a port beside the user, and the package on floor 3.`,
      severity: 'error',
      from: source(floor),
      to: { dependencyTypes: NPM, ...(allowed.length > 0 ? { pathNot: allowed } : {}) },
    },
  ];
}

function nodeRule(floor) {
  if (floor.node) return [];
  return [
    {
      name: `node-${floor.name}`,
      comment: `${floor.where} runs in a browser and in the simulator too, so it uses nothing of Node.`,
      severity: 'error',
      from: source(floor),
      to: { dependencyTypes: ['core'] },
    },
  ];
}

function typesOnlyRule(floor) {
  return floor.typesOnly.map((name) => ({
    name: `types-only-${floor.name}-${name}`,
    comment: `${floor.where} may take only types from ${name}: write \`import type\`.`,
    severity: 'error',
    from: source(floor),
    to: { path: folder(whereOf(name)), dependencyTypesNot: ['type-only'] },
  }));
}

const house = [
  {
    name: 'no-circular',
    comment: 'Two files that import each other are one idea cut in the wrong place. Move the shared part below both.',
    severity: 'error',
    from: { pathNot: '^libs/client/src/generated/' }, // made by a generator
    to: { circular: true },
  },
  {
    name: 'no-deep-import-between-libs',
    comment: "A lib's src/index.ts is its whole public face: import `#lib`, or export what is missing there.",
    severity: 'error',
    from: { path: '^libs/([^/]+)/' },
    to: { path: '^libs/[^/]+/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index[.]ts$'] },
  },
  {
    name: 'no-deep-import-into-lib',
    comment: "A lib's src/index.ts is its whole public face: import `#lib`, or export what is missing there.",
    severity: 'error',
    from: { path: '^(apps|bench|scripts|load-tests)/' },
    to: { path: '^libs/[^/]+/', pathNot: '^libs/[^/]+/src/index[.]ts$' },
  },
  {
    name: 'no-app-imports-app',
    comment: 'Apps meet over HTTP, PostgreSQL and Redis only. Shared code goes into a lib.',
    severity: 'error',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'nothing-imports-an-app',
    comment: 'An app is a process to start, not code to import.',
    severity: 'error',
    from: { path: '^(libs|bench|scripts|load-tests)/' },
    to: { path: '^apps/' },
  },
  {
    name: 'testing-only-from-specs',
    comment: 'libs/testing is never shipped: only specs (and libs/testing itself) may import it.',
    severity: 'error',
    from: { pathNot: [SPEC, '^libs/testing/'] },
    to: { path: '^libs/testing/' },
  },
  {
    name: 'nothing-imports-a-spec',
    comment: 'Move what is shared out of the spec, into libs/testing.',
    severity: 'error',
    from: {},
    to: { path: SPEC },
  },
  {
    name: 'no-orphans',
    comment: 'Nobody imports this file and it imports nobody: wire it up or remove it.',
    severity: 'error',
    from: {
      orphan: true,
      pathNot: [
        SPEC,
        '[.]d[.]ts$',
        '^apps/[^/]+/src/main[.]ts$',
        '^(bench|scripts|load-tests)/',
        '^libs/[^/]+/src/index[.]ts$',
      ],
    },
    to: {},
  },
  {
    name: 'no-unresolvable',
    comment: 'The import leads nowhere: a typo, a missing package, or a lib without src/index.ts.',
    severity: 'error',
    from: { pathNot: '^load-tests/' }, // k6's own modules exist inside k6 only; check:types knows them
    to: { couldNotResolve: true },
  },
  {
    name: 'listed-in-package-json',
    comment:
      'A package that only happens to be there goes away with its owner: add it to package.json and docs/packages.md.',
    severity: 'error',
    from: { path: OURS },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-dev-dependency-in-product',
    comment: 'A dev dependency is not installed in production: move it to dependencies in package.json.',
    severity: 'error',
    from: { path: '^(apps|libs)/', pathNot: [SPEC, '^libs/testing/'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only', 'npm-optional'] },
  },
];

module.exports = {
  forbidden: [
    ...floors.flatMap((floor) => [
      importRule(floor),
      ...packageRule(floor),
      ...nodeRule(floor),
      ...typesOnlyRule(floor),
    ]),
    ...house,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^node_modules/[.]cache'] },
    combinedDependencies: true, // bench/ has a package.json of its own, for its module type only
    tsPreCompilationDeps: true, // `import type` is a dependency as well
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
