// How soon does the flow settle when a bank loses 60 % of its capacity, and when it has it back?
// Offered twice its capacity throughout.
import type { Options } from 'k6/options';
import { payInCrowd } from '../lib/crowd.ts';
import { setting } from '../lib/setting.ts';
import { crowdExecutors, readStage } from '../lib/stage.ts';

const stage = readStage('capacity-cut');

export const options: Options = {
  scenarios: crowdExecutors(stage) as Options['scenarios'],
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
  userAgent: 'sluice-rehearsal',
};

export default function capacityCut(): void {
  payInCrowd(stage);
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [setting.summaryFile]: JSON.stringify(data) };
}
