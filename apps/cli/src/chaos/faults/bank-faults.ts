/** What banks do to us: they lose answers, speak nonsense, go away. Through the simulator's control interface, so that its books stay true. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BankControl } from '../bank-control';
import { between, type FaultKind, happened, notSeen, pick } from '../fault';

/** Behaviours of a bank in trouble; all of them settle within seconds once the bank is well again. */
export const TROUBLES = [
  'lost_answer',
  'reset',
  'half_open',
  'drip',
  'garbage',
  'foreign_reference',
  'duplicate_notification',
  'late_success',
  'lost_request',
  'http_500',
  'http_502',
  'bad_signature',
  'unknown_word',
  'busy',
  'pending',
] as const;

const LOOK_EVERY_MS = 100;

const PATTERNS = ['*.quickpay', 'icbc.*', 'ccb.*', 'cmb.*', 'wallet.balance', '*'] as const;

export const bankTrouble: FaultKind = {
  name: 'bank-trouble',
  what: 'for `for_s` seconds half of the ordinary payments on `channel` (a pattern) meet `behaviour`',
  draw: (atS, random) => ({
    fault: 'bank-trouble',
    at_s: atS,
    for_s: between(2, 8, random),
    channel: pick(PATTERNS, random),
    behaviour: pick(TROUBLES, random),
  }),
  async inject({ channel = '*', behaviour = 'lost_answer', for_s: forS = 5 }, { banks, loadEnds }) {
    const channels = await banks.matching(channel);
    const before = total(await banks.said(channels));
    for (const id of channels) await banks.patch(id, { mix: { [behaviour]: 0.5 } });
    const calls = await metWithin(forS * 1_000, banks, channels, before, loadEnds);
    for (const id of channels) await banks.patch(id, { mix: {} });
    return calls > 0
      ? happened(`${calls} answers of ${channels.length} channels under ${behaviour}`)
      : notSeen(`nothing reached ${channel} meanwhile`);
  },
};

export const bankOutage: FaultKind = {
  name: 'bank-outage',
  what: '`channel` (a pattern) is closed for `for_s` seconds',
  draw: (atS, random) => ({
    fault: 'bank-outage',
    at_s: atS,
    for_s: between(2, 10, random),
    channel: pick(PATTERNS, random),
  }),
  async inject({ channel = 'ccb.*', for_s: forS = 8 }, { banks, loadEnds }) {
    const channels = await banks.matching(channel);
    const before = total(await banks.said(channels));
    for (const id of channels) await banks.patch(id, { maintenance: true });
    const refused = await metWithin(forS * 1_000, banks, channels, before, loadEnds);
    for (const id of channels) await banks.patch(id, { maintenance: null });
    return refused > 0
      ? happened(`${channels.length} channels were closed for ${forS} s and refused ${refused} messages`)
      : notSeen(`nothing reached ${channel} meanwhile`);
  },
};

/**
 * Counts what meets the trouble for so long, and while another fault keeps everybody from the banks until something does (chaos, random,
 * seed 48). A simulator that is killed meanwhile counts from nothing again (seed 198).
 */
async function metWithin(
  forMs: number,
  banks: BankControl,
  channels: readonly string[],
  before: number,
  loadEnds: AbortSignal,
): Promise<number> {
  const begun = performance.now();
  let [met, last] = [0, before];
  while (performance.now() - begun < forMs || (met === 0 && !loadEnds.aborted)) {
    await sleep(LOOK_EVERY_MS);
    const said = total(await banks.said(channels));
    met += said < last ? said : said - last;
    last = said;
  }
  return met;
}

function total(said: ReadonlyMap<string, number>): number {
  return [...said.values()].reduce((sum, count) => sum + count, 0);
}
