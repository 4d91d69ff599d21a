// Containers, `npm start`, tests and benchmarks run their databases with the same settings.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { postgresSettings } from './lib/postgres-settings.cjs';
import { redisSettings } from './lib/redis-server.cjs';

const compose = readFileSync(path.join(__dirname, '..', 'docker-compose.yml'), 'utf8');

describe('docker-compose.yml', () => {
  it('gives PostgreSQL every setting that npm start gives it, and no other', () => {
    const inCompose = [...compose.matchAll(/- -c(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
    expect(Object.fromEntries(inCompose)).toEqual(postgresSettings);
  });

  it('gives Redis the settings that npm start gives it', () => {
    const command = /\[redis-server, (.*)\]/.exec(compose)?.[1] ?? '';
    const words = command.split(', ').map((word) => word.replace(/^'(.*)'$/, '$1'));
    expect(words).toEqual(Object.entries(redisSettings).flatMap(([name, value]) => [`--${name}`, value]));
  });
});

describe('the settings of the journal', () => {
  it('never answer before the commit is on the disk', () => {
    expect(postgresSettings).toMatchObject({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  });
});
