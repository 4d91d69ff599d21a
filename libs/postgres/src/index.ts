export { type ApiKeyOwner } from './instruments';
export { type PaymentFeed } from './feed';
export { migrate } from './migrate';
export { type Postgres, type PostgresOptions, createPostgres } from './postgres';
export { type SandboxSeed, seedSandbox } from './seed';
