/** Things that must never happen, each to be planted into books that are otherwise in order, with the invariant and the rule that must catch it. */
import type { InvariantId } from '../invariant';
import { arrival, charge, ending, NOON_MS, type RawBooks, request } from './healthy-books';

interface Tampering {
  readonly what: string;
  readonly caughtBy: InvariantId;
  readonly rule: string;
  readonly plant: (books: RawBooks) => void;
}

export const TAMPERINGS: readonly Tampering[] = [
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
