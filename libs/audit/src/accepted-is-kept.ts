/** I1: what a client was told is accepted stands in the journal as it was asked; what it was told is refused does not. */
import type { ClientRequest, Dossier } from './books';
import { type Breach, named } from './invariant';

export function acceptedIsKept({ payment, requests }: Dossier): Breach[] {
  const breaches: Breach[] = [];
  const posts = requests.filter((request) => request.kind === 'post');
  // Refused is only what every answer refused: a retry after a lost answer may well meet an accepted payment.
  if (posts.length > 0 && posts.every((post) => post.accepted === false)) {
    breaches.push({
      invariant: 'I1',
      rule: 'refused_but_stored',
      evidence: { ...named(payment), key: posts[0]!.idempotencyKey },
    });
  }
  const accepted = posts.find((post) => post.accepted === true);
  if (accepted === undefined) return breaches;
  const differs = (
    [
      ['merchant_order_no', accepted.merchantOrderNo, payment.merchantOrderNo],
      ['amount_minor', accepted.amountMinor, payment.amountMinor],
      ['currency', accepted.currency, payment.currency],
      ['instrument', accepted.instrumentToken, payment.instruments[0]?.token],
    ] as const
  ).filter(([, asked, stored]) => asked !== stored);
  for (const [field, asked, stored] of differs) {
    breaches.push({
      invariant: 'I1',
      rule: 'stored_otherwise',
      evidence: { ...named(payment), field, asked, stored },
    });
  }
  return breaches;
}

/** @param requests of one key that no payment in the journal has */
export function lostAcceptance(requests: readonly ClientRequest[]): Breach[] {
  const accepted = requests.find((request) => request.accepted === true);
  if (accepted === undefined) return [];
  const { idempotencyKey, merchantOrderNo, paymentId, status, atMs } = accepted;
  return [
    {
      invariant: 'I1',
      rule: 'accepted_but_lost',
      evidence: { key: idempotencyKey, order_no: merchantOrderNo, payment: paymentId, status, at_ms: atMs },
    },
  ];
}
