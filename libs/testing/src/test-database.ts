// A fresh PostgreSQL database for one spec file, on the private server of the jest run.
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { serviceSetting } from './service-setting';

/** An empty database. */
export interface TestDatabase {
  /** Connection string. */
  readonly url: string;
  /** Removes it; connections that are still open are closed by the server. */
  drop(): Promise<void>;
}

/**
 * Makes an empty database with a name of its own.
 * @throws if the spec runs outside the `integration` and `e2e` projects
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = serviceSetting('TEST_DATABASE_URL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOn(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => runOn(server, `drop database if exists ${name} with (force)`),
  };
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
