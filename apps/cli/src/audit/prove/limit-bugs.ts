/** Bugs that send a bank more than was agreed with it. */
import { inApp, inLib, type Orders, type Patch, type PlantedBug } from './planted-bug';

/** Narrow enough that a handful of payments exceeds it. */
const CONTRACT = { channel: 'psbc.quickpay', ratePerSecond: 5, burst: 1, inFlightMax: 2 };

/** Payers who wait as long as it takes. */
const patient = (fate: string, times: number): Orders => ({
  token: `tok_psbc_quickpay_${fate}`,
  times,
  body: { routing: { mode: 'queue', max_wait_ms: 20_000 } },
});

/** No ceiling anywhere: not in the permits, not in Redis, not in the connections to the bank. */
const NO_CEILING: readonly Patch[] = [
  inApp(
    'worker/src/flow/permits.js',
    `return sends && entry.channel.enabled ? this.pay(entry) : 0;`,
    `return sends && entry.channel.enabled ? 100 : 0;`,
  ),
  inLib(
    'queue/src/channel-valve.js',
    `const concurrency = Math.max(Math.floor(limit), 0);`,
    `const concurrency = 100;`,
  ),
  inApp('worker/src/worker.js', `channels.get(channelId)?.limits.inFlightMax ?? 1`, `100`),
];

export const LIMIT_BUGS: readonly PlantedBug[] = [
  {
    name: 'rate-ignored',
    what: 'payments are sent as they come, whatever rate the contract names',
    caughtBy: 'I10',
    rule: 'rate_above_contract',
    patches: [
      ...NO_CEILING,
      inApp(
        'worker/src/pace/channel-paces.js',
        `const share = this.parts.shareOf(channelId);`,
        `const share = { ratePerSecond: 10_000, burst: 10_000 };`,
      ),
    ],
    scene: { orders: [patient('ok', 20)], contract: CONTRACT, waitS: 20, holdS: 2 },
  },
  {
    name: 'ceiling-ignored',
    what: 'nothing bounds how many payments are at a bank at once',
    caughtBy: 'I10',
    rule: 'in_flight_above_ceiling',
    patches: NO_CEILING,
    scene: { orders: [patient('slow', 6)], contract: CONTRACT, waitS: 20, holdS: 2 },
  },
];
