import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { AUDIT_CHAIN_START, type AuditFacts, type AuditLink, auditHash, canonicalAuditLink } from './audit-chain';

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const LINK: Omit<AuditLink, 'hash'> = {
  seq: 1,
  at: 1_794_355_200_000,
  actor: 'operator:Li Wei',
  action: 'worklist.settled',
  subject: 'wrk_1',
  reason: 'the bank confirmed by telephone',
  facts: { kind: 'long', amount: 12_800 },
  prevHash: AUDIT_CHAIN_START,
};
/** JSON as PostgreSQL can hold it. */
const facts = fc
  .dictionary(
    fc.string({ minLength: 1 }),
    fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
  )
  .filter((value) => !Object.hasOwn(value, '__proto__')) as fc.Arbitrary<AuditFacts>;
const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, shuffled(inner)]),
  );
};

describe('a link of the audit chain', () => {
  it('has a hash that is fixed for ever: a change of this vector would break every stored chain', () => {
    expect(auditHash(LINK, sha256)).toBe('69b8f1c64581c99042d9ffb5748e10fe6e5e148e5c5eb4a5521e05d0223d2b6d');
  });

  it('has one form, whatever order its facts are stored in', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const stored = shuffled(JSON.parse(JSON.stringify(some))) as AuditFacts;
        return auditHash({ ...LINK, facts: some }, sha256) === auditHash({ ...LINK, facts: stored }, sha256);
      }),
    );
  });

  it('has another form when any of its parts is another, also where the texts run together', () => {
    const texts = fc.record({ actor: fc.string(), action: fc.string(), subject: fc.string(), reason: fc.string() });
    fc.assert(
      fc.property(texts, facts, texts, facts, (one, someFacts, other, otherFacts) => {
        const same =
          JSON.stringify(one) === JSON.stringify(other) &&
          canonicalAuditLink({ ...LINK, facts: someFacts }) === canonicalAuditLink({ ...LINK, facts: otherFacts });
        const a = canonicalAuditLink({ ...LINK, ...one, facts: someFacts });
        const b = canonicalAuditLink({ ...LINK, ...other, facts: otherFacts });
        return (a === b) === same;
      }),
    );
    const forms = [LINK, { ...LINK, seq: 2 }, { ...LINK, at: LINK.at + 1 }, { ...LINK, prevHash: 'f'.repeat(64) }];
    expect(new Set(forms.map(canonicalAuditLink)).size).toBe(forms.length);
  });

  it('refuses facts that would not come back as they went', () => {
    expect(() => auditHash({ ...LINK, facts: { rate: Number.NaN } }, sha256)).toThrow(/must be JSON/);
    expect(() => auditHash({ ...LINK, facts: { gone: undefined } as never }, sha256)).toThrow(/must be JSON/);
  });
});
