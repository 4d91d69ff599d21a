/**
 * The worker, put together: read top to bottom it is one payment's way from its queue to its bank and back into the journal.
 *
 *   queue ──▶ pump (permits) ──▶ DispatchPayment ──▶ connector ──▶ SettleAttempt ──▶ journal
 *                           └──▶ InquireAttempt ──▶ connector ──▶ SettleAttempt ──▶ journal
 *   journal ──▶ sweeper ──▶ queue (or, while Redis is gone, the pump)
 *   journal ──▶ give-back loop ──▶ CarryReversal, CarryRefund ──▶ connector ──▶ journal
 *   outbox ──▶ webhook deliverer ──▶ merchant's receiver
 *   every call ──▶ flow (what it was like) ──▶ controller ──▶ flow (what this worker may do) ──▶ permits
 */
import type { WorkerEnv } from '#config';
import { type Connectors, createConnectors } from '#connectors';
import { renderEvent, renderPayment } from '#contracts';
import {
  BeginReversal,
  type CallMeter,
  CarryRefund,
  CarryReversal,
  type Connector,
  DeliverWebhook,
  DispatchPayment,
  FindReroute,
  InquireAttempt,
  type Log,
  MeteredConnector,
  type Meters,
  SettleAttempt,
  type StepProbe,
  Sweep,
  type WorkQueue,
} from '#dispatch';
import type { Channel } from '#domain';
import { ChannelScores, RetryBudget } from '#policy';
import { type Postgres, createPostgres } from '#postgres';
import { BullJobSource, BullWorkQueue, RedisLink } from '#queue';
import { systemClock, systemNames } from '#runtime';
import { GiveBackLoop } from './care/give-back-loop';
import { CallSamples } from './flow/call-samples';
import { type Flow, createFlow } from './flow/flow';
import { journalShareOf } from './flow/journal-share';
import { HandsOnQueue } from './hands-on-queue';
import { JournalWatch } from './journal-watch';
import { ChannelPaces } from './pace/channel-paces';
import { rateShareOf } from './pace/rate-share';
import { Pump, type PumpJob } from './pump/pump';
import { Sweeper } from './sweeper';
import { HttpWebhookSender } from './webhooks/http-webhook-sender';
import { signWebhook } from './webhooks/sign-webhook';
import { WebhookDeliverer } from './webhooks/webhook-deliverer';

/** What the process starts, reports and stops. */
export interface Worker {
  readonly postgres: Postgres;
  readonly redis: RedisLink;
  readonly flow: Flow;
  start(): void;
  /** Takes no more work, ends what is in hand, closes everything. @returns jobs that were still in hand */
  stop(): Promise<number>;
}

/** Longer than the usual bank's deadline plus the commit of its outcome; an answer that comes later is found by an inquiry, ms. */
export const DRAIN_MS = 10_000;
/**
 * A killed worker's jobs count against the channel's shared limit until their locks have run out and were found: 10 s and two looks. A
 * worker that only stalls loses them as well, which is harmless: the journal lets one send.
 */
const LOCKS = { lockDurationMs: 10_000, stalledIntervalMs: 5_000 };
/** Most receivers answer at once; what is left is sent again by another worker, under the same id, ms. */
const WEBHOOK_DRAIN_MS = 2_000;

/** Of a bank that the controller has said nothing about yet: a usual one. */
const ROUND_TRIP_GUESS_MS = 300;

export async function createWorker(env: WorkerEnv, log: Log, meters: Meters, reached: StepProbe): Promise<Worker> {
  const workerId = `sluice-worker-${systemNames.dispatchToken().slice(0, 8)}`;
  const postgres = await createPostgres({
    databaseUrl: env.DATABASE_URL,
    // By this name the controller sees who is alive (dead-workers.ts).
    applicationName: workerId,
    site: env.SLUICE_SITE,
    log,
    monotonicMs: systemClock.monotonicMs,
  });
  const { channels, journal, refunds, reversals, worklist } = postgres;
  const redis = new RedisLink(env.REDIS_URL, 'sluice-worker');
  const source = new BullJobSource(redis, env.REDIS_URL, meters, LOCKS);
  const connectors = createConnectorsOf(env, postgres);
  const samples = new CallSamples(systemClock.monotonicMs);
  const connectorFor = meteredConnectors(connectors, samples);
  for (const { channel } of channels.all()) connectorFor(channel); // a channel nobody can speak to must stop the start, not a payment

  // The queue hands work to the pump directly while Redis is gone, and the pump works through the use cases, which need the queue.
  const queue: WorkQueue = new HandsOnQueue(new BullWorkQueue(redis, meters), (job) => pump.offer(job));
  const scores = new ChannelScores();
  const budget = new RetryBudget();
  const reroute = new FindReroute({ journal, channels, scores, budget, clock: systemClock, names: systemNames, log });
  const settle = new SettleAttempt({
    journal,
    reroute,
    worklist,
    reversals,
    queue,
    clock: systemClock,
    names: systemNames,
    log,
    meters,
  });
  const paces = new ChannelPaces({
    shareOf: (channelId) => rateShare(channelId),
    permitsOf: (channelId) => flow.permits.of('pay', channelId),
    roundTripMsOf: (channelId) => flow.followed.channel(channelId)?.wait.roundTripMs ?? ROUND_TRIP_GUESS_MS,
    monotonicMs: systemClock.monotonicMs,
    wake: (channelId) => pump.reconsiderOne('pay', channelId),
  });
  const dispatch = new DispatchPayment({
    journal,
    channels,
    instruments: postgres.instruments,
    connectorFor,
    shards: postgres.shards,
    settle,
    pace: paces,
    scores,
    budget,
    clock: systemClock,
    names: systemNames,
    log,
    meters,
    reached,
    notifyBaseUrl: env.PUBLIC_URL === null ? null : `${env.PUBLIC_URL}/v1/notifications`,
  });
  const world = { journal, channels, connectorFor, clock: systemClock, names: systemNames, log, meters, reached };
  const beginReversal = new BeginReversal({ ...world, reversals });
  const inquire = new InquireAttempt({
    journal,
    worklist,
    queue,
    channels,
    connectorFor,
    settle,
    reroute,
    beginReversal,
    clock: systemClock,
    meters,
    reached,
  });
  const journalWatch = new JournalWatch(systemClock.monotonicMs);
  const handle = async (job: PumpJob): Promise<void> => {
    if (job.lane === 'inquiry') await inquire.inquire(job.paymentId);
    else journalWatch.saw(await dispatch.dispatch(job));
    reached('dispatch.finished');
  };
  const flow = createFlow({
    env,
    workerId,
    postgres,
    redis,
    samples,
    holdMsOf: (id) => {
      const entry = channels.get(id);
      return entry ? connectorFor(entry.channel).capabilities(id).maxProcessingTimeMs : 0;
    },
    journalAvailable: () => journalWatch.available(),
    taken: () => pump.takenPayments(),
    heard: ({ channels: flows }) => {
      for (const { breaker, channelId } of flows) connectors.commandBreaker(channelId, breaker.state);
      pump.reconsider();
    },
    clock: systemClock,
    random: Math.random,
    log,
  });
  const rateShare = rateShareOf(workerId, channels, flow.followed, systemClock.monotonicMs);
  const pump: Pump = new Pump({
    source,
    channels: () => channels.all().map(({ channel }) => channel.id),
    limitFor: (lane, channelId) =>
      lane === 'pay' ? paces.jobsFor(channelId, pump.inFlight(lane, channelId)) : flow.permits.of(lane, channelId),
    handle,
    claimFromJournal: (ids, max) => journal.findQueued(ids, max),
    claimsFirst: journalShareOf(workerId, flow.followed),
    meters,
    log,
  });
  const sender = new HttpWebhookSender({ allowPrivate: env.SLUICE_WEBHOOK_ALLOW_PRIVATE });
  const deliver = new DeliverWebhook({
    outbox: postgres.webhookOutbox,
    sender,
    clock: systemClock,
    meters,
    reached,
    random: () => Math.random(),
    // The very object that the API gives to whoever asks.
    render: (event, payment) => JSON.stringify(renderEvent(event, renderPayment(payment))),
    sign: signWebhook,
  });
  const { monotonicMs } = systemClock;
  const webhooks = new WebhookDeliverer({ outbox: postgres.webhookOutbox, deliver, monotonicMs, log });
  const givingBack = new GiveBackLoop({
    channels: () => flow.permits.givingBack(),
    reversals,
    refunds,
    carryReversal: new CarryReversal({ ...world, reversals, worklist, queue, settle, reroute }),
    carryRefund: new CarryRefund({ ...world, refunds, worklist, shards: postgres.shards }),
    log,
  });
  const sweeper = new Sweeper(new Sweep({ journal, queue, beginReversal, log, meters, reached }), log);

  return {
    postgres,
    redis,
    flow,
    start() {
      flow.start();
      pump.start();
      sweeper.start();
      givingBack.start();
      webhooks.start();
    },
    async stop() {
      await flow.resign();
      await sweeper.stop();
      const [jobs, carried] = await Promise.all([
        pump.drain(DRAIN_MS),
        givingBack.stop(DRAIN_MS),
        webhooks.stop(WEBHOOK_DRAIN_MS),
      ]);
      paces.close();
      await flow.close();
      await sender.close();
      await source.close();
      await connectors.close();
      redis.close();
      await postgres.close();
      return jobs + carried;
    },
  };
}

/** Each connector with a meter before it, made once. */
function meteredConnectors(connectors: Connectors, meter: CallMeter): (channel: Channel) => Connector {
  const metered = new Map<Connector, Connector>();
  return (channel) => {
    const connector = connectors.forChannel(channel);
    let known = metered.get(connector);
    if (!known) metered.set(connector, (known = new MeteredConnector(connector, meter)));
    return known;
  };
}

/** Key id and secret shared with the simulated banks (docs/bank-protocol.md section 2). */
const BANK_KEY_ID = 'k1';

function createConnectorsOf(env: WorkerEnv, { channels }: Postgres): Connectors {
  return createConnectors({
    http: {
      // One for each permit: fewer would queue payments in the pool, behind their own send-by.
      connections: ({ channelId }) => channels.get(channelId)?.limits.inFlightMax ?? 1,
    },
    rest: { keys: { keyId: BANK_KEY_ID, secrets: { [BANK_KEY_ID]: env.BANK_SECRET } } },
  });
}
