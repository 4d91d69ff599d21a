/**
 * The banks' own addresses. Plain Fastify handlers on the adapter's instance, not Nest controllers: one core plays
 * seventeen banks under full load beside everything it tests, so a payment may cost the bank some 30 µs, and Nest's
 * pipeline alone takes 14 (notes in the benchmark page). Nest wires, starts and stops; the control API uses it in full.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Channel } from '../bank/channel';
import { inquire, inquireRefund } from '../bank/inquire';
import { pay } from '../bank/pay';
import type { Simulator } from '../bank/simulator';
import { refund, reverse } from '../bank/undo';
import { answer, type Answer, invalid, type Reply } from '../protocol/answer';
import { MessageError, parseMembers, parsePay, parseReference, parseRefund, parseReverse } from '../protocol/messages';
import { signatureProblem } from '../protocol/signature';
import { isBankDay, statementOf } from '../statement/statement';
import { type ReplyContext, sendSigned, signedReply } from './signed-reply';

/** Bytes of a request body: the protocol's promise; a payment message is under 1 KiB. */
const BODY_MAX_BYTES = 16_384;

type Operate = (channel: Channel, body: string, receivedMs: number, reply: Reply) => string;

/** Each reads its message, notes nothing, and returns the reference for the receipt. */
const OPERATIONS: Readonly<Record<string, Operate>> = {
  pay: (channel, body, receivedMs, reply) => {
    const message = parsePay(body);
    pay(channel, message, receivedMs, reply);
    return message.reference;
  },
  inquire: (channel, body, _receivedMs, reply) => {
    const reference = parseReference(body);
    inquire(channel, reference, reply);
    return reference;
  },
  reverse: (channel, body, receivedMs, reply) => {
    const message = parseReverse(body);
    reverse(channel, message, receivedMs, reply);
    return message.reference;
  },
  refund: (channel, body, receivedMs, reply) => {
    const message = parseRefund(body);
    refund(channel, message, receivedMs, reply);
    return message.reference;
  },
  'inquire-refund': (channel, body, _receivedMs, reply) => {
    const reference = parseReference(body);
    inquireRefund(channel, reference, reply);
    return reference;
  },
  echo: (channel, body, receivedMs, reply) => {
    const { nonce } = parseMembers(body);
    if (nonce !== undefined && (typeof nonce !== 'string' || nonce.length > 128)) {
      throw new MessageError('nonce must be text of at most 128 characters');
    }
    const time = new Date(receivedMs).toISOString();
    const here = answer('OK', '00', { channel: channel.id, time, ...(nonce === undefined ? {} : { nonce }) });
    reply.send(channel.closedAnswer() ?? here);
    return '';
  },
};

/** Registers `/banks/…` in a scope of its own, where bodies stay text: signatures are over exact bytes. */
export async function bankRoutes(scope: FastifyInstance, { simulator }: { simulator: Simulator }): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_MAX_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  scope.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode === 413 ? 413 : 400;
    const why = status === 413 ? `the body has more than ${BODY_MAX_BYTES} bytes` : error.message;
    replyTo(simulator, null, 'unreadable', request, reply).send(invalid(why, status));
  });
  scope.setNotFoundHandler((request, reply) => {
    replyTo(simulator, null, 'unknown', request, reply).send(
      invalid('there is no such operation; the protocol has pay, inquire, reverse, refund, inquire-refund, echo', 404),
    );
  });
  for (const [name, operate] of Object.entries(OPERATIONS)) {
    scope.post<{ Params: { channel: string } }>(`/:channel/${name}`, (request, reply) => {
      const receivedMs = Date.now();
      const body = typeof request.body === 'string' ? request.body : '';
      const channel = admit(simulator, name, body, receivedMs, request, reply);
      if (channel === null) return;
      const out = replyTo(simulator, channel, name, request, reply);
      let reference = '';
      try {
        reference = operate(channel, body, receivedMs, out);
      } catch (error) {
        if (!(error instanceof MessageError)) throw error;
        out.send(invalid(error.message));
      }
      simulator.receipts.note(receivedMs, channel.id, name, reference);
      // Of payments only: they hold the places that a contract counts. A response closes once, answered or abandoned.
      if (name === 'pay')
        reply.raw.once('close', () => simulator.receipts.noteEnd(Date.now(), channel.id, name, reference));
    });
  }
  scope.get<{ Params: { channel: string; day: string }; Querystring: { format?: string } }>(
    '/:channel/statements/:day',
    async (request, reply) => {
      const receivedMs = Date.now();
      const channel = admit(simulator, 'statements', '', receivedMs, request, reply);
      if (channel === null) return;
      const { day } = request.params;
      const format = request.query.format ?? 'csv';
      const out = replyTo(simulator, channel, 'statements', request, reply);
      simulator.receipts.note(receivedMs, channel.id, 'statements', '');
      if (!isBankDay(day)) return out.send(invalid('the day must read YYYY-MM-DD'));
      if (format !== 'csv' && format !== 'camt053') return out.send(invalid('format must be csv or camt053'));
      const { contentType, text } = await statementOf(simulator.ledger, channel.id, day, format, receivedMs);
      sendSigned(
        reply.raw,
        contextOf(simulator, request, () => {}),
        200,
        contentType,
        text,
      );
      channel.count('statements', 'OK');
    },
  );
}

/** Checks channel and signature; answers and returns null if one is wrong. */
function admit(
  simulator: Simulator,
  operation: string,
  body: string,
  nowMs: number,
  request: FastifyRequest<{ Params: { channel: string } }>,
  reply: FastifyReply,
): Channel | null {
  const channel = simulator.channels.get(request.params.channel) ?? null;
  const { headers, method } = request;
  const signed = {
    keyId: single(headers['bank-key-id']),
    timestamp: single(headers['bank-timestamp']),
    signature: single(headers['bank-signature']),
  };
  const problem = signatureProblem(simulator.secret, signed, method, request.raw.url ?? '', body, nowMs);
  if (problem !== null) {
    const denied: Answer = { ...answer('DENIED', '63'), message: problem };
    replyTo(simulator, channel, operation, request, reply).send(denied);
    return null;
  }
  if (channel === null) {
    replyTo(simulator, null, operation, request, reply).send(invalid('there is no such channel at this bank', 404));
  }
  return channel;
}

function replyTo(
  simulator: Simulator,
  channel: Channel | null,
  operation: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Reply {
  reply.hijack();
  return signedReply(
    reply.raw,
    contextOf(simulator, request, (what) => channel?.count(operation, what.word)),
  );
}

function contextOf(simulator: Simulator, request: FastifyRequest, onSent: (what: Answer) => void): ReplyContext {
  return {
    secret: simulator.secret,
    agenda: simulator.agenda,
    path: request.raw.url ?? '',
    requestSignature: single(request.headers['bank-signature']) ?? '',
    onSent,
  };
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
