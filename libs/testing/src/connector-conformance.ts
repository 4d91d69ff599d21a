/**
 * What every connector must prove before it may carry money: against a real bank, over real sockets, and with the bank's own books as
 * the judge. A connector passes when it never calls an outcome by a better name than the bank's books bear out.
 *
 *     describeConnectorConformance('rest', async () => ({ connector, route, … }));
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import type { DeclineReason } from '#domain';
import type { Exchange, NotificationRequest } from '#dispatch';
import {
  AMOUNT,
  freshReference,
  IMPATIENT_MS,
  inquire,
  limits,
  pay,
  refund,
  reverse,
  untilClass,
} from './connector-conformance-bench';
import type { BankBehaviour, ConformanceBench } from './connector-conformance-bench';
import { CAPABILITY_CHECKS } from './connector-conformance-capabilities';

const DECLINES: readonly (readonly [BankBehaviour, 'hard' | 'soft', DeclineReason])[] = [
  ['insufficient_funds', 'hard', 'insufficient_funds'],
  ['do_not_honour', 'hard', 'other'],
  ['card_limit', 'hard', 'card_limit'],
  ['expired_card', 'hard', 'card_invalid'],
  ['invalid', 'hard', 'card_invalid'],
  ['issuer_down', 'soft', 'bank_unavailable'],
  ['malfunction', 'soft', 'bank_unavailable'],
  ['busy', 'soft', 'bank_unavailable'],
];

const CHARGED_WITHOUT_A_TRUSTWORTHY_ANSWER: readonly BankBehaviour[] = [
  'lost_answer',
  'half_open',
  'drip',
  'garbage',
  'huge',
  'http_500',
  'bad_signature',
  'unknown_word',
];

const LOST_BEFORE_THE_BANK_TOOK_IT: readonly BankBehaviour[] = ['lost_request', 'reset', 'http_502'];

/** The longest of these tests waits three processing times of its bench's bank, about 3 s; the rest of it is a slow machine. */
const TEST_TIMEOUT_MS = 30_000;

export function describeConnectorConformance(name: string, setUp: () => Promise<ConformanceBench>): void {
  describe(`the connector ${name}`, () => {
    let bench: ConformanceBench;
    beforeAll(async () => {
      bench = await setUp();
    }, TEST_TIMEOUT_MS);
    afterAll(() => bench?.close());
    beforeEach(() => bench.enforce(ENFORCES_EVERYTHING));

    describe('paying', () => {
      paying(() => bench);
    });
    describe('sending, or not', () => {
      sending(() => bench);
    });
    describe('giving money back', () => {
      givingBack(() => bench);
    });
    describe('what the bank tells on its own', () => {
      news(() => bench);
    });
    describe('its declared capabilities', () => {
      it.each(Object.keys(CAPABILITY_CHECKS))(
        '%s is what the bank enforces',
        async (capability) => {
          expect(await CAPABILITY_CHECKS[capability]?.(bench)).toBeNull();
        },
        TEST_TIMEOUT_MS,
      );
    });
    describe('bytes that no bank of good faith would send', () => {
      nonsense(() => bench);
    });
  });
}

/** A bank that keeps every promise, and decides late payments soon enough for a test. */
export const ENFORCES_EVERYTHING = {
  dedupes: true,
  refusesLate: true,
  cancelBlocksLatePay: true,
  softDeclineIsFinal: true,
  lateMs: 300,
  inquiryLagMs: 0,
} as const;

function paying(bench: () => ConformanceBench): void {
  it('a payment the bank booked is a success, with what it booked, and once in its books', async () => {
    const { reference, evidence } = await pay(bench(), 'ok');
    expect(evidence).toMatchObject({ class: 'succeeded', charge: { reference, amount: AMOUNT } });
    expect(await bench().charges(reference)).toBe(1);
    expect(await inquire(bench(), reference)).toEqual(evidence);
  });

  it.each(DECLINES)('%s is a %s decline: %s', async (behaviour, severity, reason) => {
    const { reference, evidence } = await pay(bench(), behaviour);
    expect(evidence).toMatchObject({ class: 'declined', severity, reason, reference });
    expect(await bench().charges(reference)).toBe(0);
  });

  it('a busy bank refused this message only, and remembers nothing of it', async () => {
    const { reference, evidence } = await pay(bench(), 'busy');
    expect(evidence).toMatchObject({ class: 'declined', ofThisMessageOnly: true });
    expect(await inquire(bench(), reference)).toEqual({ class: 'not_found' });
  });

  it.each(CHARGED_WITHOUT_A_TRUSTWORTHY_ANSWER)(
    '%s: charged, and unknown until an inquiry says so',
    async (behaviour) => {
      const { reference, evidence } = await pay(bench(), behaviour, { timeoutMs: IMPATIENT_MS });
      expect(evidence.class).toBe('unknown');
      const inquired = await untilClass(() => inquire(bench(), reference), 'succeeded');
      expect(inquired).toMatchObject({ class: 'succeeded', charge: { reference } });
      expect(await bench().charges(reference)).toBe(1);
    },
  );

  it.each(LOST_BEFORE_THE_BANK_TOOK_IT)(
    '%s: unknown, not found by an inquiry, and charged once when it is sent again',
    async (behaviour) => {
      const first = await pay(bench(), behaviour, { timeoutMs: IMPATIENT_MS });
      expect(first.evidence.class).toBe('unknown');
      expect(await inquire(bench(), first.reference)).toEqual({ class: 'not_found' });
      const again = await pay(bench(), behaviour, { reference: first.reference });
      expect(again.evidence.class).toBe('succeeded');
      expect(await bench().charges(first.reference)).toBe(1);
    },
  );

  it('a payment that the bank has not decided is unknown until it has', async () => {
    const { reference, evidence } = await pay(bench(), 'pending');
    expect(evidence.class).toBe('unknown');
    expect((await untilClass(() => inquire(bench(), reference), 'succeeded')).class).toBe('succeeded');
  });

  it.each<BankBehaviour>(['wrong_amount', 'wrong_currency', 'foreign_reference'])(
    '%s arrives as the bank wrote it, so that the policy can see it',
    async (behaviour) => {
      const { reference, evidence } = await pay(bench(), behaviour);
      if (evidence.class !== 'succeeded') throw new Error(`expected what the bank wrote, not ${evidence.class}`);
      const { amount } = evidence.charge;
      const differs = {
        wrong_amount: amount.value !== AMOUNT.value,
        wrong_currency: amount.currency !== AMOUNT.currency,
        foreign_reference: evidence.charge.reference !== reference,
      };
      expect(Object.entries(differs).filter(([, is]) => is)).toEqual([[behaviour, true]]);
    },
  );

  it('a gateway sends the payer to a page, and the outcome is learnt by inquiry', async () => {
    const { gateway } = bench();
    if (!gateway) return;
    const { reference, evidence } = await pay(bench(), 'auto_pay', { route: gateway });
    expect(evidence).toMatchObject({ class: 'action_required', reference });
    if (evidence.class !== 'action_required') return;
    expect(evidence.expiresAt).toBeGreaterThan(Date.now());
    expect((await untilClass(() => inquire(bench(), reference, gateway), 'succeeded')).class).toBe('succeeded');
  });

  it('the bank is there when it is', async () => {
    expect((await bench().connector.echo(bench().route, limits())).kind).toBe('answered');
    expect((await bench().connector.echo(bench().unreachable, limits())).kind).toBe('not_sent');
  });
}

function sending(bench: () => ConformanceBench): void {
  it('is not sent when nobody listens', async () => {
    const { evidence } = await pay(bench(), 'ok', { route: bench().unreachable });
    expect(evidence.class).toBe('not_sent');
  });

  it('is not sent, and the bank never hears of it, when it may not be sent at the last moment', async () => {
    const { reference, evidence } = await pay(bench(), 'ok', { maySend: () => false });
    expect(evidence.class).toBe('not_sent');
    expect(await bench().receipts('pay', reference)).toBe(0);
  });

  it('is sent once: an answer that never comes is not asked for twice', async () => {
    const { reference } = await pay(bench(), 'half_open', { timeoutMs: IMPATIENT_MS });
    expect(await bench().receipts('pay', reference)).toBe(1);
  });

  it('holds its deadline against an answer that drips', async () => {
    const { exchange } = await pay(bench(), 'drip', { timeoutMs: IMPATIENT_MS });
    expect(exchange).toMatchObject({ kind: 'no_answer', reason: 'deadline' });
  });

  it('never says "not sent" of what the bank received, and holds no more connections than it may', async () => {
    const attempts = Array.from({ length: bench().connectionsMax * 3 }, () =>
      pay(bench(), 'half_open', { timeoutMs: IMPATIENT_MS }),
    );
    const paid = await Promise.all(attempts);
    const sent = paid.filter((one) => one.evidence.class === 'unknown');
    const notSent = paid.filter((one) => one.evidence.class === 'not_sent');
    expect(sent.length + notSent.length).toBe(paid.length);
    expect(sent.length).toBeLessThanOrEqual(bench().connectionsMax);
    for (const { reference } of notSent) expect(await bench().receipts('pay', reference)).toBe(0);
  });
}

function givingBack(bench: () => ConformanceBench): void {
  it('a reversal of a charge is acknowledged, and the charge is undone', async () => {
    const { reference } = await pay(bench(), 'lost_answer', { timeoutMs: IMPATIENT_MS });
    expect(await reverse(bench(), reference)).toMatchObject({ class: 'acknowledged' });
    expect(await bench().charges(reference)).toBe(0);
  });

  it('a reversal that the bank will not do is refused, and the charge stands', async () => {
    const { reference } = await pay(bench(), 'reversal_reject', { timeoutMs: IMPATIENT_MS });
    expect(await reverse(bench(), reference)).toMatchObject({ class: 'refused' });
    expect(await bench().charges(reference)).toBe(1);
  });

  it('a reversal is unknown while the bank is busy, and done once when it is repeated', async () => {
    const { reference } = await pay(bench(), 'reversal_busy', { timeoutMs: IMPATIENT_MS });
    const undo = freshReference();
    const classes: string[] = [];
    for (let i = 0; i < 5; i += 1) classes.push((await reverse(bench(), reference, undo)).class);
    expect(classes).toEqual(['unknown', 'unknown', 'unknown', 'acknowledged', 'acknowledged']);
  });

  it('a refund is a success only when the bank gave the money back', async () => {
    const { reference } = await pay(bench(), 'ok');
    const given = await refund(bench(), reference, AMOUNT.value);
    expect(given.evidence).toMatchObject({
      class: 'succeeded',
      charge: { reference: given.reference, amount: AMOUNT },
    });
    const tooMuch = await refund(bench(), reference, 1);
    expect(tooMuch.evidence).toMatchObject({ class: 'declined', severity: 'hard' });
  });

  it('a refund that the bank refuses is declined', async () => {
    const { reference } = await pay(bench(), 'refund_reject');
    expect((await refund(bench(), reference, 100)).evidence).toMatchObject({ class: 'declined' });
  });

  it.each<BankBehaviour>(['refund_pending', 'refund_lost_answer'])(
    '%s: unknown until an inquiry says that it was given back',
    async (behaviour) => {
      const { connector, route } = bench();
      const paid = await pay(bench(), behaviour);
      const { reference, evidence } = await refund(bench(), paid.reference, 100, freshReference(), 1_000);
      expect(evidence.class).toBe('unknown');
      const ask = async () =>
        connector.classify('inquire_refund', await connector.inquireRefund(route, { reference }, limits()));
      expect((await untilClass(ask, 'succeeded')).class).toBe('succeeded');
    },
  );
}

function news(bench: () => ConformanceBench): void {
  let genuine: NotificationRequest;
  let reference = '';
  beforeAll(async () => {
    const received: NotificationRequest[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
        received.push({ path: request.url ?? '', headers, body: Buffer.concat(chunks) });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/news?site=a`;
    const paid = await pay(bench(), 'duplicate_notification', { notifyUrl });
    reference = paid.reference;
    await untilClass(
      async () => (received.length > 1 ? { class: 'not_found' } : { class: 'unknown', reason: 'waiting' }),
      'not_found',
    );
    server.closeAllConnections();
    server.close();
    const [first, second] = received;
    if (!first || !second) throw new Error('The bank sent no notification');
    genuine = first;
    expect(Buffer.from(second.body)).toEqual(Buffer.from(first.body));
  }, TEST_TIMEOUT_MS);

  const parse = (request: NotificationRequest, now = Date.now()) =>
    bench().connector.parseNotification(bench().route.channelId, request, now);

  it('is believed when it is genuine, and names the payment', () => {
    expect(parse(genuine)).toMatchObject({
      kind: 'parsed',
      notification: {
        reference,
        operation: 'pay',
        evidence: { class: 'succeeded', charge: { reference, amount: AMOUNT } },
      },
    });
  });

  it('is not believed with any one byte changed', () => {
    fc.assert(
      fc.property(fc.nat(genuine.body.length - 1), fc.integer({ min: 1, max: 255 }), (position, difference) => {
        const body = Uint8Array.from(genuine.body);
        body[position] = (body[position] ?? 0) ^ difference;
        return parse({ ...genuine, body }).kind === 'rejected';
      }),
    );
  });

  it('is not believed unsigned, at another address, or played again an hour later', () => {
    expect(parse({ ...genuine, headers: {} })).toMatchObject({ kind: 'rejected', reason: 'signature_invalid' });
    expect(parse({ ...genuine, path: '/elsewhere' })).toMatchObject({ kind: 'rejected', reason: 'signature_invalid' });
    expect(parse(genuine, Date.now() + 3_600_000)).toMatchObject({ kind: 'rejected', reason: 'stale' });
  });

  it('a day’s statement is complete and names the charge', async () => {
    const { connector, route } = bench();
    const paid = await pay(bench(), 'ok');
    const date = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const statement = await connector.fetchStatement(route, date, limits());
    if (statement.kind !== 'complete') throw new Error(statement.reason);
    const line = statement.lines.find((one) => one.reference === paid.reference);
    expect(line).toMatchObject({ operation: 'charge', amount: AMOUNT });
    expect((await connector.fetchStatement(bench().unreachable, date, limits())).kind).toBe('unusable');
  });
}

function nonsense(bench: () => ConformanceBench): void {
  const body = fc.oneof(fc.jsonValue(), fc.anything());
  const exchange: fc.Arbitrary<Exchange> = fc.record({
    kind: fc.constant('answered' as const),
    status: fc.integer({ min: 100, max: 599 }),
    body,
    elapsedMs: fc.nat(),
  });

  it('classifying never throws, and never finds a success that the bank did not spell out', () => {
    const { connector, saysSuccess } = bench();
    fc.assert(
      fc.property(exchange, fc.constantFrom('pay', 'inquire', 'refund', 'inquire_refund'), (said, operation) => {
        const evidence = connector.classify(operation, said);
        const undo = connector.classifyUndo(said);
        const success = evidence.class === 'succeeded' || undo.class === 'acknowledged';
        return !success || (said.kind === 'answered' && saysSuccess(said.body));
      }),
      { numRuns: 1_000 },
    );
  });

  it('no answer is unknown, and only what was not sent is not sent, whatever was asked', () => {
    const { connector } = bench();
    for (const operation of ['pay', 'inquire', 'refund', 'inquire_refund'] as const) {
      for (const reason of ['deadline', 'reset', 'too_large', 'signature_invalid', 'protocol_error'] as const) {
        expect(connector.classify(operation, { kind: 'no_answer', reason, elapsedMs: 1 }).class).toBe('unknown');
        expect(connector.classifyUndo({ kind: 'no_answer', reason, elapsedMs: 1 }).class).toBe('unknown');
      }
      const notSent = { kind: 'not_sent', reason: 'connect_failed', elapsedMs: 1 } as const;
      expect(connector.classify(operation, notSent).class).toBe('not_sent');
      expect(connector.classifyUndo(notSent).class).toBe('not_sent');
    }
  });

  it('reading a notification never throws, whoever wrote it', () => {
    const { connector, route } = bench();
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
    );
    const headers = fc.dictionary(
      fc.constantFrom('bank-key-id', 'bank-timestamp', 'bank-signature', '__proto__'),
      fc.oneof(fc.string(), fc.constantFrom('k1', String(Date.now()))),
    );
    fc.assert(
      fc.property(bytes, headers, fc.string(), (forged, signed, path) => {
        const request = { path, headers: signed, body: forged };
        return connector.parseNotification(route.channelId, request, Date.now()).kind === 'rejected';
      }),
    );
  });
}
