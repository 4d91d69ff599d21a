// Does goodput hold while a bank is offered .8, 2, 3 and 10 times what it can do?
// Payers do not come back: a refusal is an answer. Beside it a bank whose contract binds below its capacity.
import type { Options } from 'k6/options';
import { payInCrowd } from '../lib/crowd.ts';
import { setting } from '../lib/setting.ts';
import { crowdExecutors, readStage } from '../lib/stage.ts';

const stage = readStage('overload');

export const options: Options = {
  scenarios: crowdExecutors(stage) as Options['scenarios'],
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
  userAgent: 'sluice-rehearsal',
};

export default function overload(): void {
  payInCrowd(stage);
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [setting.summaryFile]: JSON.stringify(data) };
}
