// An audit that never finds anything proves nothing: what must never happen is planted into books that are otherwise in order.
import { audit } from './audit';
import { arrival, booksOf, charge, ending, healthyBooks, NOON_MS } from './spec-kit/healthy-books';
import { TAMPERINGS } from './spec-kit/tamperings';

const setting = { nowMs: NOON_MS + 120_000, banksDown: new Set<string>() };

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

  it.each(TAMPERINGS)('$caughtBy catches $what', async ({ caughtBy, rule, plant }) => {
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
    expect(new Set(TAMPERINGS.map(({ caughtBy }) => caughtBy))).toEqual(new Set(report.verdicts.map(({ id }) => id)));
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
