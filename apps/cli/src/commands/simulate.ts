/**
 * What would the policy do? `npm run simulate`: scenarios in simulated time, under the functions that the live service runs, against what
 * others would do; with a verdict on each figure that has a goal.
 */
import { Command } from 'commander';
import { BUILT_IN_SCENARIOS } from '#simulation';
import { parseSeed } from '../outcome';
import { parseSeeds, type SimulateOptions } from '../simulate/options';
import { simulate } from '../simulate/simulate';

/** The `simulate` command, to be added to the program. Sets the exit code: 0 only if `ok`. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('play scenarios in simulated time: Sluice beside other controls, as table, JSON and a page of plots')
    .argument('[what]', 'a scenario, a scenario file, or all')
    .option('--seed <n>', 'the first seed; without it one is chosen now and printed', parseSeed)
    .option('--seeds <k>', 'how many seeds, one run each: 3 for one scenario, 10 for all', parseSeeds)
    .option('--json <file>', 'write figures and details to this file')
    .option('--html <file>', 'write the page of plots to this file')
    .option('--list', 'list the scenarios')
    .action(async (what: string | undefined, options: SimulateOptions) => {
      if (options.list === true) return list();
      process.exitCode = (await simulate(what ?? 'all', options)) ? 0 : 1;
    });
}

function list(): void {
  for (const { name, about } of BUILT_IN_SCENARIOS) {
    process.stdout.write(`${name.padEnd(20)}${about.en}\n${''.padEnd(20)}${about['zh-CN']}\n`);
  }
}
