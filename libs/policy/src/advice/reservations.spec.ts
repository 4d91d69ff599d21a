import * as fc from 'fast-check';
import type { ChannelId } from '#domain';
import { OFFER_WINDOW_MS, Reservations } from './reservations';

const ccb = 'ccb.quickpay' as ChannelId;
const boc = 'boc.quickpay' as ChannelId;
const channels = [ccb, boc, 'cmb.gateway' as ChannelId];
const budget = (units: number) => () => units;

describe('reservations', () => {
  it('hold an offer for as long as a payer takes to answer, and no longer', () => {
    const reservations = new Reservations();
    expect(reservations.offer('order-1', [ccb], budget(5), 0)).toMatchObject([{ channelId: ccb, rank: 0, units: 0.7 }]);
    expect(reservations.reservedOn(ccb, OFFER_WINDOW_MS - 1)).toBeCloseTo(0.7);
    expect(reservations.reservedOn(ccb, OFFER_WINDOW_MS)).toBe(0);
    expect(reservations.size).toBe(0);
  });

  it('offer nothing where there is no headroom, and the next channel instead', () => {
    const reservations = new Reservations();
    const room = (channelId: ChannelId) => (channelId === boc ? 1 : 0);
    expect(reservations.offer('order-1', [ccb, boc], room, 0)).toMatchObject([{ channelId: boc, rank: 0 }]);
    expect(reservations.offer('order-2', [ccb, boc], room, 0)).toEqual([]);
  });

  it('promise an order once, however often its cashier page asks', () => {
    const reservations = new Reservations();
    for (let ask = 0; ask < 50; ask += 1) reservations.offer('order-1', [ccb], budget(5), ask);
    expect(reservations.reservedOn(ccb, 50)).toBeCloseTo(0.7);
  });

  it('keep a whole unit for a taken offer until the controller has counted the payment, and free the others', () => {
    const reservations = new Reservations();
    reservations.offer('order-1', [ccb, boc], budget(5), 0);
    reservations.claim('order-1', boc, 1, 2_000);
    expect(reservations.reservedOn(ccb, 2_000)).toBe(0);
    expect(reservations.reservedOn(boc, 2_000)).toBe(1);
    expect(reservations.reservedOn(boc, 3_000)).toBe(0);
  });

  it('take an offer that another process made', () => {
    const reservations = new Reservations();
    reservations.claim('order-of-another-process', ccb, 0, 0);
    expect(reservations.reservedOn(ccb, 0)).toBe(1);
  });

  it('move a payment at once only into room that nobody was promised', () => {
    const reservations = new Reservations();
    reservations.offer('order-1', [ccb], budget(2), 0);
    expect(reservations.take(ccb, 2, 0)).toBe(true);
    expect(reservations.take(ccb, 2, 0)).toBe(false);
  });

  it('learn how likely an offer is taken, and offer more of those that nobody takes', () => {
    const reservations = new Reservations();
    for (let order = 0; order < 100; order += 1) reservations.offer(`${order}`, [ccb], budget(1_000), 0);
    reservations.reservedOn(ccb, OFFER_WINDOW_MS);
    expect(reservations.units(0)).toBeCloseTo((0.7 * 40) / 140);
  });

  it('are free again as soon as the payer pays otherwise', () => {
    const reservations = new Reservations();
    reservations.offer('order-1', [ccb, boc], budget(5), 0);
    reservations.decline('order-1');
    expect([ccb, boc].map((channelId) => reservations.reservedOn(channelId, 0))).toEqual([0, 0]);
    expect(reservations.units(0)).toBeCloseTo((0.7 * 40) / 41);
  });

  it('leave a merchant its part, however much another asks for', () => {
    const reservations = new Reservations();
    const offered = (merchant: string, order: number, nowMs: number) =>
      reservations.offer(`${merchant} ${order}`, [ccb], budget(14), nowMs, merchant).length;
    const count = (merchant: string, orders: number, nowMs: number) =>
      Array.from({ length: orders }, (_, order) => offered(merchant, nowMs * 1_000 + order, nowMs)).filter(Boolean)
        .length;
    expect(count('greedy', 1_000, 0)).toBe(20);
    expect(count('modest', 3, 5_000)).toBe(0);
    // The first offers end: now there are two who share, and each has half, to within one offer.
    count('greedy', 1_000, 10_000);
    const greedy = reservations.reservedOn(ccb, 10_000);
    expect(count('modest', 3, 10_000)).toBe(3);
    count('modest', 1_000, 10_001);
    const both = reservations.reservedOn(ccb, 10_001);
    for (const half of [greedy, both - greedy]) {
      expect(half).toBeLessThanOrEqual(7);
      expect(half).toBeGreaterThan(6);
    }
  });

  it('are bounded: with as many open orders as the window holds, nothing more is offered', () => {
    const reservations = new Reservations();
    for (let order = 0; order < 20_000; order += 1) reservations.offer(`${order}`, [ccb], budget(1e9), 0);
    expect(reservations.offer('one more', [ccb], budget(1e9), 0)).toEqual([]);
    expect(reservations.size).toBe(20_000);
  });

  it('never promise more than the budget, and are all free again when their time is over', () => {
    const step = fc.record({
      order: fc.integer({ min: 0, max: 20 }),
      what: fc.constantFrom('offer', 'claim', 'take', 'release'),
      afterMs: fc.integer({ min: 0, max: 3_000 }),
      budget: fc.double({ min: 0, max: 6, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const reservations = new Reservations();
        let nowMs = 0;
        for (const { order, what, afterMs, budget: units } of steps) {
          nowMs += afterMs;
          if (what === 'claim') reservations.claim(`${order}`, ccb, 0, nowMs);
          if (what === 'release') reservations.release(`${order}`);
          const before = channels.map((channelId) => reservations.reservedOn(channelId, nowMs));
          if (what === 'offer') reservations.offer(`${order}`, channels, budget(units), nowMs);
          if (what === 'take') reservations.take(boc, units, nowMs);
          channels.forEach((channelId, place) => {
            const held = reservations.reservedOn(channelId, nowMs);
            expect(held).toBeGreaterThanOrEqual(0);
            // What was promised under a larger budget stays promised; nothing is added above this one.
            expect(held).toBeLessThanOrEqual(Math.max(before[place]!, units) + 1e-6);
          });
        }
        const end = nowMs + OFFER_WINDOW_MS;
        for (const channelId of channels) expect(reservations.reservedOn(channelId, end)).toBe(0);
        expect(reservations.size).toBe(0);
      }),
    );
  });
});
