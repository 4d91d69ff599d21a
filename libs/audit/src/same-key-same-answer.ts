/** I7: whatever is repeated under one key is answered with one payment, is never told "not accepted" afterwards, and keeps its body. */
import type { ClientRequest, Dossier } from './books';
import type { Breach } from './invariant';

export function sameKeySameAnswer({ payment, requests }: Dossier): Breach[] {
  const breaches: Breach[] = [];
  const breach = (rule: string, request: ClientRequest, evidence: Record<string, unknown>): void => {
    const { idempotencyKey, status, atMs } = request;
    breaches.push({ invariant: 'I7', rule, evidence: { key: idempotencyKey, status, at_ms: atMs, ...evidence } });
  };
  const other = requests.find((request) => request.paymentId !== null && request.paymentId !== payment.id);
  if (other) breach('two_payments_for_one_key', other, { payment: payment.id, answered: other.paymentId });
  let first: ClientRequest | null = null;
  for (const post of requests.filter((request) => request.kind === 'post')) {
    if (first !== null && post.bodyHash !== first.bodyHash) {
      // Silence and our own trouble prove nothing about the body; a yes, or a no for another reason, does.
      if (post.status !== 422 && post.status !== 0 && post.status < 500)
        breach('other_body_not_refused', post, { payment: payment.id });
    } else if (first !== null && post.accepted === false) {
      breach('refused_after_acceptance', post, { payment: payment.id, code: post.code });
    }
    if (first === null && post.accepted === true) first = post;
  }
  return breaches;
}
