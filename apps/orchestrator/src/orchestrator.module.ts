/**
 * The only wiring of this process, read top to bottom: environment, telemetry, PostgreSQL, Redis, banks' protocols, use cases, and
 * what the HTTP edge needs beside them.
 */
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { type OrchestratorEnv } from '#config';
import { type Connectors, createConnectors } from '#connectors';
import {
  AcceptPayment,
  BeginReversal,
  CancelPayment,
  Entrance,
  type FlowView,
  type Log,
  FindReroute,
  ReceiveNotification,
  RequestRefund,
  SettleAttempt,
  type StepProbe,
  SwitchPayment,
} from '#dispatch';
import { ChannelScores, RetryBudget, type Strain } from '#policy';
import { type Postgres, createPostgres } from '#postgres';
import { BullWorkQueue, RedisLink } from '#queue';
import { systemClock, systemNames } from '#runtime';
import type { TelemetryMeters } from '#telemetry';
import { adminControllers, adminProviders } from './admin/admin.providers';
import { LiveFlow } from './flow/live-flow';
import { ReceiveNotificationController } from './notifications/receive-notification.controller';
import { overloadProviders } from './overload/overload.providers';
import { OwnStrain } from './overload/own-strain';
import { CancelPaymentController } from './payments/cancel-payment.controller';
import { CreatePaymentController } from './payments/create-payment.controller';
import { GetPaymentController } from './payments/get-payment.controller';
import { ListPaymentsController } from './payments/list-payments.controller';
import { PaymentEventsController } from './payments/payment-events.controller';
import { PaymentReader } from './payments/payment-reader';
import { SwitchPaymentController } from './payments/switch-payment.controller';
import { CreateRefundController } from './refunds/create-refund.controller';
import { GetRefundController } from './refunds/get-refund.controller';
import { ListRefundsController } from './refunds/list-refunds.controller';
import { DocumentsController } from './service/documents.controller';
import { HealthController } from './service/health.controller';
import { makeOpenApi } from './service/make-openapi';
import { MetricsController } from './service/metrics.controller';
import { Readiness } from './service/readiness';
import {
  API_KEYS,
  CHANNELS,
  CONNECTORS,
  ENV,
  FLOW,
  JOURNAL,
  LOG,
  METERS,
  OPENAPI,
  POSTGRES,
  QUEUE,
  REDIS,
  REFUNDS,
  STEP_PROBE,
  STRAIN,
  WEBHOOK_ENDPOINTS,
  WORKLIST,
} from './tokens';
import { suggestionControllers, suggestionProviders } from './suggestions/suggestions.providers';
import { DeadlineWheel } from './watch/deadline-wheel';
import { FreshPayments } from './watch/fresh-payments';
import { OpenStreams } from './watch/open-streams';
import { PaymentWaits } from './watch/payment-waits';
import { PaymentWatch } from './watch/payment-watch';
import { CreateWebhookEndpointController } from './webhooks/create-webhook-endpoint.controller';
import { DeleteWebhookEndpointController } from './webhooks/delete-webhook-endpoint.controller';
import { GetWebhookEndpointController } from './webhooks/get-webhook-endpoint.controller';
import { ListWebhookDeliveriesController } from './webhooks/list-webhook-deliveries.controller';
import { ListWebhookEndpointsController } from './webhooks/list-webhook-endpoints.controller';
import { RedeliverWebhookController } from './webhooks/redeliver-webhook.controller';
import { RotateWebhookSecretController } from './webhooks/rotate-webhook-secret.controller';

/** Readers that wait, long-polls and streams together: each holds a socket and about 2 kB. */
const WATCHERS_MAX = 20_000;
/** Streams stay for minutes where long-polls stay for seconds. */
const STREAMS_MAX = 5_000;
/** Key id of the secret shared with banks (docs/bank-protocol.md section 2). */
const BANK_KEY_ID = 'k1';

/** What is there before the module is. */
export interface OrchestratorGiven {
  readonly env: OrchestratorEnv;
  readonly log: Log;
  readonly meters: TelemetryMeters;
  readonly reached: StepProbe;
  /** Specs show a door snapshots of their own; left out: the controller's. */
  readonly flow?: FlowView;
  /** Specs share their event loop with much else; left out: what this process measures of itself. */
  readonly strain?: { look(): Strain };
}

const controllers = [
  CreatePaymentController,
  GetPaymentController,
  ListPaymentsController,
  CancelPaymentController,
  SwitchPaymentController,
  PaymentEventsController,
  CreateRefundController,
  ListRefundsController,
  GetRefundController,
  ...suggestionControllers,
  CreateWebhookEndpointController,
  ListWebhookEndpointsController,
  GetWebhookEndpointController,
  DeleteWebhookEndpointController,
  RotateWebhookSecretController,
  ListWebhookDeliveriesController,
  RedeliverWebhookController,
  ReceiveNotificationController,
  ...adminControllers,
  HealthController,
  MetricsController,
  DocumentsController,
];

const providers: Provider[] = [
  ...overloadProviders,
  ...suggestionProviders,
  ...adminProviders,
  {
    provide: POSTGRES,
    inject: [ENV, LOG],
    useFactory: (env: OrchestratorEnv, log: Log): Promise<Postgres> =>
      createPostgres({
        databaseUrl: env.DATABASE_URL,
        applicationName: 'sluice-orchestrator',
        site: env.SLUICE_SITE,
        log,
        monotonicMs: systemClock.monotonicMs,
      }),
  },
  { provide: WORKLIST, inject: [POSTGRES], useFactory: ({ worklist }: Postgres) => worklist },
  { provide: JOURNAL, inject: [POSTGRES], useFactory: ({ journal }: Postgres) => journal },
  { provide: REFUNDS, inject: [POSTGRES], useFactory: ({ refunds }: Postgres) => refunds },
  { provide: CHANNELS, inject: [POSTGRES], useFactory: ({ channels }: Postgres) => channels },
  {
    provide: WEBHOOK_ENDPOINTS,
    inject: [POSTGRES],
    useFactory: ({ webhookEndpoints }: Postgres) => webhookEndpoints,
  },
  { provide: API_KEYS, inject: [POSTGRES], useFactory: ({ keys }: Postgres) => keys },
  {
    provide: REDIS,
    inject: [ENV],
    useFactory: (env: OrchestratorEnv) => new RedisLink(env.REDIS_URL, 'sluice-orchestrator'),
  },
  {
    provide: QUEUE,
    inject: [REDIS, METERS],
    useFactory: (redis: RedisLink, meters: TelemetryMeters) => new BullWorkQueue(redis, meters),
  },
  {
    provide: LiveFlow,
    inject: [ENV, REDIS, POSTGRES],
    useFactory: ({ REDIS_URL }: OrchestratorEnv, link: RedisLink, { channels, feed }: Postgres) =>
      new LiveFlow({
        doorId: `door-${systemNames.dispatchToken().slice(0, 8)}`,
        redisUrl: REDIS_URL,
        link,
        feed,
        channels,
        clock: systemClock,
      }),
  },
  {
    provide: CONNECTORS,
    inject: [ENV],
    useFactory: (env: OrchestratorEnv): Connectors =>
      createConnectors({ rest: { keys: { keyId: BANK_KEY_ID, secrets: { [BANK_KEY_ID]: env.BANK_SECRET } } } }),
  },
  {
    provide: AcceptPayment,
    inject: [POSTGRES, FreshPayments, QUEUE, Entrance, FLOW, LOG, STEP_PROBE],
    useFactory: (
      { journal, instruments, payerInstruments }: Postgres,
      fresh: FreshPayments,
      queue: BullWorkQueue,
      entrance: Entrance,
      flow: FlowView,
      log: Log,
      reached: StepProbe,
    ) =>
      new AcceptPayment({
        journal: fresh.entering(journal),
        queue,
        entrance,
        flow,
        instruments,
        payerInstruments,
        clock: systemClock,
        names: systemNames,
        log,
        reached,
      }),
  },
  {
    provide: BeginReversal,
    inject: [POSTGRES, CONNECTORS, LOG],
    useFactory: ({ journal, reversals, channels }: Postgres, connectors: Connectors, log: Log) => {
      const connectorFor = connectors.forChannel.bind(connectors);
      return new BeginReversal({ journal, reversals, channels, connectorFor, names: systemNames, log });
    },
  },
  {
    provide: CancelPayment,
    inject: [POSTGRES, BeginReversal],
    useFactory: ({ journal }: Postgres, beginReversal: BeginReversal) => new CancelPayment(journal, beginReversal),
  },
  {
    provide: SwitchPayment,
    inject: [POSTGRES, QUEUE, Entrance, FLOW],
    useFactory: ({ journal, instruments }: Postgres, queue: BullWorkQueue, entrance: Entrance, flow: FlowView) =>
      new SwitchPayment({ journal, entrance, flow, instruments, queue, names: systemNames }),
  },
  {
    provide: RequestRefund,
    inject: [POSTGRES, CONNECTORS],
    useFactory: ({ journal, refunds, channels }: Postgres, connectors: Connectors) => {
      const connectorFor = connectors.forChannel.bind(connectors);
      return new RequestRefund({ journal, refunds, channels, connectorFor, clock: systemClock, names: systemNames });
    },
  },
  {
    provide: ReceiveNotification,
    inject: [POSTGRES, QUEUE, CONNECTORS, LOG, METERS],
    useFactory: (
      { journal, reversals, channels, worklist }: Postgres,
      queue: BullWorkQueue,
      connectors: Connectors,
      log: Log,
      meters: TelemetryMeters,
    ) => {
      const clock = systemClock;
      const told = { clock, names: systemNames, log, meters };
      // This process sends no payments, so it has seen no channel at work: the payer's order and the fees decide.
      const seen = { scores: new ChannelScores(), budget: new RetryBudget() };
      const reroute = new FindReroute({ journal, channels, ...seen, ...told });
      const settle = new SettleAttempt({ journal, worklist, reversals, reroute, queue, ...told });
      const connectorFor = connectors.forChannel.bind(connectors);
      return new ReceiveNotification({ journal, queue, channels, connectorFor, settle, clock, meters });
    },
  },
  { provide: PaymentReader, inject: [POSTGRES], useFactory: ({ journal }: Postgres) => new PaymentReader(journal) },
  {
    provide: PaymentWatch,
    inject: [POSTGRES, LOG],
    useFactory: ({ journal, feed }: Postgres, log: Log) => new PaymentWatch(journal, feed, log, WATCHERS_MAX),
  },
  {
    provide: FreshPayments,
    inject: [POSTGRES],
    useFactory: ({ feed }: Postgres) => new FreshPayments(feed, systemClock.monotonicMs),
  },
  { provide: DeadlineWheel, useFactory: () => new DeadlineWheel(systemClock.monotonicMs()) },
  {
    provide: PaymentWaits,
    inject: [PaymentWatch, DeadlineWheel],
    useFactory: (watch: PaymentWatch, wheel: DeadlineWheel) => new PaymentWaits(watch, wheel, systemClock),
  },
  { provide: OpenStreams, useFactory: () => new OpenStreams(STREAMS_MAX) },
  {
    provide: Readiness,
    inject: [POSTGRES, REDIS],
    useFactory: (postgres: Postgres, redis: RedisLink) =>
      new Readiness(
        () => postgres.ready(),
        () => redis.available(),
      ),
  },
  { provide: OPENAPI, useFactory: makeOpenApi },
];

@Module({})
export class OrchestratorModule {
  static with({ env, log, meters, reached, flow, strain }: OrchestratorGiven): DynamicModule {
    const given: Provider[] = [
      { provide: ENV, useValue: env },
      { provide: LOG, useValue: log },
      { provide: METERS, useValue: meters },
      { provide: STEP_PROBE, useValue: reached },
      { provide: FLOW, inject: [LiveFlow], useFactory: ({ door }: LiveFlow): FlowView => flow ?? door },
      { provide: STRAIN, inject: [OwnStrain], useFactory: (own: OwnStrain) => strain ?? own },
    ];
    return { module: OrchestratorModule, controllers, providers: [...given, ...providers] };
  }
}
