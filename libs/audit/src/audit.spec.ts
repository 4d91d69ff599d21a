// An audit that never finds anything proves nothing. Each case below plants one thing that must never happen into books that are
// otherwise in order, and names the invariant and the rule that must catch it.
import { audit } from './audit';
import type { InvariantId } from './invariant';
import {
  arrival,
  booksOf,
  charge,
  ending,
  healthyBooks,
  NOON_MS,
  type RawBooks,
  request,
} from './spec-kit/healthy-books';

const setting = { nowMs: NOON_MS + 120_000, banksDown: new Set<string>() };

interface Planted {
  readonly what: string;
  readonly caughtBy: InvariantId;
  readonly rule: string;
  readonly plant: (books: RawBooks) => void;
}

const PLANTED: readonly Planted[] = [
  {
    what: 'a ledger that came only in part',
    caughtBy: 'I0',
    rule: 'book_incomplete',
    plant: (books) => void (books.ledgerLinesExpected += 1),
  },
  {
    what: 'an accepted payment that is gone from the journal',
    caughtBy: 'I1',
    rule: 'accepted_but_lost',
    plant: (books) => void books.requests.push(request(9)),
  },
  {
    what: 'an amount that changed between the client and the journal',
    caughtBy: 'I1',
    rule: 'stored_otherwise',
    plant: (books) => void (books.requests[0]!.amountMinor = 99),
  },
  {
    what: 'a refusal that was carried out all the same',
    caughtBy: 'I1',
    rule: 'refused_but_stored',
    plant: (books) => void Object.assign(books.requests[3]!, { status: 503, accepted: false }),
  },
  {
    what: 'a second charge under the same reference (the bank does not dedupe, we sent again)',
    caughtBy: 'I2',
    rule: 'charged_twice',
    plant: (books) => void books.ledger.push(charge(5, 'REF1')),
  },
  {
    what: 'a second charge at another bank (rerouted without a fence)',
    caughtBy: 'I2',
    rule: 'charged_twice',
    plant: (books) => {
      books.attempts.push({ ...books.attempts[0]!, leg: 2, channelId: 'ccb.quickpay', bankReference: 'REF1B' });
      books.ledger.push(charge(5, 'REF1B', { channel: 'ccb.quickpay' }));
    },
  },
  {
    what: 'a payment that nobody looks after any more',
    caughtBy: 'I3',
    rule: 'not_final',
    plant: (books) => {
      Object.assign(books.payments[1]!.head, { state: 'processing', version: 2 });
      books.events.splice(5, 1);
      books.attempts[1]!.state = 'dispatched';
    },
  },
  {
    what: 'an event that is missing in a history',
    caughtBy: 'I4',
    rule: 'history_gap',
    plant: (books) => void books.events.splice(1, 1),
  },
  {
    what: 'a final state that moved',
    caughtBy: 'I4',
    rule: 'illegal_move',
    plant: (books) => {
      books.events.splice(6, 0, { ...books.events[5]!, version: 4, state: 'expired' });
      Object.assign(books.payments[1]!.head, { state: 'expired', version: 4 });
    },
  },
  {
    what: 'a head that was changed without an event',
    caughtBy: 'I4',
    rule: 'head_is_not_last_event',
    plant: (books) => void (books.payments[1]!.head.state = 'canceled'),
  },
  {
    what: 'two attempts that may both be at a bank',
    caughtBy: 'I4',
    rule: 'two_open_attempts',
    plant: (books) => {
      books.attempts[1]!.state = 'unknown';
      books.attempts.push({ ...books.attempts[1]!, leg: 2, bankReference: 'REF2B', state: 'dispatched' });
    },
  },
  {
    what: 'a success the bank knows nothing of',
    caughtBy: 'I5',
    rule: 'succeeded_but_not_charged',
    plant: (books) => void (books.ledger[0]!.result = 'REJECT'),
  },
  {
    what: 'a charge on a payment that was reported as failed',
    caughtBy: 'I5',
    rule: 'charged_but_not_succeeded',
    plant: (books) => void (books.ledger[1]!.result = 'OK'),
  },
  {
    what: 'a late success that was not given back',
    caughtBy: 'I5',
    rule: 'charged_but_not_succeeded',
    plant: (books) => {
      books.ledger.splice(3, 1);
      books.ledgerLinesExpected -= 1;
    },
  },
  {
    what: 'another amount at the bank than was asked',
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    plant: (books) => void (books.ledger[0]!.amountMinor = 101),
  },
  {
    what: "somebody else's card that was charged",
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    plant: (books) => void (books.ledger[0]!.instrument = 'bank-tok-of-another'),
  },
  {
    what: 'a bank whose own sum differs from the journal',
    caughtBy: 'I6',
    rule: 'totals_differ',
    plant: (books) => void (books.bankTotals[0]!.chargedMinor += 1),
  },
  {
    what: 'a repeated key that got a second payment',
    caughtBy: 'I7',
    rule: 'two_payments_for_one_key',
    plant: (books) => void (books.requests[1]!.paymentId = 'pay_99'),
  },
  {
    what: 'a retry that was told "not accepted" after an acceptance',
    caughtBy: 'I7',
    rule: 'refused_after_acceptance',
    plant: (books) => void Object.assign(books.requests[1]!, { status: 503, accepted: false, paymentId: null }),
  },
  {
    what: 'another body under a used key that was not refused',
    caughtBy: 'I7',
    rule: 'other_body_not_refused',
    plant: (books) => void (books.requests[1]!.bodyHash = 'another body'),
  },
  {
    what: 'a charge behind which no attempt stands',
    caughtBy: 'I8',
    rule: 'no_attempt',
    plant: (books) => void books.ledger.push(charge(5, 'REF-NOBODY', { result: 'REJECT' })),
  },
  {
    what: 'a request that reached the bank before its attempt was committed',
    caughtBy: 'I8',
    rule: 'sent_before_commit',
    plant: (books) => void (books.ledger[0]!.receivedAtMs = NOON_MS + 9),
  },
  {
    what: 'a send_by that is not the one committed',
    caughtBy: 'I8',
    rule: 'other_send_by',
    plant: (books) => void (books.ledger[0]!.sendByMs = NOON_MS + 60_000),
  },
  {
    what: 'an attempt that says "not sent" although the bank heard of it',
    caughtBy: 'I8',
    rule: 'sent_although_not_sent',
    plant: (books) => void (books.attempts[1]!.state = 'not_sent'),
  },
  {
    what: 'more payments in a second than the contract allows',
    caughtBy: 'I10',
    rule: 'rate_above_contract',
    plant: (books) => {
      for (let n = 0; n < 12; n += 1) books.receipts.push(arrival(5_000 + n * 80), ending(5_001 + n * 80));
    },
  },
  {
    what: 'more payments at a bank at once than its ceiling',
    caughtBy: 'I10',
    rule: 'in_flight_above_ceiling',
    plant: (books) => {
      for (let n = 0; n < 4; n += 1) books.receipts.push(arrival(5_000 + n * 1_000));
    },
  },
  {
    what: 'a refund that never came to an end',
    caughtBy: 'I3',
    rule: 'refund_not_final',
    plant: (books) => void (books.refunds[0]!.state = 'unknown'),
  },
  {
    what: 'a refund that the bank booked and the journal does not know',
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    plant: (books) =>
      void books.ledger.push({
        ...charge(5, 'BACK1'),
        operation: 'refund',
        originalReference: 'REF1',
        amountMinor: 40,
      }),
  },
  {
    what: 'an event that the receiver was never told of',
    caughtBy: 'I9',
    rule: 'webhook_missing',
    plant: (books) => void books.deliveries.splice(1, 1),
  },
  {
    what: 'a payment whose receiver was told nothing at all',
    caughtBy: 'I9',
    rule: 'webhook_missing',
    plant: (books) => void books.deliveries.splice(0, 3),
  },
  {
    what: 'news that overtook older news',
    caughtBy: 'I9',
    rule: 'webhook_out_of_order',
    plant: (books) => void books.deliveries.splice(1, 2, books.deliveries[2]!, books.deliveries[1]!),
  },
  {
    what: 'a last word to the receiver that is not what happened',
    caughtBy: 'I9',
    rule: 'webhook_says_otherwise',
    plant: (books) => void (books.deliveries[5]!.paymentState = 'succeeded'),
  },
  {
    what: 'a delivery that nobody takes up any more',
    caughtBy: 'I9',
    rule: 'webhook_overdue',
    plant: (books) => {
      books.deliveries.splice(2, 1);
      books.untold.push({ paymentId: 'pay_1', version: 3, dead: false, dueAtMs: NOON_MS });
    },
  },
  {
    what: 'news of a payment that there is not',
    caughtBy: 'I9',
    rule: 'webhook_of_nothing',
    plant: (books) => void books.deliveries.push({ ...books.deliveries[0]!, paymentId: 'pay_99' }),
  },
  {
    what: 'a delivery whose signature does not verify',
    caughtBy: 'I9',
    rule: 'webhook_unsigned',
    plant: (books) => void (books.deliveries[0]!.signatureOk = false),
  },
  {
    what: 'an act of an operator that was altered afterwards',
    caughtBy: 'I13',
    rule: 'audit_chain_altered',
    plant: (books) => void (books.auditLinks[2] = { ...books.auditLinks[2]!, reason: 'another' }),
  },
  {
    what: 'an act of an operator that was taken out',
    caughtBy: 'I13',
    rule: 'audit_chain_gap',
    plant: (books) => void books.auditLinks.splice(0, 1),
  },
  {
    what: 'the last acts of an operator cut off',
    caughtBy: 'I13',
    rule: 'audit_chain_cut',
    plant: (books) => void books.auditLinks.splice(1),
  },
];

describe('the money audit', () => {
  it('passes a day that is in order, its retries, its lost answers and its late success included', async () => {
    const report = await audit(booksOf(healthyBooks()), setting);
    expect(report.examples).toEqual([]);
    expect(report).toMatchObject({
      ok: true,
      payments: 3,
      ledgerLines: 4,
      clientRequests: 4,
      byStanding: { final: 3 },
    });
    for (const verdict of report.verdicts) expect(verdict).toMatchObject({ breaches: 0, notChecked: null });
  });

  it.each(PLANTED)('$caughtBy catches $what', async ({ caughtBy, rule, plant }) => {
    const books = healthyBooks();
    const linesBefore = books.ledger.length;
    plant(books);
    if (books.ledger.length > linesBefore) books.ledgerLinesExpected += books.ledger.length - linesBefore;
    const report = await audit(booksOf(books), setting);
    expect(report.ok).toBe(false);
    expect(report.examples).toContainEqual(expect.objectContaining({ invariant: caughtBy, rule }));
  });

  it('has a planted bug for every invariant', async () => {
    const report = await audit(booksOf(healthyBooks()), setting);
    expect(new Set(PLANTED.map(({ caughtBy }) => caughtBy))).toEqual(new Set(report.verdicts.map(({ id }) => id)));
  });

  it('allows a second with exactly the rate and the burst of the contract', async () => {
    const books = healthyBooks();
    books.receipts = Array.from({ length: 22 }, (_x, n) => Math.floor(n / 11) * 1_000 + (n % 11)).flatMap((afterMs) => [
      arrival(afterMs),
      ending(afterMs),
    ]);
    expect((await audit(booksOf(books), setting)).ok).toBe(true);
  });

  it('knows the card that a payer switched to, though it was not listed with the payment', async () => {
    const books = healthyBooks();
    Object.assign(books.attempts[0]!, { instrumentToken: 'tok_other', bankToken: 'bank-other' });
    books.ledger[0]!.instrument = 'bank-other';
    expect((await audit(booksOf(books), setting)).examples).toEqual([]);
    books.ledger[0]!.instrument = 'bank-tok';
    expect((await audit(booksOf(books), setting)).byRule).toEqual({ bank_says_otherwise: 1 });
  });

  it('counts what is at a bank anew when the bank begins anew', async () => {
    const books = healthyBooks();
    const started = books.receipts[0]!;
    books.receipts = [1, 2].flatMap((n) => [{ ...started }, arrival(n), arrival(n), arrival(n)]);
    expect((await audit(booksOf(books), setting)).ok).toBe(true);
  });

  it('lets a refund that is on its way be booked or not, and nothing between', async () => {
    const books = healthyBooks();
    books.payments[0]!.head.refundedMinor = 70;
    const refund = { ...books.refunds[0]!, id: 'ref_1', paymentId: 'pay_1', kind: 'merchant' as const };
    books.refunds.push({ ...refund, amountMinor: 30, state: 'dispatched' }, { ...refund, amountMinor: 40 });
    const back = { ...charge(5, 'BACK1'), operation: 'refund' as const, originalReference: 'REF1' };
    books.ledger.push({ ...back, amountMinor: 40 });
    books.ledgerLinesExpected += 1;
    const rules = async () => Object.keys((await audit(booksOf(books), setting)).byRule);
    expect(await rules()).not.toContain('bank_says_otherwise');
    books.ledger[4]!.amountMinor = 70;
    expect(await rules()).not.toContain('bank_says_otherwise');
    books.ledger[4]!.amountMinor = 50;
    expect(await rules()).toContain('bank_says_otherwise');
  });

  it('does not hold against us what is still to be told by plan, what was told twice, or what was told before the log began', async () => {
    const books = healthyBooks();
    books.deliveries.splice(2, 1, { ...books.deliveries[1]! });
    books.untold.push({ paymentId: 'pay_1', version: 3, dead: false, dueAtMs: setting.nowMs + 300_000 });
    books.payments[1]!.acceptedAtMs = NOON_MS - 1_000;
    books.deliveries = books.deliveries.filter(({ paymentId, version }) => paymentId !== 'pay_2' || version > 1);
    expect((await audit(booksOf(books), setting)).examples).toEqual([]);
  });

  it('counts every breach of a rule and shows the first ten', async () => {
    const books = healthyBooks();
    for (let n = 0; n < 25; n += 1) books.ledger.push(charge(10 + n, `NOBODY${n}`, { result: 'REJECT' }));
    books.ledgerLinesExpected = books.ledger.length;
    const report = await audit(booksOf(books), setting);
    expect(report.byRule).toEqual({ no_attempt: 25 });
    expect(report.examples).toHaveLength(10);
  });

  it('names an unknown apart while its bank is still down, and a payer who may still choose', async () => {
    const books = healthyBooks();
    Object.assign(books.payments[1]!.head, { state: 'unknown' });
    Object.assign(books.payments[1]!, { expiresAtMs: setting.nowMs + 1 });
    books.events[5]!.state = 'unknown';
    books.deliveries[5]!.paymentState = 'unknown';
    books.attempts[1]!.state = 'unknown';
    const down = await audit(booksOf(books), { ...setting, banksDown: new Set(['icbc.quickpay']) });
    expect(down).toMatchObject({ ok: true, byStanding: { bank_down: 1, late: 0 } });
    Object.assign(books.payments[1]!.head, { state: 'requires_payment_method' });
    books.events[5]!.state = 'requires_payment_method';
    books.deliveries[5]!.paymentState = 'requires_payment_method';
    books.attempts[1]!.state = 'declined';
    expect(await audit(booksOf(books), setting)).toMatchObject({ ok: true, byStanding: { waits_for_payer: 1 } });
  });

  it('lets a payer be at the bank until the page closes, and holds us to it from that very moment', async () => {
    const books = healthyBooks();
    Object.assign(books.payments[1]!.head, { state: 'requires_action' });
    books.events[5]!.state = 'requires_action';
    books.deliveries[5]!.paymentState = 'requires_action';
    Object.assign(books.attempts[1]!, { state: 'requires_action', actionExpiresAtMs: setting.nowMs + 1 });
    expect(await audit(booksOf(books), setting)).toMatchObject({ ok: true, byStanding: { waits_for_payer: 1 } });
    books.attempts[1]!.actionExpiresAtMs = setting.nowMs - 1;
    expect(await audit(booksOf(books), setting)).toMatchObject({ ok: false, byStanding: { late: 1 } });
  });

  it('says what it did not check rather than calling it good', async () => {
    const report = await audit(
      { ...booksOf(healthyBooks()), receipts: null, auditChain: null, clientRequests: null, deliveryLog: null },
      setting,
    );
    const notChecked = report.verdicts.filter((verdict) => verdict.notChecked !== null).map((verdict) => verdict.id);
    expect(notChecked).toEqual(['I1', 'I7', 'I9', 'I10', 'I13']);
  });
});
