// The script of every rehearsal of congestion: who comes when stands in its stage; what a payer does stands here. Pays with the card at
// hand, waits, follows a suggestion with some probability after as long as people need to read one, comes back after a refusal or not.
import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { pay } from './checkout.ts';
import { chanceOf, drawn } from './chance.ts';
import { setting } from './setting.ts';
import { type Crowd, doorsOf, executorsOf, phaseAt, readPlan } from './stage.ts';

const doors = doorsOf(readPlan());

export const options: Options = {
  scenarios: executorsOf(doors) as Options['scenarios'],
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
  userAgent: 'sluice-rehearsal',
};

/** More than come through any door; keeps order numbers apart. */
const DOOR_MAX = 10_000_000;

/** `alternatives` of one payment. */
const CARDS_MAX = 7;

export default function payInCrowd(): void {
  const door = Number(__ENV['SLUICE_DOOR']);
  const n = door * DOOR_MAX + exec.scenario.iterationInTest;
  const random = chanceOf(setting.seed, n);
  const crowd = crowdOf(doors[door]!, random);
  const { payers } = crowd;
  const others = Object.entries(payers.other_cards).filter(([, share]) => random() < share);
  const [least, most] = payers.answer_ms;
  pay(
    setting,
    {
      orderNo: `${setting.run}-${n}`,
      key: `${setting.run}-key-${n}`,
      value: 100 + Math.floor(random() * 100_000),
      currency: 'CNY',
      token: tokenOf(crowd.channel),
      fate: 'ok',
      payer: `payer-${n}`,
    },
    {
      phase: phaseAt(crowd, Date.now() - exec.scenario.startTime),
      expiresAfterMs: payers.expires_after_ms,
      maxWaitMs: payers.max_wait_ms,
      comesBackForMs: payers.comes_back_for_ms,
      heedsRetryAfter: payers.heeds_retry_after,
      givesUpMs: payers.gives_up_ms,
      otherCards: others
        .flatMap(([channel]) => (channel === crowd.channel ? [] : [tokenOf(channel)]))
        .slice(0, CARDS_MAX),
      follows: random() < payers.follow_share,
      thinksForMs: least + random() * (most - least),
      streams: random() < payers.stream_share,
    },
  );
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [setting.summaryFile]: JSON.stringify(data) };
}

/** By their shares, which are the same in every phase. */
function crowdOf(crowds: readonly Crowd[], random: () => number): Crowd {
  const shares = Object.fromEntries(crowds.map(({ phases }, number) => [number, phases[0]!.rates[1]]));
  return crowds[Number(drawn(shares, random))]!;
}

/** Cards that work; a bank's page is passed by itself. */
function tokenOf(channel: string): string {
  const fate = channel.endsWith('.gateway') ? 'auto_pay' : 'ok';
  return `tok_${channel.replace('.', '_')}_${fate}`;
}
