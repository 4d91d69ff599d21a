// Double 11 in numbers: two hundred channels, a tenth of the load until midnight, then 520,000 payments a second within a minute (Alipay's
// first minute of 2012 was ten times the one before; 544,000 orders a second is its record of 2019). Sizes fall as banks' do: the first
// ten carry half. How far each bank and contract fall short is drawn, since that is what differs from year to year.
import { seededRandom } from '../prng';
import type { CurvePoint } from '../scenarios/scenario';
import type { Plan, PlannedChannel } from './plan';

const CHANNELS = 200;
const PEAK_PER_SECOND = 520_000;
const CALM_SHARE = 0.1;
/** Bulk debits are a tenth of what payers ask for. */
const BULK_SHARE = 0.1;
const MIDNIGHT_S = 30;
const RAMP_S = 30;
const SECONDS = 120;

/** @param seed of what banks and contracts can do */
export function doubleEleven(seed: number): Plan {
  const random = seededRandom(seed, 'double eleven');
  const between = (from: number, to: number): number => from + (to - from) * random();
  const weights = Array.from({ length: CHANNELS }, (_, place) => 1 / (place + 2));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    name: 'double-eleven',
    about: {
      en: 'Two hundred channels and half a million payments a second at midnight.',
      'zh-CN': '两百个渠道，零点每秒五十万笔支付。',
    },
    seconds: SECONDS,
    countFromS: 10,
    channels: weights.map((weight, place): PlannedChannel => {
      const peak = (PEAK_PER_SECOND * weight) / whole;
      const perSecond = peak * between(0.7, 1.5);
      const roundTripMs = between(150, 400);
      const curve = (share: number): CurvePoint[] => [
        [0, peak * CALM_SHARE * share],
        [MIDNIGHT_S, peak * CALM_SHARE * share],
        [MIDNIGHT_S + RAMP_S, peak * share],
        [SECONDS, peak * share],
      ];
      const ratePerSecond = Math.round(perSecond * between(0.75, 1.3));
      return {
        id: `bank${String(place + 1).padStart(3, '0')}.quickpay`,
        bank: { perSecond, roundTripMs },
        limits: {
          ratePerSecond,
          burst: Math.ceil(ratePerSecond / 10),
          inFlightMax: Math.ceil(((perSecond * roundTripMs) / 1_000) * between(0.8, 2)),
          longestWaitMs: 2_000,
          timeoutMs: 5_000,
        },
        forecast: { paying: curve(1 - BULK_SHARE), bulk: curve(BULK_SHARE) },
      };
    }),
  };
}
