/** Starts a bank simulator in this process: `main.ts` does it from the environment, tests with their own options. */
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Simulator, type SimulatorOptions } from './bank/simulator';
import { parseTimeline, TimelinePlayer } from './control/timeline';
import { bankPageRoutes } from './http/bank-page-routes';
import { bankRoutes } from './http/bank-routes';
import { ProblemFilter } from './http/problem';
import { SimulatorModule } from './simulator.module';

export interface BankSimulatorOptions extends SimulatorOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  /** Where payers reach the bank pages, if not where the simulator listens (behind a proxy, in a container). */
  readonly publicUrl?: string | undefined;
  /** A parsed timeline file, played from the start. */
  readonly timeline?: unknown;
}

export interface RunningBankSimulator {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly simulator: Simulator;
  /** Drains for a second at most, closes the books and the port. */
  close(): Promise<void>;
}

/** Idle connections live longer than any client's pool keeps them, ms, so that the client closes first and no request meets a closing socket. */
const KEEP_ALIVE_MS = 75_000;

/** @throws SettingsError for a bad timeline, Error if the data folder or the port is in use. */
export async function startBankSimulator(options: BankSimulatorOptions): Promise<RunningBankSimulator> {
  const simulator = await Simulator.open(options);
  try {
    return await serve(simulator, options);
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

async function serve(simulator: Simulator, options: BankSimulatorOptions): Promise<RunningBankSimulator> {
  const timeline =
    options.timeline === undefined ? null : parseTimeline(options.timeline, [...simulator.channels.keys()]);
  // forceCloseConnections: half-open and silent connections are part of the product and must not hold up its end.
  const adapter = new FastifyAdapter({ forceCloseConnections: true, keepAliveTimeout: KEEP_ALIVE_MS });
  const app = await NestFactory.create<NestFastifyApplication>(SimulatorModule.over(simulator), adapter, {
    logger: ['error', 'warn', 'fatal'],
  });
  app.useGlobalFilters(new ProblemFilter());
  const server: FastifyInstance = adapter.getInstance<FastifyInstance>();
  await server.register(bankRoutes, { prefix: '/banks', simulator });
  await server.register(bankPageRoutes, { prefix: '/bank-page', simulator });
  await app.listen(options.port, options.host);
  const { port } = server.server.address() as { port: number };
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const url = `http://${host}:${port}`;
  simulator.publicUrl = options.publicUrl ?? url;
  if (timeline !== null) app.get(TimelinePlayer).start(timeline);
  return { url, simulator, close: () => app.close() };
}
