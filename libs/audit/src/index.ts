/** Invariants over books that the product did not write. See docs/audit.md. */
export { audit, type AuditReport, type Verdict } from './audit';
export { auditChainIntact } from './audit-chain-intact';
export type {
  AttemptRow,
  AuditChainBook,
  BankTotal,
  Books,
  ClientRequest,
  ContractLimit,
  Delivery,
  DeliveryLog,
  Dossier,
  EventRow,
  HeadRow,
  LedgerLine,
  PaymentRow,
  Receipt,
  RefundRow,
  Untold,
} from './books';
export { type AuditSetting, type Breach, INVARIANTS, type InvariantId } from './invariant';
export { type Joined, joinBooks, referenceBehind, type Rows } from './join-books';
export type { Standing } from './one-final-state';
