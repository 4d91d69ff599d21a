/** Bugs that lose, forget or misreport: in the journal, in answers to shops, in webhooks, in the chain of what people did. */
import { inLib, orders, type PlantedBug } from './planted-bug';

const ACCEPT = 'dispatch/src/accept-payment.js';
const DELIVERIES = 'postgres/src/statements/webhook-deliveries.js';

export const BOOK_BUGS: readonly PlantedBug[] = [
  {
    name: 'answered-before-commit',
    what: 'shops are answered from memory, the journal is written a moment later',
    caughtBy: 'I1',
    rule: 'accepted_but_lost',
    patches: [
      inLib(
        'postgres/src/statements/accept.js',
        `const { rows } = await connection.run(ACCEPT, [JSON.stringify(drafts.map(inputOf))]);`,
        `const rows = drafts.map((_draft, ord) => ({ ord, accepted_at: Date.now() }));
            setTimeout(() => void connection.run(ACCEPT, [JSON.stringify(drafts.map(inputOf))]).catch(() => undefined), 400);`,
      ),
    ],
    scene: { orders: [orders('ok', 60)], deed: 'kill_orchestrator', waitS: 10 },
  },
  {
    name: 'refused-after-commit',
    what: 'what is committed is told as "not accepted" when the queue was slow',
    caughtBy: 'I1',
    rule: 'refused_but_stored',
    patches: [
      inLib(
        ACCEPT,
        `return { kind: 'accepted', payment, replayed: false };`,
        `if (draft.amount.value % 3 === 0) return { kind: 'refused', code: 'router_overloaded' };
        return { kind: 'accepted', payment, replayed: false };`,
      ),
    ],
    scene: { orders: [orders('ok', 9)], waitS: 10 },
  },
  {
    name: 'retry-refused',
    what: 'a retry under the same key is told that its order number is taken',
    caughtBy: 'I7',
    rule: 'refused_after_acceptance',
    patches: [
      inLib(
        ACCEPT,
        `if (payment.idempotencyKey !== command.idempotencyKey) {`,
        `if (payment.idempotencyKey === command.idempotencyKey) {`,
      ),
    ],
    scene: { orders: [orders('ok', 4, { repeats: true })], waitS: 10 },
  },
  {
    name: 'other-body-accepted',
    what: 'another body under a used key is answered with the first payment',
    caughtBy: 'I7',
    rule: 'other_body_not_refused',
    patches: [inLib(ACCEPT, `if (payment.fingerprint !== command.fingerprint) {`, `if (false) {`)],
    scene: { orders: [orders('ok', 4, { asksOtherwise: true })], waitS: 10 },
  },
  {
    name: 'unknown-forgotten',
    what: 'nobody asks the bank about an unknown any more',
    caughtBy: 'I3',
    rule: 'not_final',
    patches: [
      inLib(
        'dispatch/src/settle-attempt.js',
        `else if (transition.attempt?.state === 'unknown') {`,
        `else if (false) {`,
      ),
      inLib('dispatch/src/sweep.js', `case 'unknown':`, `case 'unknown': return; case 'never':`),
    ],
    scene: { orders: [orders('lost_answer', 3)], waitS: 5 },
  },
  {
    name: 'dead-worker-forgotten',
    what: 'nobody asks about a payment whose worker died before it had its answer',
    caughtBy: 'I3',
    rule: 'not_final',
    patches: [inLib('dispatch/src/sweep.js', `case 'processing':`, `case 'processing': return; case 'never':`)],
    scene: { orders: [orders('ok', 8)], env: { SLUICE_CRASH_AT: 'dispatch.committed:3' }, waitS: 12 },
  },
  {
    name: 'refund-forgotten',
    what: 'nobody carries refunds to their bank',
    caughtBy: 'I3',
    rule: 'refund_not_final',
    patches: [
      inLib(
        'postgres/src/refund-journal.js',
        `return this.query(refunds_1.TAKE_DUE_REFUNDS, [sharesInput(shares)]);`,
        `return shares.slice(shares.length);`,
      ),
    ],
    scene: { orders: [orders('ok', 3, { returnsHalf: true })], waitS: 4 },
  },
  {
    name: 'version-skips',
    what: 'a version is skipped, and the database lets it',
    caughtBy: 'I4',
    rule: 'history_gap',
    patches: [
      inLib(
        'postgres/src/statements/apply.js',
        `state = i.state, version = h.version + 1, updated_at`,
        `state = i.state, version = h.version + 2, updated_at`,
      ),
      {
        file: 'libs/postgres/src/migrations/0001-the-journal.sql',
        find: `when (new.version <> old.version + 1) execute function refuse_move();`,
        replace: `when (new.version <= old.version) execute function refuse_move();`,
      },
    ],
    scene: { orders: [orders('ok', 3)], waitS: 10 },
  },
  {
    name: 'move-without-event',
    what: 'a success moves its payment and leaves no event',
    caughtBy: 'I4',
    rule: 'head_is_not_last_event',
    patches: [
      inLib(
        'postgres/src/statements/apply.js',
        `coalesce(m.event_data, m.reason)\n  from moved m\n`,
        `coalesce(m.event_data, m.reason)\n  from moved m where m.state <> 'succeeded'\n`,
      ),
    ],
    scene: { orders: [orders('ok', 3)], waitS: 10 },
  },
  {
    name: 'webhook-left-out',
    what: 'receivers are not told when a payment is sent',
    caughtBy: 'I9',
    rule: 'webhook_missing',
    patches: [
      inLib(
        'postgres/src/statements/webhook-outbox.js',
        `where (select exists (select from webhook_endpoints where enabled)) and (`,
        `where (select exists (select from webhook_endpoints where enabled)) and n.type <> 'payment.processing' and (`,
      ),
    ],
    scene: { orders: [orders('ok', 5)], receiver: 'ok', waitS: 10, holdS: 1 },
  },
  {
    name: 'webhook-overtakes',
    what: 'news is delivered although older news of the same payment has failed',
    caughtBy: 'I9',
    rule: 'webhook_out_of_order',
    patches: [
      inLib(DELIVERIES, `p.version < d.version and p.state = 'pending'`, `p.version < d.version and p.state = 'never'`),
    ],
    scene: { orders: [orders('ok', 20)], receiver: 'flaky', waitS: 10, holdS: 8 },
  },
  {
    name: 'webhook-told-once',
    what: 'what a receiver did not take is not told again',
    caughtBy: 'I9',
    rule: 'webhook_missing',
    patches: [
      inLib(
        'policy/src/webhook-schedule.js',
        `return { kind: 'retry', afterMs:`,
        `return { kind: 'delivered', afterMs:`,
      ),
    ],
    scene: { orders: [orders('ok', 10)], receiver: 'flaky', waitS: 10, holdS: 1 },
  },
  {
    name: 'webhook-signed-otherwise',
    what: 'the signature is over other bytes than are sent',
    caughtBy: 'I9',
    rule: 'webhook_unsigned',
    patches: [
      inLib(
        'dispatch/src/deliver-webhook.js',
        `'webhook-signature': sign(delivery.secrets, id, nowMs, body),`,
        `'webhook-signature': sign(delivery.secrets, id, nowMs, \`\${body} \`),`,
      ),
    ],
    scene: { orders: [orders('ok', 3)], receiver: 'ok', waitS: 10, holdS: 1 },
  },
  {
    name: 'audit-chain-altered',
    what: 'what an operator did is stored otherwise than it was hashed',
    caughtBy: 'I13',
    rule: 'audit_chain_altered',
    patches: [
      inLib(
        'postgres/src/audit-chain.js',
        `JSON.stringify(facts), prevHash, link.hash]`,
        `JSON.stringify({ ...facts, about: 'something else' }), prevHash, link.hash]`,
      ),
    ],
    scene: { orders: [orders('wrong_amount', 1)], deed: 'propose_settlement', waitS: 10 },
  },
];
