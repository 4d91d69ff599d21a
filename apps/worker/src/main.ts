/** Entry of the worker's process: environment in, one log line when ready, in-flight calls ended after SIGTERM or SIGINT. */
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { WorkerEnv, readEnv } from '#config';
import { parseCrashPoint, stepProbe, stopOnSignals } from '#runtime';
import { createLog, createMeters } from '#telemetry';
import { showFlow } from './flow/flow-gauges';
import { HealthController, METERS, WORKER } from './health.controller';
import { DRAIN_MS, createWorker } from './worker';

/** Beyond the drain, the sweep under way and the closing of pools, ms. */
const STOP_MS = DRAIN_MS + 4_000;

async function main(): Promise<void> {
  const env = readEnv(WorkerEnv, process.env);
  const log = createLog({ process: 'worker', level: env.LOG_LEVEL });
  const meters = createMeters('worker', log);
  const reached = stepProbe(
    parseCrashPoint(env.SLUICE_CRASH_AT),
    parseCrashPoint(env.SLUICE_STOP_AT, 'SLUICE_STOP_AT'),
  );
  const worker = await createWorker(env, log, meters, reached);
  showFlow(meters, worker.flow);

  @Module({
    controllers: [HealthController],
    providers: [
      { provide: WORKER, useValue: worker },
      { provide: METERS, useValue: meters },
    ],
  })
  class WorkerModule {}

  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule,
    new FastifyAdapter({ forceCloseConnections: true }),
    { logger: ['error', 'warn', 'fatal'] },
  );
  await app.listen(env.WORKER_PORT, env.HOST);
  worker.start();
  log.info('ready', { url: await app.getUrl() });
  stopOnSignals(
    [
      {
        name: 'work in hand',
        boundMs: STOP_MS,
        stop: async () => {
          const left = await worker.stop();
          if (left > 0) log.warn('Stopped with calls under way; the sweeper of another worker finds them', { left });
        },
      },
      { name: 'health', boundMs: 1_000, stop: () => app.close() },
    ],
    log,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`The worker cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
