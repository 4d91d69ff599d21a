/** `node dist/apps/cli/src/main.js <command>`: what people and scripts run by hand. Each command explains itself with --help. */
import { Command } from 'commander';
import { auditCommand } from './commands/audit';
import { capacityCommand } from './commands/capacity';
import { migrateCommand } from './commands/migrate';
import { rehearseCommand } from './commands/rehearse';
import { seedCommand } from './commands/seed';
import { webhookSinkCommand } from './commands/webhook-sink';

const program = new Command('sluice')
  .description('Sluice: carries payments to banks that can take them now')
  .addCommand(migrateCommand())
  .addCommand(seedCommand())
  .addCommand(capacityCommand())
  .addCommand(auditCommand())
  .addCommand(rehearseCommand())
  .addCommand(webhookSinkCommand());

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
