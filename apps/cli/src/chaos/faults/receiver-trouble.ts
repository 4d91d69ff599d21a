/** The merchant's receiver of webhooks is down, slow, redirects or answers with errors: its own trouble, and nobody else's. */
import { setTimeout as sleep } from 'node:timers/promises';
import { between, type FaultKind, happened, notSeen, pick } from '../fault';

const MODES = ['down', 'slow', 'redirect', 'error', 'flaky'] as const;

const LOOK_EVERY_MS = 100;

export const receiverTrouble: FaultKind = {
  name: 'receiver-trouble',
  what: `the merchant's receiver of webhooks is in trouble (\`behaviour\`: ${MODES.join(', ')}) for \`for_s\` seconds`,
  draw: (atS, random) => ({
    fault: 'receiver-trouble',
    at_s: atS,
    for_s: between(2, 10, random),
    behaviour: pick(MODES, random),
  }),
  async inject({ behaviour = 'down', for_s: forS = 5 }, { receiver, loadEnds }) {
    const mode = MODES.find((known) => known === behaviour);
    if (mode === undefined) throw new Error(`${behaviour} is none of ${MODES.join(', ')}`);
    const before = receiver.refused + receiver.received;
    await receiver.treat(mode);
    await sleep(forS * 1_000);
    // While the workers are down nothing is delivered: then the trouble lasts until something meets it (chaos, random, seed 21).
    while (receiver.refused + receiver.received === before && !loadEnds.aborted) await sleep(LOOK_EVERY_MS);
    await receiver.treat('ok');
    const met = receiver.refused + receiver.received - before;
    return met > 0 ? happened(`${met} deliveries met a receiver that was ${mode}`) : notSeen('nothing was delivered');
  },
};
