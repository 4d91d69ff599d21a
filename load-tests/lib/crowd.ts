// What a payer of a crowd does: pays with the card at hand, takes a refusal for an answer, and follows a suggestion with some
// probability after as long as people need to read one.
import exec from 'k6/execution';
import { pay } from './checkout.ts';
import { chanceOf } from './chance.ts';
import { setting } from './setting.ts';
import { phaseAt, type readStage } from './stage.ts';

/** More than any crowd of a rehearsal; keeps order numbers of crowds apart. */
const CROWD_MAX = 10_000_000;

export function payInCrowd({ crowds, payers }: ReturnType<typeof readStage>): void {
  const number = Number(__ENV['SLUICE_CROWD']);
  const crowd = crowds[number]!;
  const n = number * CROWD_MAX + exec.scenario.iterationInTest;
  const random = chanceOf(setting.seed, n);
  const second = payers.second_cards.filter((channel) => channel !== crowd.channel);
  const card = second.length === 0 ? [] : [tokenOf(second[Math.floor(random() * second.length)]!)];
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
      comesBack: false,
      otherCards: card,
      follows: random() < payers.follow_share,
      thinksForMs: least + random() * (most - least),
    },
  );
}

function tokenOf(channel: string): string {
  return `tok_${channel.replace('.', '_')}_ok`;
}
