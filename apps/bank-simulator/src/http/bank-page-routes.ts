/**
 * The gateway page as a website: a payer opens it and presses a button; a script posts `{"press":"pay"}` to the same
 * address. Pressing books first, then notifies the caller, then sends the payer back to the shop.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { ChargeRecord } from '../books/records';
import type { Channel } from '../bank/channel';
import { chargeState } from '../bank/inquire';
import { type Button, press } from '../bank/orders';
import type { Simulator } from '../bank/simulator';
import { bodyOf } from '../protocol/answer';
import { bankPage, languageOf } from './bank-page.html';
import { problem, PROBLEM_TYPE } from './problem';

/** A button press is a few bytes. */
const BODY_MAX_BYTES = 4_096;

interface PageRoute {
  Params: { channel: string; reference: string; token: string };
  Querystring: { lang?: string };
}
type PageRequest = FastifyRequest<PageRoute>;

export async function bankPageRoutes(scope: FastifyInstance, { simulator }: { simulator: Simulator }): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_MAX_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  scope.get<PageRoute>('/:channel/:reference/:token', (request, reply) => {
    const found = find(simulator, request);
    if (found === null) return notFound(reply);
    show(simulator, found, request, reply, 200);
  });
  scope.post<PageRoute>('/:channel/:reference/:token', (request, reply) => {
    const found = find(simulator, request);
    if (found === null) return notFound(reply);
    const byScript = (request.headers['content-type'] ?? '').includes('json');
    const button = pressed(request.body, byScript);
    if (button === null) {
      const detail = 'say which button: {"press": "pay"} or {"press": "cancel"} as JSON, or press=pay as a form';
      void reply
        .code(400)
        .type(PROBLEM_TYPE)
        .send(problem(400, 'invalid_button', detail));
      return;
    }
    const returnUrl = found.charge.page?.returnUrl ?? null;
    press(found.channel, found.charge.reference, button);
    // The payer, too, hears of it only when it is in the book.
    simulator.ledger.afterWrite(() => {
      const state = chargeState(found.channel, found.charge.reference);
      if (byScript) void reply.send({ ...bodyOf(state), return_url: returnUrl });
      else if (returnUrl !== null) {
        const target = new URL(returnUrl);
        target.searchParams.set('reference', found.charge.reference);
        target.searchParams.set('result', state.word);
        void reply.redirect(target.href, 303);
      } else show(simulator, found, request, reply, 200);
    });
  });
}

interface Found {
  readonly channel: Channel;
  readonly charge: ChargeRecord;
}

function find(simulator: Simulator, request: PageRequest): Found | null {
  const { channel: id, reference, token } = request.params;
  const channel = simulator.channels.get(id);
  const charge = channel?.records.charge(reference);
  if (channel === undefined || charge === undefined || !channel.isGateway) return null;
  const expected = Buffer.from(simulator.pageToken(id, reference));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected) ? { channel, charge } : null;
}

function show(simulator: Simulator, found: Found, request: PageRequest, reply: FastifyReply, status: number): void {
  const { channel } = found;
  const charge = channel.records.charge(found.charge.reference) ?? found.charge;
  const preset = simulator.preset(channel.id);
  const state = chargeState(channel, charge.reference);
  const { message, message_zh } = bodyOf(state);
  const page = bankPage({
    language: languageOf(request.query.lang, request.headers['accept-language']),
    bankEn: preset.nameEn,
    bankZh: preset.nameZh,
    reference: charge.reference,
    amountMinor: charge.amountMinor,
    currency: charge.currency,
    description: charge.page?.description ?? '',
    state: { ...state, fields: { ...state.fields, text_en: message, text_zh: message_zh } },
    expiresAt: charge.order === null ? null : new Date(charge.order.expiresAtMs).toISOString(),
    returnUrl: found.charge.page?.returnUrl ?? null,
  });
  void reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer') // the address is the key to the order
    .send(page);
}

function notFound(reply: FastifyReply): void {
  const detail = 'there is no such order at this bank; the address comes from the answer of /pay';
  void reply
    .code(404)
    .type(PROBLEM_TYPE)
    .send(problem(404, 'order_not_found', detail));
}

function pressed(body: unknown, asJson: boolean): Button | null {
  const text = typeof body === 'string' ? body : '';
  let button: unknown;
  if (asJson) {
    try {
      button = (JSON.parse(text) as { press?: unknown } | null)?.press;
    } catch {
      return null;
    }
  } else button = new URLSearchParams(text).get('press');
  return button === 'pay' || button === 'cancel' ? button : null;
}
