// Who may import whom, once.
//
// Each line is one floor of the building: where it lies, what it is for, which of our folders it may
// import and which packages. Three things are made from this object and from nothing else: the rules of
// dependency-cruiser (.dependency-cruiser.cjs), the bans on clocks, chance and timers (eslint.config.cjs)
// and the table in ARCHITECTURE.md (scripts/floors-table.cjs). To change the building, change it here.
//
//   floor     the storey; a folder imports downwards only, so a number never imports a higher one
//   mayImport names of other floors whose public face (src/index.ts) may be imported
//   typesOnly names out of mayImport of which only types may be taken (`import type`)
//   packages  npm packages allowed; 'any' where wiring the world together is the folder's purpose
//   node      whether Node's own modules and globals may be used (`node:crypto`, `process`, `Buffer`)
//   pure      no clock, no chance, no timers: time and chance come in as arguments
//   waits     false where even `async` is out: a decision that waits has met a deed

const pureFloors = [
  {
    floor: 0,
    name: 'domain',
    where: 'libs/domain',
    what: 'the words: money, payment, attempt, outcome, channel, limits, legal transitions, error codes',
    mayImport: [],
    packages: [],
    waits: false,
  },
  {
    floor: 1,
    name: 'policy',
    where: 'libs/policy',
    what: 'decisions: pure functions of (state, limits, now, random), on counts',
    mayImport: ['domain'],
    packages: [],
    waits: false,
  },
  {
    floor: 2,
    name: 'dispatch',
    where: 'libs/dispatch',
    what: 'use cases as plain classes; the connector contract; ports beside their users',
    mayImport: ['domain', 'policy'],
    packages: [],
    waits: true,
  },
  {
    floor: 2,
    name: 'simulation',
    where: 'libs/simulation',
    what: 'event queue, bank capacity models, workloads, scenarios',
    mayImport: ['domain', 'policy', 'dispatch'],
    packages: [],
    waits: true,
  },
  {
    floor: 2,
    name: 'audit',
    where: 'libs/audit',
    what: 'invariants over books that the product did not write',
    mayImport: ['domain', 'policy', 'dispatch'],
    packages: [],
    waits: true,
  },
  {
    floor: 2,
    name: 'contracts',
    where: 'libs/contracts',
    what: 'request and response classes: the one source of `openapi.json`',
    mayImport: ['domain'],
    packages: ['class-validator', 'class-transformer', '@nestjs/swagger'],
    waits: true,
  },
].map((floor) => ({ ...floor, node: false, pure: true }));

const worldFloors = [
  { name: 'postgres', what: 'the journal: migrations and every SQL statement', packages: ['pg'] },
  { name: 'redis', what: 'what may be lost: leases, wake-ups, samples', packages: ['ioredis'] },
  {
    name: 'queue',
    what: 'one BullMQ queue per channel, and the pump that empties it',
    packages: ['bullmq', 'ioredis'],
  },
  { name: 'connectors', what: 'one folder per bank protocol', packages: ['undici', 'opossum', 'saxes'] },
  {
    name: 'config',
    what: 'the environment, read once and validated',
    packages: ['class-validator', 'class-transformer', 'reflect-metadata'],
  },
  {
    name: 'runtime',
    what: "the process itself: the machine's clocks, fresh ids, orderly stop, named crash points",
    packages: ['typeid-js'],
  },
  { name: 'telemetry', what: 'metric names, log fields, redaction', packages: ['pino', 'prom-client'] },
].map((floor) => ({
  ...floor,
  floor: 3,
  where: `libs/${floor.name}`,
  mayImport: ['domain', 'policy', 'dispatch'],
  typesOnly: ['policy'],
  node: true,
  pure: false,
  waits: true,
}));

const client = {
  floor: 3,
  name: 'client',
  where: 'libs/client',
  what: 'the typed client, generated from `openapi.json`',
  mayImport: [],
  packages: [],
  node: true,
  pure: false,
  waits: true,
};

const below = [...pureFloors, ...worldFloors, client].map((floor) => floor.name);

const testing = {
  floor: '–',
  name: 'testing',
  where: 'libs/testing',
  what: 'builders, conformance suites and throw-away databases for specs; never in a build',
  mayImport: [...below, 'scripts'], // the same code that brings databases up for `npm start`
  packages: 'any',
  node: true,
  pure: false,
  waits: true,
  specsOnly: true,
};

const apps = [
  { name: 'orchestrator', what: 'HTTP in: admission, acceptance, the fate of a payment', mayImport: below },
  { name: 'worker', what: 'jobs in: permit, dispatch, outcome, inquiry', mayImport: below },
  {
    name: 'bank-simulator',
    what: 'eight banks; never our connectors, or a shared bug would hide',
    mayImport: below.filter((name) => name !== 'connectors'),
  },
  { name: 'cli', what: 'the commands that measure, audit and repair', mayImport: below },
  { name: 'console', what: "the operators' page", mayImport: ['client', 'domain', 'policy', 'simulation'] },
].map((floor) => ({
  ...floor,
  floor: 4,
  where: `apps/${floor.name}`,
  packages: 'any',
  node: true,
  pure: false,
  waits: true,
}));

const outside = [
  {
    name: 'load-tests',
    what: 'k6 plays the checkout and the payers; data as JSON',
    mayImport: ['client'],
    typesOnly: ['client'],
    packages: ['@types/k6'], // k6's own modules exist inside k6 only; here they are types
    node: false,
  },
  {
    name: 'bench',
    what: 'cost and speed against the bare floor',
    mayImport: [...below, 'scripts'], // the product and the engines are brought up as `npm start` does it
    packages: 'any',
    node: true,
  },
  { name: 'scripts', what: 'set-up, start, stop, checks', mayImport: below, packages: 'any', node: true },
].map((floor) => ({ ...floor, floor: '–', where: floor.name, pure: false, waits: true }));

const floors = [...pureFloors, ...worldFloors, client, testing, ...apps, ...outside].map((floor) => ({
  typesOnly: [],
  specsOnly: false,
  ...floor,
}));

module.exports = { floors };
