/**
 * I3: in bounded time every payment is final. Three things may take longer and are counted apart: a payer who has not chosen yet,
 * amounts that two persons must settle, and a bank that still does not answer about an unknown.
 */
import { isFinal, isSettledRefund } from '#domain';
import type { Dossier } from './books';
import { type AuditSetting, type Breach, named } from './invariant';

export type Standing = 'final' | 'waits_for_payer' | 'waits_for_person' | 'bank_down' | 'late';

/** Where a payment stands, and who is to move next if it is not final. `late`: we are. */
export function standingOf({ payment, attempts }: Dossier, setting: AuditSetting): Standing {
  const { head } = payment;
  if (head === null) return 'late';
  if (isFinal(head.state)) return 'final';
  const current = attempts.find((attempt) => attempt.leg === head.leg);
  if (current?.state === 'integrity_failure') return 'waits_for_person';
  switch (head.state) {
    case 'requires_payment_method':
      return payment.expiresAtMs > setting.nowMs ? 'waits_for_payer' : 'late';
    case 'requires_action':
      return (current?.actionExpiresAtMs ?? payment.expiresAtMs) > setting.nowMs ? 'waits_for_payer' : 'late';
    case 'unknown':
    case 'processing':
      return setting.banksDown.has(head.channelId) ? 'bank_down' : 'late';
    case 'queued':
      // An expired instruction is never sent, and a queued one expires: no bank is needed for that.
      return setting.banksDown.has(head.channelId) && payment.expiresAtMs > setting.nowMs ? 'bank_down' : 'late';
    case 'succeeded':
    case 'failed':
    case 'canceled':
    case 'expired':
      return 'final';
  }
}

export function oneFinalState(dossier: Dossier, setting: AuditSetting): Breach[] {
  return [...paymentIsFinal(dossier, setting), ...refundsAreFinal(dossier, setting)];
}

/** Money that goes back arrives in the same bounded time, unless its bank says nothing at all. */
function refundsAreFinal({ payment, refunds, attempts }: Dossier, { banksDown }: AuditSetting): Breach[] {
  return refunds.flatMap(({ id, kind, leg, state }) => {
    const channel = attempts.find((attempt) => attempt.leg === leg)?.channelId ?? '';
    if (isSettledRefund(state) || banksDown.has(channel)) return [];
    return [{ invariant: 'I3', rule: 'refund_not_final', evidence: { ...named(payment), refund: id, kind, state } }];
  });
}

function paymentIsFinal(dossier: Dossier, setting: AuditSetting): Breach[] {
  if (standingOf(dossier, setting) !== 'late') return [];
  const { payment, attempts } = dossier;
  const last = attempts.at(-1);
  return [
    {
      invariant: 'I3',
      rule: 'not_final',
      evidence: {
        ...named(payment),
        state: payment.head?.state ?? null,
        channel: payment.head?.channelId ?? null,
        age_ms: Math.round(setting.nowMs - payment.acceptedAtMs),
        attempt: last === undefined ? null : { leg: last.leg, state: last.state },
      },
    },
  ];
}
