/**
 * What would the policy do? `npm run simulate`: scenarios in simulated time, under the functions that the live service runs, against what
 * others would do; with a verdict on each figure that has a goal. docs/simulation.md says how to write a scenario or a plan.
 */
import { Command } from 'commander';
import { BUILT_IN_SCENARIOS } from '#simulation';
import { parseSeed } from '../outcome';
import { parseJobs, parseSeeds, type SimulateOptions } from '../simulate/options';
import { replayTrace } from '../simulate/replay-trace';
import { simulate } from '../simulate/simulate';

/** The `simulate` command, to be added to the program. Sets the exit code: 0 only if `ok`. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('play scenarios in simulated time: Sluice beside other controls, as table, JSON and a page of plots')
    .argument(
      '[what]',
      'a scenario, a scenario file, limiter (one channel at a time), plan (Double 11 in counts), replay, or all',
    )
    .argument('[file]', 'after plan: a plan; after replay: a trace of the live controller')
    .option('--seed <n>', 'the first seed; without it one is chosen now and printed', parseSeed)
    .option('--seeds <k>', 'how many seeds, one run each: 3 for one scenario, 10 for limiter and all', parseSeeds)
    .option('--jobs <n>', 'play so many runs at a time; without it, one for each core', parseJobs)
    .option('--json <file>', 'write figures and details to this file')
    .option('--html <file>', 'write the page of plots to this file')
    .option('--pictures <folder>', 'write charts of each scenario into this folder, as SVG files for documents')
    .option('--list', 'list the scenarios')
    .addHelpText('after', '\nGoals and how they are measured: docs/simulation.md')
    .action(async (what: string | undefined, file: string | undefined, options: SimulateOptions) => {
      if (options.list === true) return list();
      if (what === undefined) throw new Error('say what to play: --list shows the scenarios, all plays everything');
      if (what === 'replay') process.exitCode = replayTrace(file, options) ? 0 : 1;
      else process.exitCode = (await simulate(what, file, options)) ? 0 : 1;
    });
}

function list(): void {
  const line = (name: string, words: string): void => void process.stdout.write(`${name.padEnd(20)}${words}\n`);
  for (const { name, about } of BUILT_IN_SCENARIOS) {
    line(name, about.en);
    line('', about['zh-CN']);
  }
  line('limiter', 'The limit of one channel by itself, on drawn banks: goodput, cuts, an hour.');
  line('', '单个渠道的限流器在随机银行上的表现：有效吞吐、骤降与恢复、一小时漂移。');
  line('plan', 'Double 11 in counts: what happens at midnight, and which limit to raise first.');
  line('', '按人群推演双十一零点：会发生什么，应先提高哪个限额。');
}
