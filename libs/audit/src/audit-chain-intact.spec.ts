import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { AUDIT_CHAIN_START, type AuditLink, auditHash } from '#domain';
import { auditChainIntact } from './audit-chain-intact';

const sha256 = (text: string) => createHash('sha256').update(text).digest();

function chainOf(length: number): AuditLink[] {
  const links: AuditLink[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const act = { actor: 'operator:a', action: 'limits.changed', subject: `c${seq}`, reason: 'r', facts: { seq } };
    const open = { ...act, seq, at: 1_000 * seq, prevHash: links.at(-1)?.hash ?? AUDIT_CHAIN_START };
    links.push({ ...open, hash: auditHash(open, sha256) });
  }
  return links;
}
const rulesOf = async (links: AuditLink[], anchor: { seq: number; hash: string } | null = null) =>
  (await auditChainIntact({ links, anchor, sha256 })).breaches.map(({ rule }) => rule);
const length = fc.integer({ min: 2, max: 12 });

describe('the audit chain', () => {
  it('that nobody touched is whole, and gives its end as the next anchor', async () => {
    await fc.assert(
      fc.asyncProperty(length, async (n) => {
        const links = chainOf(n);
        const { breaches, compared, head } = await auditChainIntact({ links, anchor: null, sha256 });
        expect({ breaches, compared, head }).toEqual({
          breaches: [],
          compared: n,
          head: { seq: n, hash: links[n - 1]!.hash },
        });
        for (const { seq, hash } of links) expect(await rulesOf(links, { seq, hash })).toEqual([]);
        expect(await rulesOf(links, { seq: 0, hash: AUDIT_CHAIN_START })).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('shows any link that was altered, and only that one', async () => {
    await fc.assert(
      fc.asyncProperty(
        length,
        fc.nat(),
        fc.constantFrom('actor', 'action', 'subject', 'reason'),
        async (n, at, field) => {
          const links = chainOf(n);
          links[at % n] = { ...links[at % n]!, [field]: 'another' };
          expect(await rulesOf(links)).toEqual(['audit_chain_altered']);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('shows a link that was altered and given a fitting hash: the next one does not follow', async () => {
    const links = chainOf(5);
    const altered = { ...links[2]!, reason: 'another' };
    links[2] = { ...altered, hash: auditHash(altered, sha256) };
    expect(await rulesOf(links)).toEqual(['audit_chain_broken']);
  });

  it('shows a link that was deleted', async () => {
    await fc.assert(
      fc.asyncProperty(length, fc.nat(), async (n, at) => {
        const links = chainOf(n);
        links.splice(at % (n - 1), 1);
        expect(await rulesOf(links)).toEqual(['audit_chain_gap']);
      }),
      { numRuns: 50 },
    );
  });

  it('shows links that changed places, whatever numbers they were given', async () => {
    const links = chainOf(5);
    const [second, third] = [links[1]!, links[2]!];
    expect((await rulesOf(links.with(1, third).with(2, second))).length).toBeGreaterThan(0);
    expect((await rulesOf(links.with(1, { ...third, seq: 2 }).with(2, { ...second, seq: 3 }))).length).toBeGreaterThan(
      0,
    );
  });

  it('shows a tail that was cut off, by the anchor only', async () => {
    const links = chainOf(6);
    const { seq, hash } = links[5]!;
    expect(await rulesOf(links.slice(0, 4))).toEqual([]);
    expect(await rulesOf(links.slice(0, 4), { seq, hash })).toEqual(['audit_chain_cut']);
    expect(await rulesOf([], { seq, hash })).toEqual(['audit_chain_cut']);
  });

  it('shows a chain that was written anew from some link on', async () => {
    const [links, other] = [chainOf(6), chainOf(6)];
    const { seq, hash } = links[4]!;
    let prevHash = other[2]!.hash;
    for (let at = 3; at < 6; at += 1) {
      const open = { ...other[at]!, reason: 'invented', prevHash };
      other[at] = { ...open, hash: auditHash(open, sha256) };
      prevHash = other[at]!.hash;
    }
    expect(await rulesOf(other)).toEqual([]);
    expect(await rulesOf(other, { seq, hash })).toEqual(['audit_chain_rewritten']);
  });
});
