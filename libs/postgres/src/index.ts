export {
  AuditBooks,
  type AuditedAttempt,
  type AuditedEvent,
  type AuditedPage,
  type AuditedPayment,
  type JournalStanding,
} from './audit-books';
export { readAuditChain } from './audit-chain';
export { type ApiKeyOwner } from './instruments';
export { type PaymentFeed, type PaymentsListener } from './feed';
export { migrate } from './migrate';
export { type Postgres, type PostgresOptions, createPostgres } from './postgres';
export { type SandboxSeed, seedSandbox } from './seed';
