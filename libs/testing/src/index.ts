// Helpers for specs; never in a build.
export { createTestDatabase, type TestDatabase } from './test-database';
export { redisProgram } from './redis-program';
export { createTestRedis, type TestRedis } from './test-redis';
export { spawnProcess, type SpawnedProcess } from './spawned-process';
export { startProduct, type ProductProcess, type RunningProduct } from './running-product';
export * from './journal-fixtures';
export { describeConnectorConformance, ENFORCES_EVERYTHING } from './connector-conformance';
export type { BankBehaviour, BankEnforcement, ConformanceBench } from './connector-conformance-bench';
export { brokenPromises } from './connector-conformance-capabilities';
