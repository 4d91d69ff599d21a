// How soon does an operator's change of limits act, while the bank is overloaded?
// The change is made with If-Match, and the answer says which workers act on it.
import type { Options } from 'k6/options';
import { payInCrowd } from '../lib/crowd.ts';
import { setting } from '../lib/setting.ts';
import { crowdExecutors, readStage } from '../lib/stage.ts';

const stage = readStage('limit-change');

export const options: Options = {
  scenarios: crowdExecutors(stage) as Options['scenarios'],
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
  userAgent: 'sluice-rehearsal',
};

export default function limitChange(): void {
  payInCrowd(stage);
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [setting.summaryFile]: JSON.stringify(data) };
}
