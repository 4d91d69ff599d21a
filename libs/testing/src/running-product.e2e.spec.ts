// The built product, started for a spec: every process can be killed and started again on its own.
import { createTestDatabase, createTestRedis, startProduct } from './index';

describe('a product started for a spec', () => {
  it('is ready, survives a kill -9 of each process, and leaves nothing behind', async () => {
    const [database, redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
    const product = await startProduct({ databaseUrl: database.url, redisUrl: redis.url });
    try {
      for (const name of ['worker', 'orchestrator', 'bank_simulator'] as const) {
        const before = product.pid(name);
        await product.kill(name);
        expect(product.pid(name)).toBeUndefined();
        await product.start(name);
        expect(product.pid(name)).not.toBe(before);
      }
      for (const url of Object.values(product.urls)) {
        expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      }
    } finally {
      await product.end();
      await database.drop();
    }
    await expect(fetch(product.urls.api)).rejects.toThrow();
  });
});
