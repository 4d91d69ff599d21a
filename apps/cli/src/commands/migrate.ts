/** Brings the database to this version's schema. */
import { Command } from 'commander';
import { migrate } from '#postgres';
import { required } from '../required-env';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database at DATABASE_URL to the schema of this version')
    .action(async () => {
      const applied = await migrate(
        required('DATABASE_URL', 'the PostgreSQL to migrate, postgres://user:password@host/db'),
      );
      process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'the schema is up to date\n');
    });
}
