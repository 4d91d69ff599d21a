/** `node dist/apps/cli/src/main.js <command>`: what people and scripts run by hand. Each command explains itself with --help. */
import { Command } from 'commander';
import { auditCommand } from './commands/audit';
import { capacityCommand } from './commands/capacity';
import { chaosCommand } from './commands/chaos';
import { migrateCommand } from './commands/migrate';
import { reconcileCommand } from './commands/reconcile';
import { rehearseCommand } from './commands/rehearse';
import { seedCommand } from './commands/seed';
import { simulateCommand } from './commands/simulate';
import { statesCommand } from './commands/states';
import { webhookSinkCommand } from './commands/webhook-sink';

const program = new Command('sluice')
  .description('Sluice: carries payments to banks that can take them now')
  .addCommand(migrateCommand())
  .addCommand(seedCommand())
  .addCommand(capacityCommand())
  .addCommand(auditCommand())
  .addCommand(reconcileCommand())
  .addCommand(rehearseCommand())
  .addCommand(chaosCommand())
  .addCommand(simulateCommand())
  .addCommand(webhookSinkCommand())
  .addCommand(statesCommand());

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
