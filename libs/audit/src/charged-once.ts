/** I2: over all banks and references, at most one charge of a payment is left standing. Counted in the banks' books, not in ours. */
import type { Dossier } from './books';
import { type Breach, named } from './invariant';
import { lineEvidence, netCharges } from './net-charges';

export function chargedOnce({ payment, ledger }: Dossier): Breach[] {
  const standing = netCharges(ledger).filter((charge) => charge.keptMinor > 0);
  if (standing.length <= 1) return [];
  return [
    {
      invariant: 'I2',
      rule: 'charged_twice',
      evidence: { ...named(payment), charges: standing.map(({ line }) => lineEvidence(line)) },
    },
  ];
}
