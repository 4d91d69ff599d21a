import * as fc from 'fast-check';
import { askByCounts, askOneByOne } from './planned-door';
import { type Plan } from './plan';
import { runPlan } from './run-plan';

const aChannel = fc.record({
  perSecond: fc.integer({ min: 5, max: 120 }),
  roundTripMs: fc.integer({ min: 60, max: 800 }),
  ratePerSecond: fc.integer({ min: 5, max: 200 }),
  inFlightMax: fc.integer({ min: 1, max: 100 }),
  paying: fc.integer({ min: 0, max: 150 }),
  bulk: fc.integer({ min: 0, max: 60 }),
  jump: fc.integer({ min: 1, max: 10 }),
});
const aPlan = fc.array(aChannel, { minLength: 1, maxLength: 3 }).map((channels): Plan => {
  return {
    name: 'drawn',
    about: { en: 'x', 'zh-CN': 'x' },
    seconds: 8,
    countFromS: 0,
    channels: channels.map(({ perSecond, roundTripMs, ratePerSecond, inFlightMax, paying, bulk, jump }, place) => ({
      id: `bank${place}.quickpay`,
      bank: { perSecond, roundTripMs },
      limits: { ratePerSecond, burst: 5, inFlightMax, longestWaitMs: 2_000, timeoutMs: 5_000 },
      forecast: {
        paying: [
          [0, paying],
          [4, paying],
          [4, paying * jump],
        ],
        bulk: [[0, bulk]],
      },
    })),
  };
});

it('a plan stepped by counts is the plan stepped payment by payment', () => {
  fc.assert(
    fc.property(aPlan, (plan) => {
      expect(runPlan(plan, askByCounts)).toEqual(runPlan(plan, askOneByOne));
    }),
    { numRuns: 8 },
  );
});
