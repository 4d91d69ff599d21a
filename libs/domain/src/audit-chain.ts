/**
 * The chain of what people and repairs did: each link carries the hash of the one before, so that a row that is altered, deleted or
 * moved breaks it. See notes of reliability.md I13.
 *
 * The hash is over a rendering that has exactly one form: length-prefixed parts, facts as JSON with sorted names. It must never
 * change, since stored hashes could then not be recomputed; a new form gets a new version tag.
 */
import type { Sha256 } from './bank-reference';
import { lengthPrefixed } from './length-prefixed';
import type { EpochMs } from './time';

/** What was done: by whom, to what, why, with what facts. */
export interface AuditAct {
  /** `operator:<name>` or `system:<what>`. */
  readonly actor: string;
  /** What was done, as a stable name: `worklist.settled`, `limits.changed`, … */
  readonly action: string;
  /** To what: the id of a payment, a channel, a worklist item. */
  readonly subject: string;
  /** In the actor's words. */
  readonly reason: string;
  readonly facts: AuditFacts;
}

/** JSON without undefined; numbers must be finite. */
export type AuditFact = string | number | boolean | null | readonly AuditFact[] | AuditFacts;
export interface AuditFacts {
  readonly [name: string]: AuditFact;
}

/** One link: an act with its place in the chain. */
export interface AuditLink extends AuditAct {
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** PostgreSQL's clock, whole ms; never earlier than the link before. */
  readonly at: EpochMs;
  /** Hash of the link before, 64 hex digits; of the first link AUDIT_CHAIN_START. */
  readonly prevHash: string;
  /** SHA-256 of this link's canonical form, 64 hex digits. */
  readonly hash: string;
}

/** Where a chain ended when somebody outside the database wrote it down: what is cut off behind it is found by this only. */
export interface AuditAnchor {
  /** 0: the chain was empty. */
  readonly seq: number;
  readonly hash: string;
}

/** Stands where the first link's predecessor would. */
export const AUDIT_CHAIN_START = '0'.repeat(64);

const VERSION_TAG = 'sluice-audit-1';

/** The text whose SHA-256 is the link's hash. @throws TypeError for facts that JSON cannot hold */
export function canonicalAuditLink(link: Omit<AuditLink, 'hash'>): string {
  const { seq, at, actor, action, subject, reason, facts, prevHash } = link;
  return lengthPrefixed([
    VERSION_TAG,
    prevHash,
    String(seq),
    String(at),
    actor,
    action,
    subject,
    reason,
    canonicalFacts(facts),
  ]);
}

/** Hash of a link, 64 hex digits. @throws TypeError for facts that JSON cannot hold */
export function auditHash(link: Omit<AuditLink, 'hash'>, sha256: Sha256): string {
  return Array.from(sha256(canonicalAuditLink(link)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** JSON with names in the order of their UTF-16 units: `jsonb` may store them in any order. */
function canonicalFacts(fact: AuditFact): string {
  if (fact === null || typeof fact === 'string' || typeof fact === 'boolean') return JSON.stringify(fact);
  if (typeof fact === 'number' && Number.isFinite(fact)) return JSON.stringify(fact);
  if (Array.isArray(fact)) return `[${fact.map(canonicalFacts).join(',')}]`;
  if (typeof fact === 'object') {
    const members = Object.entries(fact as AuditFacts).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${canonicalFacts(value)}`).join(',')}}`;
  }
  throw new TypeError(`Facts of an audited act must be JSON, not ${String(fact)}`);
}
