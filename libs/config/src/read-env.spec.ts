import { OrchestratorEnv, WorkerEnv } from './process-env';
import { EnvError, readEnv } from './read-env';

const good = {
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/sluice',
  REDIS_URL: 'redis://127.0.0.1:6379',
  BANK_SECRET: '0123456789abcdef',
};

describe('the environment', () => {
  it('is one object with numbers as numbers and the defaults filled in', () => {
    const env = readEnv(OrchestratorEnv, { ...good, PORT: '8080', SOMETHING_ELSE: 'x' });
    expect(env).toMatchObject({
      ...good,
      PORT: 8080,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      SLUICE_SITE: 'a',
      PUBLIC_URL: null,
    });
    expect(env).not.toHaveProperty('SOMETHING_ELSE');
    expect(readEnv(WorkerEnv, good).WORKER_PORT).toBe(3001);
  });

  it('names every variable that is missing, and says what to set', () => {
    expect(() => readEnv(OrchestratorEnv, {})).toThrow(EnvError);
    expect(() => readEnv(OrchestratorEnv, {})).toThrow(
      /DATABASE_URL is not set: .*postgres:\/\/user.*\n.*REDIS_URL is not set/,
    );
  });

  it.each([
    ['DATABASE_URL', 'mysql://x'],
    ['REDIS_URL', '127.0.0.1:6379'],
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['BANK_SECRET', 'short'],
    ['PUBLIC_URL', 'pay.example.com'],
    ['HOST', 'a b'],
    ['SLUICE_WEBHOOK_ALLOW_PRIVATE', 'yes'],
    ['SLUICE_CLIENT_PER_SECOND', '0'],
    ['SLUICE_CLIENT_PER_SECOND', 'many'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => readEnv(OrchestratorEnv, { ...good, [name]: value })).toThrow(new RegExp(`${name} is not usable: `));
  });

  it('keeps webhooks to public addresses unless told otherwise', () => {
    expect(readEnv(WorkerEnv, good).SLUICE_WEBHOOK_ALLOW_PRIVATE).toBe(false);
    const env = readEnv(WorkerEnv, { ...good, SLUICE_WEBHOOK_ALLOW_PRIVATE: 'true' });
    expect(env.SLUICE_WEBHOOK_ALLOW_PRIVATE).toBe(true);
  });

  it('counts an empty value as not set', () => {
    expect(readEnv(OrchestratorEnv, { ...good, PORT: '' }).PORT).toBe(3000);
  });
});
