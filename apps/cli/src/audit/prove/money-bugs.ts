/** Bugs that send, keep or give back money wrongly. */
import { inLib, orders, type Patch, type PlantedBug } from './planted-bug';

const WEIGH = 'policy/src/weigh-evidence.js';
const DISPATCH = 'dispatch/src/dispatch-payment.js';

/** An unknown that is written down as a plain no: alone a bug, and the way to a late success. */
const DECAYS: readonly Patch[] = [
  inLib(
    WEIGH,
    `const change = { leg: attempt.leg, state: 'unknown' };`,
    `const change = { leg: attempt.leg, state: 'declined' };`,
  ),
  inLib(
    WEIGH,
    `stays ? payment.head.state : 'unknown', 'payment.unknown', change`,
    `stays ? payment.head.state : 'failed', 'payment.failed', change`,
  ),
];

export const MONEY_BUGS: readonly PlantedBug[] = [
  {
    name: 'epoch-in-reference',
    what: 'the bank reference carries the epoch of its sender',
    caughtBy: 'I8',
    rule: 'no_attempt',
    patches: [
      inLib(
        DISPATCH,
        `reference: attempt.bankReference,`,
        `reference: attempt.bankReference.slice(2) + String(attempt.epoch).padStart(2, '0'),`,
      ),
    ],
    scene: { orders: [orders('ok', 10)], waitS: 4 },
  },
  {
    name: 'send-before-commit',
    what: 'the request leaves first, the attempt is committed when it has left',
    caughtBy: 'I8',
    rule: 'sent_before_commit',
    patches: [
      inLib(
        DISPATCH,
        `const commit = await journal.dispatch({`,
        `const asked = await journal.read(claim.paymentId);
        if (asked) await this.parts.connectorFor(entry.channel).pay({ channelId: claim.channelId, line: entry.lines[0] }, { reference: asked.head.bankReference, amount: asked.amount, bankToken: asked.instruments[0].bankToken, sendBy: Date.now() + 2_000, description: null, returnUrl: null, actionExpiresAt: asked.expiresAt, notifyUrl: null }, { timeoutMs: entry.limits.timeoutMs, maySend: () => true });
        const commit = await journal.dispatch({`,
      ),
    ],
    scene: { orders: [orders('ok', 10)], waitS: 10 },
  },
  {
    name: 'retry-on-timeout',
    what: 'a payment whose answer was lost goes back to its queue',
    caughtBy: 'I2',
    rule: 'charged_twice',
    patches: [
      inLib(
        WEIGH,
        `return unclear(payment, attempt, evidence.reason);`,
        `return notSent(payment, attempt, evidence.reason, ways, nowMs);`,
      ),
    ],
    scene: { orders: [orders('lost_answer', 3, { expiresInS: 8 })], waitS: 10 },
  },
  {
    name: 'resend-same-reference',
    what: 'a lost answer is followed by the same request again, at a bank that does not recognise it',
    caughtBy: 'I2',
    rule: 'charged_twice',
    patches: [
      inLib(
        DISPATCH,
        `const exchange = await connector.pay(`,
        `const send = (...call) => connector.pay(...call).then((first) => (first.kind === 'no_answer' ? connector.pay(...call) : first));
            const exchange = await send(`,
      ),
    ],
    scene: {
      orders: [orders('lost_answer', 5)],
      bank: { channel: 'icbc.quickpay', settings: { dedupes: false } },
      waitS: 10,
      holdS: 2,
    },
  },
  {
    name: 'fence-ignored',
    what: 'a payment goes to the next bank while the first has not said no',
    caughtBy: 'I2',
    rule: 'charged_twice',
    patches: [
      inLib(
        'dispatch/src/settle-attempt.js',
        `const maybe = evidence.class ===`,
        `const maybe = true || evidence.class ===`,
      ),
      inLib(
        WEIGH,
        `return unclear(payment, attempt, evidence.reason);`,
        `return chooseAgain(payment, { leg: attempt.leg, state: 'declined', declineReason: 'other' }, { code: 'unknown', why: evidence.reason }, ways.reroute, nowMs);`,
      ),
    ],
    scene: {
      orders: [
        orders('lost_answer', 5, { body: { alternatives: ['tok_ccb_quickpay_ok'], routing: { mode: 'reroute' } } }),
      ],
      waitS: 10,
    },
  },
  {
    name: 'unknown-decays',
    what: 'no answer is taken as a no',
    caughtBy: 'I5',
    rule: 'charged_but_not_succeeded',
    patches: DECAYS,
    scene: { orders: [orders('lost_answer', 5)], waitS: 10 },
  },
  {
    name: 'amount-not-compared',
    what: 'what the bank says it charged is not compared with what was asked',
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    patches: [inLib(WEIGH, `if (!(0, _domain_1.sameMoney)(evidence.charge.amount, payment.amount))`, `if (false)`)],
    scene: { orders: [orders('wrong_amount', 3)], waitS: 10 },
  },
  {
    name: 'pending-is-paid',
    what: 'a bank that is still working on it is believed to have charged',
    caughtBy: 'I5',
    rule: 'succeeded_but_not_charged',
    patches: [
      inLib(
        'connectors/src/rest/rest.words.js',
        `return unknown('pending');`,
        `return success({ ...answer, bank_transaction_id: 'none-yet' });`,
      ),
    ],
    scene: { orders: [orders('pending_reject', 3)], waitS: 10, holdS: 6 },
  },
  {
    name: 'notified-no-is-final',
    what: 'a notified no settles an attempt whose own answer died with its worker',
    caughtBy: 'I5',
    rule: 'charged_but_not_succeeded',
    patches: [
      inLib(WEIGH, `if (origin === 'notification' && (0, _domain_1.isOpenAttempt)(attempt.state))`, `if (false)`),
    ],
    scene: {
      orders: [orders('contradicting_notification', 8)],
      env: { SLUICE_CRASH_AT: 'dispatch.answered:2' },
      waitS: 15,
    },
  },
  {
    name: 'sent-is-called-not-sent',
    what: 'a connection that was lost after the request left is reported as "not sent"',
    caughtBy: 'I8',
    rule: 'sent_although_not_sent',
    patches: [
      inLib(
        'connectors/src/http/bank-call.js',
        `this.settle({ kind: 'no_answer', reason, elapsedMs: this.elapsedMs() });`,
        `this.settle({ kind: 'not_sent', reason: 'connect_failed', elapsedMs: this.elapsedMs() });`,
      ),
    ],
    scene: { orders: [orders('lost_answer', 3, { expiresInS: 8 })], waitS: 10 },
  },
  {
    name: 'other-card',
    what: "the last of the payer's cards is charged, whichever was chosen",
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    patches: [inLib(DISPATCH, `return listed.bankToken;`, `return payment.instruments.at(-1).bankToken;`)],
    scene: {
      orders: [orders('ok', 5, { body: { alternatives: ['tok_icbc_quickpay_late_notification'] } })],
      waitS: 10,
    },
  },
  {
    name: 'other-send-by',
    what: 'the bank is told a later last moment than the one that was committed',
    caughtBy: 'I8',
    rule: 'other_send_by',
    patches: [inLib(DISPATCH, `sendBy: attempt.sendBy,`, `sendBy: attempt.sendBy + 60_000,`)],
    scene: { orders: [orders('ok', 5)], waitS: 10 },
  },
  {
    name: 'late-success-dropped',
    what: 'a charge for a payment that has failed meanwhile is written down and not given back',
    caughtBy: 'I5',
    rule: 'charged_but_not_succeeded',
    patches: [...DECAYS, inLib(WEIGH, `giveBack: true,`, `giveBack: false,`)],
    scene: { orders: [orders('lost_answer_notified', 5)], waitS: 10, holdS: 3 },
  },
  {
    name: 'final-state-moves',
    what: 'a late success revives a failed payment, and the database lets it',
    caughtBy: 'I4',
    rule: 'illegal_move',
    patches: [
      ...DECAYS,
      inLib(
        WEIGH,
        `if (!(0, _domain_1.isFinal)(payment.head.state) && payment.head.keptLeg === null) {`,
        `if (payment.head.keptLeg === null) {`,
      ),
      inLib(
        'postgres/src/state-guards.js',
        `not in (\${legal.join(', ')}))`,
        `not in (\${legal.join(', ')}) and false)`,
      ),
    ],
    scene: { orders: [orders('lost_answer_notified', 5)], waitS: 10, holdS: 3 },
  },
  {
    name: 'reversal-never-sent',
    what: 'a reversal is believed done without the bank, and a success after it is not looked into',
    caughtBy: 'I5',
    rule: 'charged_but_not_succeeded',
    patches: [
      inLib(
        'dispatch/src/carry-reversal.js',
        `const evidence = connector.classifyUndo(exchange);`,
        `const evidence = { class: 'acknowledged', bankTransactionId: 'assumed', undoneMinor: 0 };`,
      ),
      inLib(
        'dispatch/src/carry-reversal.js',
        `const exchange = await connector.reverse(`,
        `const exchange = await ((..._call) => ({ kind: 'no_answer', reason: 'reset', elapsedMs: 0 }))(`,
      ),
      inLib(WEIGH, `return { ...stay(), doubtsReversal: true };`, `return stay();`),
    ],
    scene: {
      orders: [orders('pending', 3, { expiresInS: 7 })],
      bank: { channel: 'icbc.quickpay', settings: { late_ms: 9_000 } },
      waitS: 12,
      holdS: 11,
    },
  },
  {
    name: 'refund-outside-the-sum',
    what: "a refund is not added to its payment's sum",
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    patches: [
      inLib(
        'postgres/src/statements/refunds.js',
        `refunded_minor = h.refunded_minor + held.amount_minor`,
        `refunded_minor = h.refunded_minor`,
      ),
    ],
    scene: { orders: [orders('ok', 4, { returnsHalf: true })], waitS: 10 },
  },
  {
    name: 'refund-sent-anew',
    what: 'a refund whose answer was lost is sent again under a fresh reference',
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    patches: [
      inLib(
        'dispatch/src/carry-refund.js',
        `const exchange = await connector.refund(`,
        `const send = (route, ask, limits) => connector.refund(route, ask, limits).then((first) => (first.kind === 'no_answer' ? connector.refund(route, { ...ask, reference: ask.reference.slice(0, -1) + '0' }, limits) : first));
        const exchange = await send(`,
      ),
    ],
    scene: { orders: [orders('refund_lost_answer', 4, { returnsHalf: true })], waitS: 12 },
  },
  {
    name: 'captured-is-less',
    what: 'one fen less is written down than was charged',
    caughtBy: 'I5',
    rule: 'bank_says_otherwise',
    patches: [
      inLib(WEIGH, `capturedMinor: payment.amount.value }`, `capturedMinor: Math.max(1, payment.amount.value - 1) }`),
    ],
    scene: { orders: [orders('ok', 3)], waitS: 10 },
  },
];
