// Does everything work at all? Payments over all banks and every fate a card can have, at a rate the banks can take, each followed
// to its final state. An open model: payers come when they come, however slow the answers are.
import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { pay } from '../lib/checkout.ts';
import { orderOf } from '../lib/orders.ts';
import { setting } from '../lib/setting.ts';

export const options: Options = {
  scenarios: {
    smoke: {
      executor: 'constant-arrival-rate',
      rate: setting.ratePerSecond,
      timeUnit: '1s',
      // A second more than needed; arrivals beyond the last payment end at once, so that the count is exact.
      duration: `${Math.ceil(setting.payments / setting.ratePerSecond) + 1}s`,
      preAllocatedVUs: setting.payersReady,
      maxVUs: setting.payersMax,
      gracefulStop: `${setting.followSeconds + 70}s`,
    },
  },
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
  userAgent: 'sluice-rehearsal',
};

export default function smoke(): void {
  const n = exec.scenario.iterationInTest;
  if (n >= setting.payments) return;
  pay(setting, orderOf(setting.run, setting.seed, n));
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [setting.summaryFile]: JSON.stringify(data) };
}
