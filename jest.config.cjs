// Three projects, so that unit tests answer in seconds and never wait for a database.
//   *.spec.ts       unit: pure, no sockets
//   *.int.spec.ts   integration: real PostgreSQL, real Redis, real sockets
//   *.e2e.spec.ts   end to end: the built product, started as a stranger starts it
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    },
  ],
};
const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/scripts', '<rootDir>/bench'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json'],
  moduleNameMapper: {
    '^#(domain|policy|dispatch|simulation|audit|contracts|postgres|redis|queue|connectors|config|telemetry|runtime|client|testing)$':
      '<rootDir>/libs/$1/src/index.ts',
  },
  transform,
};
module.exports = {
  coverageProvider: 'v8',
  // Jest takes this from the top only. Bank calls, fences and restarts are waited for, never slept for; five minutes is a hung test.
  testTimeout: 300_000,
  projects: [
    { ...common, displayName: 'unit', testRegex: '(?<!\\.int|\\.e2e)\\.spec\\.ts$' },
    {
      ...common,
      displayName: 'integration',
      testRegex: '\\.int\\.spec\\.ts$',
      globalSetup: '<rootDir>/libs/testing/src/jest-global-setup.ts',
      globalTeardown: '<rootDir>/libs/testing/src/jest-global-teardown.ts',
    },
    {
      ...common,
      displayName: 'e2e',
      testRegex: '\\.e2e\\.spec\\.ts$',
      // The same two files: jest runs each once, however many projects name it.
      globalSetup: '<rootDir>/libs/testing/src/jest-global-setup.ts',
      globalTeardown: '<rootDir>/libs/testing/src/jest-global-teardown.ts',
    },
  ],
};
