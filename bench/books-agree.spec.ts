import { NO_BOOKS, booksSince, disagreements } from './books-agree.ts';
import { Tally } from './tally.ts';

function counted(changes: Partial<Tally>) {
  return Object.assign(new Tally(), changes).counts();
}
const paid = counted({ sent: 2, accepted: 2, succeeded: 2, succeededMinor: 300 });
const books = { accepted: 2, succeeded: 2, capturedMinor: 300, charges: 2, chargedMinor: 300, chargedTwice: 0 };

describe('the books after a load', () => {
  it('agree when client, journal and banks have seen the same money', () => {
    expect(disagreements([paid], books)).toEqual([]);
  });

  it('disagree over a payment that one of them does not have, and over a charge too many', () => {
    const rules = (changes: object) => disagreements([paid], { ...books, ...changes }).map(({ rule }) => rule);
    expect(rules({ charges: 3 })).toEqual(['client_journal_and_ledger_agree']);
    expect(rules({ capturedMinor: 299 })).toEqual(['client_journal_and_ledger_agree']);
    expect(rules({ chargedTwice: 1 })).toEqual(['client_journal_and_ledger_agree']);
  });

  it('are about what came since they were opened: what a journal was filled with was never at a bank', () => {
    const filled = { ...NO_BOOKS, accepted: 1_000, succeeded: 1_000, capturedMinor: 9_000 };
    const now = { ...books, accepted: 1_002, succeeded: 1_002, capturedMinor: 9_300 };
    expect(disagreements([paid], booksSince(filled, now))).toEqual([]);
  });

  it('do not count where more than one in a hundred was turned away', () => {
    const turnedAway = counted({ sent: 4, accepted: 2, refused: 2, succeeded: 2, succeededMinor: 300 });
    expect(disagreements([turnedAway], books).map(({ rule }) => rule)).toEqual(['refusals_are_rare']);
  });
});
