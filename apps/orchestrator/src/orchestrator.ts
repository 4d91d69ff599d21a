/** The running process: the module behind its HTTP server, its few timers, and its orderly end. */
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Connectors } from '#connectors';
import { SHED_TICK_MS } from '#policy';
import type { Postgres } from '#postgres';
import type { RedisLink } from '#queue';
import { type StopStep, systemClock } from '#runtime';
import { LIVE_EVERY_MS, LiveBoard } from './admin/live-board';
import { LiveRates } from './admin/live-rates';
import { ChannelBoard, LOOK_EVERY_MS } from './channels/channel-board';
import { AllowedMethods } from './http/allowed-methods';
import { LiveFlow } from './flow/live-flow';
import { ProblemAnswers } from './http/problem-answers';
import { ProblemFilter } from './http/problem.filter';
import { createAdapter, equip } from './http/server';
import { LoadShed } from './overload/load-shed';
import { OwnStrain } from './overload/own-strain';
import { type OrchestratorGiven, OrchestratorModule } from './orchestrator.module';
import { Readiness } from './service/readiness';
import { CONNECTORS, POSTGRES, REDIS } from './tokens';
import { ADVISE_EVERY_MS, AdviceWatch } from './suggestions/advice-watch';
import { DeadlineWheel, SLOT_MS } from './watch/deadline-wheel';
import { OpenStreams } from './watch/open-streams';
import { PaymentWatch } from './watch/payment-watch';

export interface Orchestrator {
  /** Where it answers, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** How it ends, in order. */
  readonly stopSteps: readonly StopStep[];
}

/** Proxies close lines that are silent for a minute; four pings fit in it. */
const PING_EVERY_MS = 15_000;
/** How often watched payments that could not be read are tried again. */
const RETRY_READS_EVERY_MS = 1_000;
/** Requests under way are given this long at the end: a batch commit and its retries take 2 s, a slow reader more. */
const FINISH_REQUESTS_MS = 10_000;
/** How often connections that have become idle are closed while the server ends. */
const CLOSE_IDLE_EVERY_MS = 50;
/** Pools close in milliseconds where their servers answer; a server that is gone is not waited for. */
const CLOSE_POOLS_MS = 2_000;
/** At a drain streams come back to another process within this, spread so that they do not come together. */
const COME_BACK_MS = 1_000;

/** @throws Error where PostgreSQL cannot be used or the port is taken */
export async function startOrchestrator(given: OrchestratorGiven): Promise<Orchestrator> {
  const { env, log, meters, reached } = given;
  let rates: LiveRates | null = null;
  const answers = new ProblemAnswers(log, meters, Math.random, (code) => rates?.answered(code));
  const allowed = new AllowedMethods();
  const adapter = createAdapter(answers);
  // An error while wiring is thrown, not an exit of Nest's own: the caller says it in one sentence.
  const app = await NestFactory.create<NestFastifyApplication>(OrchestratorModule.with(given), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: false,
  });
  const readiness = app.get(Readiness);
  const watch = app.get(PaymentWatch);
  const streams = app.get(OpenStreams);
  const wheel = app.get(DeadlineWheel);
  const channelBoard = app.get(ChannelBoard);
  const adviceWatch = app.get(AdviceWatch);
  const board = app.get(LiveBoard);
  rates = app.get(LiveRates);
  const loadShed = app.get(LoadShed);
  equip(adapter, { allowed, readiness, loadShed, meters, reached });
  app.useGlobalFilters(new ProblemFilter(answers, allowed));
  meters.gauge('sluice_watchers', 'Readers waiting for payments, long-polls and streams together.', () => watch.size);
  meters.gauge(
    'sluice_long_polls',
    'Long-polls that have read their payment and wait for it to change.',
    () => wheel.size,
  );
  meters.gauge('sluice_event_streams', 'Open event streams.', () => streams.size);
  meters.gauge('sluice_channel_streams', 'Open streams of channels.', () => channelBoard.size);
  meters.gauge('sluice_live_streams', 'Open live streams of operators.', () => board.size);
  meters.gauge(
    'sluice_openness',
    'What this process lets in: 3 all, below 3 bulk yields, below 2 paying, below 1 reads.',
    () => loadShed.openness,
  );
  const timers = [
    // After the timers of the turn, so that Node's own sample of a block is there when it is looked at.
    setInterval(() => setImmediate(() => loadShed.tick()), SHED_TICK_MS),
    setInterval(() => wheel.tick(systemClock.monotonicMs()), SLOT_MS),
    setInterval(() => streams.pingAll(), PING_EVERY_MS),
    setInterval(() => watch.retry(), RETRY_READS_EVERY_MS),
    setInterval(() => channelBoard.tick(), LOOK_EVERY_MS),
    setInterval(() => void adviceWatch.look(), ADVISE_EVERY_MS),
    setInterval(() => void (board.size > 0 && board.tick()), LIVE_EVERY_MS),
  ];
  await app.listen(env.PORT, env.HOST);
  const url = await app.getUrl();

  const stopSteps: StopStep[] = [
    {
      name: 'waiting readers',
      boundMs: 1_000,
      stop: () => {
        readiness.drain();
        for (const timer of timers) clearInterval(timer);
        app.get(OwnStrain).close();
        streams.leaveAll(() => Math.round(COME_BACK_MS * Math.random()));
        channelBoard.leaveAll(() => Math.round(COME_BACK_MS * Math.random()));
        board.leaveAll(() => Math.round(COME_BACK_MS * Math.random()));
        wheel.end();
      },
    },
    { name: 'requests under way', boundMs: FINISH_REQUESTS_MS, stop: () => closeServer(app) },
    {
      name: 'connections to banks, Redis and PostgreSQL',
      boundMs: CLOSE_POOLS_MS,
      stop: async () => {
        watch.close();
        app.get(LiveFlow).close();
        await app.get<Connectors>(CONNECTORS).close();
        app.get<RedisLink>(REDIS).close();
        await app.get<Postgres>(POSTGRES).close();
      },
    },
  ];
  return { url, stopSteps };
}

/**
 * Takes no more connections and finishes the requests under way. A connection that is kept alive becomes idle only when its last
 * answer is out, and Node looks for idle ones just once: so we look again until none is left.
 */
async function closeServer(app: NestFastifyApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  const closingIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS).unref();
  try {
    await app.close();
  } finally {
    clearInterval(closingIdle);
  }
}
