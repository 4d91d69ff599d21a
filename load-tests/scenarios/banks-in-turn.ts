// Do payers with a second card arrive when banks fail in turn, as on Double 11 of 2012?
// They follow a suggestion with some probability, after human seconds.
import type { Options } from 'k6/options';
import { payInCrowd } from '../lib/crowd.ts';
import { setting } from '../lib/setting.ts';
import { crowdExecutors, readStage } from '../lib/stage.ts';

const stage = readStage('banks-in-turn');

export const options: Options = {
  scenarios: crowdExecutors(stage) as Options['scenarios'],
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
  userAgent: 'sluice-rehearsal',
};

export default function banksInTurn(): void {
  payInCrowd(stage);
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [setting.summaryFile]: JSON.stringify(data) };
}
