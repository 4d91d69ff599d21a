// What does a site without Redis still do, at twice what the bank can?
// It is offered twice its capacity before, during and after.
import type { Options } from 'k6/options';
import { payInCrowd } from '../lib/crowd.ts';
import { setting } from '../lib/setting.ts';
import { crowdExecutors, readStage } from '../lib/stage.ts';

const stage = readStage('redis-gone');

export const options: Options = {
  scenarios: crowdExecutors(stage) as Options['scenarios'],
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
  userAgent: 'sluice-rehearsal',
};

export default function redisGone(): void {
  payInCrowd(stage);
}

export function handleSummary(data: unknown): Record<string, string> {
  return { [setting.summaryFile]: JSON.stringify(data) };
}
