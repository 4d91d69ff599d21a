/**
 * I13: the chain of what people did is whole. Each link's hash is made again from its own contents and the hash before; a link that was
 * altered, deleted, put in or moved shows where it happened. A tail that was cut off leaves a chain that is whole in itself: only an
 * anchor, the end of the chain as somebody outside the database once wrote it down, shows that.
 */
import { AUDIT_CHAIN_START, type AuditAnchor, auditHash } from '#domain';
import type { AuditChainBook } from './books';
import type { Breach } from './invariant';

export interface AuditChainVerdict {
  readonly compared: number;
  readonly breaches: readonly Breach[];
  /** Where it ends now: the next anchor. */
  readonly head: AuditAnchor;
}

/** Breaches kept as evidence; the first one is what matters, since all after it follows. */
const BREACHES_MAX = 1_000;

export async function auditChainIntact({ anchor, links, sha256 }: AuditChainBook): Promise<AuditChainVerdict> {
  const breaches: Breach[] = [];
  const breach = (rule: string, evidence: Breach['evidence']): void => {
    if (breaches.length < BREACHES_MAX) breaches.push({ invariant: 'I13', rule, evidence });
  };
  let compared = 0;
  let head: AuditAnchor = { seq: 0, hash: AUDIT_CHAIN_START };
  // The start of a chain is the same for all: an anchor there is met before the first link.
  let anchorMet = anchor === null || (anchor.seq === head.seq && anchor.hash === head.hash);
  for await (const link of links) {
    compared += 1;
    const { hash, prevHash, seq } = link;
    // One deed, one breach: what is missing or moved is a gap, what is there and wrong is altered.
    if (seq !== head.seq + 1) breach('audit_chain_gap', { expected_seq: head.seq + 1, found_seq: seq });
    else if (prevHash !== head.hash)
      breach('audit_chain_broken', { seq, expected_prev: head.hash, found_prev: prevHash });
    const made = auditHash(link, sha256);
    if (made !== hash) breach('audit_chain_altered', { seq, action: link.action, stored: hash, made });
    if (anchor?.seq === seq) {
      anchorMet = true;
      if (anchor.hash !== hash) breach('audit_chain_rewritten', { seq, anchored: anchor.hash, found: hash });
    }
    head = { seq, hash };
  }
  if (!anchorMet) breach('audit_chain_cut', { anchored_seq: anchor?.seq, ends_at: head.seq });
  return { compared, breaches, head };
}
