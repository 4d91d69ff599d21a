import * as fc from 'fast-check';
import { type LaneFacts, limitLanes } from './limit-lanes';

const facts = (changes: Partial<LaneFacts> = {}): LaneFacts => ({
  inFlightMax: 100,
  adaptive: 40,
  limitReason: { code: 'limit_tracked' },
  permits: null,
  breaker: { state: 'closed', forMs: 0, reopensInMs: null, reason: { code: 'breaker_closed' } },
  back: null,
  heldByUnknown: 0,
  sends: true,
  asks: true,
  hold: null,
  ...changes,
});
const pay = (changes: Partial<LaneFacts> = {}) => limitLanes(facts(changes)).pay;

describe('how many calls may be under way', () => {
  it('is what the limiter found, the operator’s ceiling where that is lower, and each says so', () => {
    expect(pay()).toEqual({ configured: 100, adaptive: 40, effective: 40, reason: { code: 'limit_tracked' } });
    expect(pay({ inFlightMax: 25 })).toMatchObject({ effective: 25, reason: { code: 'operator_ceiling' } });
  });

  it('is less by the slots that unknown attempts hold, but never nothing: only a payment can show that the bank is back', () => {
    expect(pay({ heldByUnknown: 15 })).toMatchObject({ effective: 25, reason: { code: 'slots_held_by_unknown' } });
    expect(pay({ heldByUnknown: 500 }).effective).toBe(1);
  });

  it('is half at least once the bank is back, whatever its outage left unknown; calls lost since then count in full', () => {
    const back = { dead: 0 };
    // As seen: 58 held of a limit of 28, and one payment at a time to a bank in good health.
    expect(pay({ adaptive: 28, heldByUnknown: 58, back })).toMatchObject({
      effective: 14,
      reason: { code: 'slots_held_by_unknown', held: 14, limit: 28 },
    });
    expect(pay({ adaptive: 28, heldByUnknown: 5, back }).effective).toBe(23);
    expect(pay({ adaptive: 28, heldByUnknown: 58, back: { dead: 10 } }).effective).toBe(4);
    expect(pay({ adaptive: 28, heldByUnknown: 58, back: { dead: 58 } }).effective).toBe(1);
    expect(pay({ adaptive: 28, heldByUnknown: 5, back: { dead: 58 } }).effective).toBe(23);
  });

  it('is what the breaker lets through while it is not closed, and nothing while it is open', () => {
    const breaker = { state: 'half_open', forMs: 0, reopensInMs: null, reason: { code: 'breaker_probing' } } as const;
    expect(pay({ breaker, permits: 3 })).toMatchObject({ effective: 3, reason: { code: 'breaker_probing' } });
    expect(pay({ breaker, permits: 0 })).toMatchObject({ effective: 0, reason: { code: 'breaker_probing' } });
  });

  it('is nothing under an operator’s stop; the bank may still be asked, unless everything is', () => {
    const held = limitLanes(facts({ sends: false, hold: 'maintenance' }));
    expect(held.pay).toMatchObject({ effective: 0, reason: { code: 'held_by_operator', hold: 'maintenance' } });
    expect(held.inquiry.effective).toBe(10);
    expect(limitLanes(facts({ sends: false, asks: false, hold: 'kill' })).giving_back.effective).toBe(0);
  });

  it('is a whole number from 0 to the ceiling, whatever comes together', () => {
    const some = fc.record({
      inFlightMax: fc.integer({ min: 1, max: 5_000 }),
      adaptive: fc.integer({ min: 1, max: 5_000 }),
      permits: fc.option(fc.integer({ min: 0, max: 100 })),
      heldByUnknown: fc.integer({ min: 0, max: 6_000 }),
      back: fc.option(fc.record({ dead: fc.integer({ min: 0, max: 6_000 }) })),
      sends: fc.boolean(),
    });
    fc.assert(
      fc.property(some, (changes) => {
        const { effective } = pay(changes);
        expect(Number.isInteger(effective) && effective >= 0 && effective <= changes.inFlightMax).toBe(true);
      }),
    );
  });
});
