/**
 * I9: whoever subscribed is told of everything that happens to a payment, in the order in which it happened, to the last: each version at
 * least once, no gap, first deliveries rising, the last one the payment's own state. Read from the receiver's log; the journal may only
 * say that something is still on its way, and for how long that is due.
 */
import type { Delivery, DeliveryLog, Dossier } from './books';
import { type AuditSetting, type Breach, named } from './invariant';

/** What is due is taken within seconds; a worker that died holding it keeps it for its lease, a minute. */
const OVERDUE_MS = 90_000;

export function toldInOrder(
  { payment, deliveries, untold }: Dossier,
  { sinceMs }: DeliveryLog,
  { nowMs }: AuditSetting,
): Breach[] {
  const { head } = payment;
  if (head === null) return [];
  const breaches: Breach[] = [];
  const breach = (rule: string, evidence: Record<string, unknown>): void => {
    breaches.push({ invariant: 'I9', rule, evidence: { ...named(payment), ...evidence } });
  };
  const first = new Set<number>();
  let highest = 0;
  for (const { version } of deliveries) {
    if (first.has(version)) continue;
    if (version < highest) breach('webhook_out_of_order', { after: highest, came: version });
    first.add(version);
    highest = Math.max(highest, version);
  }
  // Told before the subscription, or not at all: where the log began later, the sequence begins where it begins.
  const from = payment.acceptedAtMs >= sinceMs ? 1 : deliveries.length === 0 ? head.version + 1 : Math.min(...first);
  const excused = new Map(untold.map((one) => [one.version, one]));
  for (let version = from; version <= head.version; version += 1) {
    if (first.has(version)) continue;
    const left = excused.get(version);
    if (left === undefined) breach('webhook_missing', { version, of: head.version });
    else if (!left.dead && nowMs - left.dueAtMs > OVERDUE_MS)
      breach('webhook_overdue', { version, due_at_ms: left.dueAtMs });
  }
  for (const version of first) if (version > head.version) breach('webhook_of_nothing', { version, of: head.version });
  // What came with an event is the payment as it was then or later: of its own last version it is what the journal says.
  const last = deliveries.find(({ paymentVersion }) => paymentVersion === head.version);
  if (last !== undefined && last.paymentState !== head.state)
    breach('webhook_says_otherwise', { told: last.paymentState, state: head.state, version: head.version });
  return breaches;
}

/** @returns a breach where a delivery carried no signature that its receiver could verify */
export function signedDelivery({ paymentId, version, signatureOk }: Delivery): Breach[] {
  if (signatureOk !== false) return [];
  return [{ invariant: 'I9', rule: 'webhook_unsigned', evidence: { payment: paymentId, version } }];
}

/** A delivery about a payment that the journal does not have. */
export function strayDelivery({ paymentId, version, webhookId }: Delivery): Breach[] {
  return [
    { invariant: 'I9', rule: 'webhook_of_nothing', evidence: { payment: paymentId, version, webhook: webhookId } },
  ];
}
