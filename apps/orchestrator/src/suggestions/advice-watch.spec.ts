import { AdvisePayer, type ChannelEntry, type ChannelRegistry, type Clock } from '#dispatch';
import type { ChannelId, InstrumentToken, Payment } from '#domain';
import { Reservations, TOLD_EVERY_MS } from '#policy';
import { createSuggestionSeal } from '#runtime';
import { EXAMPLE_PAYMENT } from '../spec-kit/payment';
import { FULL, SLOW, SaidFlow } from '../spec-kit/flow';
import { EventStream } from '../watch/event-stream';
import { OpenStreams } from '../watch/open-streams';
import { AdviceWatch } from './advice-watch';

const ICBC = EXAMPLE_PAYMENT.instruments[0]!;
const CCB = { token: 'tok_ccb' as InstrumentToken, channelId: 'ccb.quickpay' as ChannelId, bankToken: 'x' };
const WAITING: Payment = {
  ...EXAMPLE_PAYMENT,
  instruments: [ICBC, CCB],
  expiresAt: EXAMPLE_PAYMENT.acceptedAt + 900_000,
};

/** Others came before: the payment has waited five seconds, and has as long to go. */
const BEHIND = { ...SLOW, backlog: 900 };

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function entryOf(id: ChannelId): ChannelEntry {
  const [bankId, product] = id.split('.') as [string, ChannelEntry['channel']['product']];
  const limits = {
    channelId: id,
    revision: 1,
    longestWaitMs: 2_000,
    timeoutMs: 1_000,
    amountMin: 1,
    amountMax: 1_000_000,
  };
  return {
    channel: { id, bankId, product, connector: 'rest', currencies: ['CNY'], enabled: true, feeBasisPoints: 0 },
    bank: { id: bankId, name: { 'zh-CN': bankId, en: bankId } },
    limits,
    order: null,
    announced: null,
  } as unknown as ChannelEntry;
}

function watching() {
  let nowMs = 0;
  const clock: Clock = { epochMs: () => EXAMPLE_PAYMENT.acceptedAt + nowMs, monotonicMs: () => nowMs };
  const flow = new SaidFlow(clock);
  flow.say();
  const entries = new Map([ICBC.channelId, CCB.channelId].map((id) => [id, entryOf(id)]));
  const channels = { get: (id) => entries.get(id) } as ChannelRegistry;
  const reservations = new Reservations();
  const seal = createSuggestionSeal(new Uint8Array(32));
  const advise = new AdvisePayer({ channels, flow: flow.door, reservations, seal, clock, random: () => 0.5 });
  const streams = new OpenStreams(1_000);
  let reads = 0;
  const journal = { triedInstruments: () => Promise.resolve((reads += 1) > 0 ? [ICBC.token] : []) };
  const nameOf = (id: ChannelId) => ({ bank: entries.get(id)!.bank, product: 'quickpay' as const });
  const watch = new AdviceWatch({ streams, advise, flow: flow.door, journal, nameOf, clock, log });
  const follow = (payment: Payment) => {
    const frames: string[] = [];
    const sink = { write: (text: string) => (frames.push(text), 0), end: () => undefined, destroy: () => undefined };
    const quiet = { events: () => Promise.resolve([]), read: () => Promise.resolve(null) };
    const stream = new EventStream(payment, payment.head.version, quiet, sink, log, () => undefined);
    streams.add(stream);
    const told = () => frames.filter((frame) => frame.startsWith('event: payment.suggestions')).map(dataOf);
    return { stream, told, gone: () => stream.gone() };
  };
  const look = async (afterMs: number) => {
    nowMs += afterMs;
    await watch.look();
  };
  return { flow, follow, look, reservations, reads: () => reads };
}
const dataOf = (frame: string) =>
  JSON.parse(/^data: (.*)$/m.exec(frame)![1]!) as { suggestions: object[]; queue: object | null };

describe('payers who wait', () => {
  it('are told once their wait gets worse, with what is quicker, and no sooner than they could have chosen', async () => {
    const { flow, follow, look } = watching();
    const { told } = follow(WAITING);
    await look(0);
    flow.say({ 'icbc.quickpay': BEHIND });
    await look(TOLD_EVERY_MS - 1);
    expect(told()).toEqual([]);
    flow.say({ 'icbc.quickpay': BEHIND });
    await look(1);
    expect(told()).toMatchObject([
      {
        payment: WAITING.id,
        queue: { ahead: expect.any(Number) },
        suggestions: [
          { id: expect.stringMatching(/^sug_/), kind: 'another_card', reason: { code: 'channel_congested' } },
          { id: null, kind: 'wait' },
        ],
      },
    ]);
    await look(TOLD_EVERY_MS);
    expect(told()).toHaveLength(1);
    flow.say({ 'icbc.quickpay': { level: 'closed', breaker: 'open' } });
    await look(0);
    expect(told()).toHaveLength(2);
  });

  it('are left alone while nothing gets worse, where they have no other card, and where they only want to wait', async () => {
    const { flow, follow, look } = watching();
    const alone = follow({ ...WAITING, instruments: [ICBC] });
    const patient = follow({ ...WAITING, routingMode: 'queue' });
    const well = follow(WAITING);
    await look(0);
    await look(TOLD_EVERY_MS);
    expect(well.told()).toEqual([]);
    flow.say({ 'icbc.quickpay': SLOW });
    await look(TOLD_EVERY_MS);
    expect([alone.told(), patient.told()]).toEqual([[], []]);
  });

  it('are told after a decline at once, and not of the card that was declined', async () => {
    const { follow, look, reads } = watching();
    const declined = {
      ...WAITING.head,
      state: 'requires_payment_method' as const,
      version: 3,
      reason: { code: 'declined' },
    };
    const { told } = follow({ ...WAITING, head: declined });
    await look(0);
    await look(1_000);
    expect(told()).toMatchObject([
      { queue: null, suggestions: [{ kind: 'another_card', reason: { code: 'declined' } }] },
    ]);
    expect([told()[0]!.suggestions, reads()]).toEqual([[expect.anything()], 1]);
  });

  it('who hang up are forgotten, and those a bank has got meanwhile hear nothing', async () => {
    const { flow, follow, look, reservations } = watching();
    const hung = follow(WAITING);
    const sent = follow(WAITING);
    await look(0);
    flow.say({ 'icbc.quickpay': FULL });
    hung.gone();
    sent.stream.changed({ ...WAITING, head: { ...WAITING.head, version: 2, state: 'processing' } });
    await look(TOLD_EVERY_MS);
    expect([hung.told(), sent.told(), reservations.size]).toEqual([[], [], 0]);
  });

  it('are told in turns where there are many', async () => {
    const { flow, follow, look } = watching();
    const many = Array.from({ length: 250 }, (_, n) => follow({ ...WAITING, merchantOrderNo: `order-${n}` }));
    await look(0);
    flow.say({ 'icbc.quickpay': SLOW });
    await look(TOLD_EVERY_MS);
    expect(many.filter(({ told }) => told().length === 1)).toHaveLength(200);
    await look(1_000);
    expect(many.filter(({ told }) => told().length === 1)).toHaveLength(250);
  });
});
