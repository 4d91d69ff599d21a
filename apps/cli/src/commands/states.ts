/** Draws the states of payments, attempts, refunds and reversals from the tables that the code and PostgreSQL go by. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { drawStates } from '#domain';

export function statesCommand(): Command {
  return new Command('states')
    .description('write docs/states.md from the tables of legal moves')
    .argument('[file]', 'where to', 'docs/states.md')
    .action((file: string) => writeFileSync(file, drawStates()));
}
