/** Puts the sandbox into the database: merchants, keys, channels of the bank simulator, magic instruments. */
import { Command } from 'commander';
import { seedSandbox } from '#postgres';
import { required } from '../required-env';
import { exampleTokens, MERCHANT, OTHER_MERCHANT, sandboxSeed } from '../sandbox';

export function seedCommand(): Command {
  return new Command('seed')
    .description('put merchants, keys, simulated banks and magic instruments into the database; safe to repeat')
    .action(async () => {
      const keys = {
        merchant: required('SLUICE_SEED_MERCHANT_KEY', 'the API key of the sandbox merchant'),
        otherMerchant: required('SLUICE_SEED_OTHER_MERCHANT_KEY', 'the API key of the second merchant'),
        operator: required('SLUICE_SEED_OPERATOR_KEY', 'the API key of the operator'),
      };
      const bankUrl = required('BANK_SIMULATOR_URL', 'the base URL of the bank simulator');
      await seedSandbox(required('DATABASE_URL', 'the PostgreSQL to seed'), sandboxSeed(keys, bankUrl));
      const merchants = { merchant: { id: MERCHANT }, other_merchant: { id: OTHER_MERCHANT } };
      process.stdout.write(`${JSON.stringify({ tokens: exampleTokens(), merchants })}\n`);
    });
}
