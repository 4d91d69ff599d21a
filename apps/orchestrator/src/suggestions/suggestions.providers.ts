/** The door, advice and payers, wired: what decides over which instrument a payment comes in, and what is offered instead. */
import type { Provider } from '@nestjs/common';
import type { OrchestratorEnv } from '#config';
import {
  AdvisePayer,
  type ChannelRegistry,
  Door,
  Entrance,
  type FlowView,
  type Log,
  SuggestWays,
  type SuggestionSeal,
} from '#dispatch';
import { Reservations } from '#policy';
import type { Postgres } from '#postgres';
import { createSuggestionSeal, systemClock } from '#runtime';
import { ChannelBoard } from '../channels/channel-board';
import { ChannelNames } from '../channels/channel-names';
import { ChannelViews } from '../channels/channel-views';
import { ChannelsStreamController } from '../channels/channels-stream.controller';
import { GetChannelController } from '../channels/get-channel.controller';
import { ListChannelsController } from '../channels/list-channels.controller';
import { ClientQuota } from '../http/client-quota';
import { AddPayerInstrumentController } from '../payers/add-payer-instrument.controller';
import { DeletePayerInstrumentController } from '../payers/delete-payer-instrument.controller';
import { ListPayerInstrumentsController } from '../payers/list-payer-instruments.controller';
import { PutPayerInstrumentsController } from '../payers/put-payer-instruments.controller';
import { CHANNELS, ENV, FLOW, LOG, PAYER_INSTRUMENTS, POSTGRES, SUGGESTION_SEAL } from '../tokens';
import { OpenStreams } from '../watch/open-streams';
import { AdviceWatch } from './advice-watch';
import { CreateSuggestionsController } from './create-suggestions.controller';

export const suggestionControllers = [
  CreateSuggestionsController,
  ListPayerInstrumentsController,
  PutPayerInstrumentsController,
  AddPayerInstrumentController,
  DeletePayerInstrumentController,
  ListChannelsController,
  ChannelsStreamController,
  GetChannelController,
];

export const suggestionProviders: readonly Provider[] = [
  ChannelNames,
  ChannelViews,
  {
    provide: ChannelBoard,
    inject: [ChannelViews],
    useFactory: (views: ChannelViews) => new ChannelBoard(() => views.all()),
  },
  {
    provide: ClientQuota,
    inject: [ENV],
    useFactory: (env: OrchestratorEnv) => new ClientQuota(env.SLUICE_CLIENT_PER_SECOND, systemClock.monotonicMs),
  },
  { provide: PAYER_INSTRUMENTS, inject: [POSTGRES], useFactory: ({ payerInstruments }: Postgres) => payerInstruments },
  {
    provide: SUGGESTION_SEAL,
    inject: [POSTGRES],
    useFactory: async (postgres: Postgres) => createSuggestionSeal(await postgres.suggestionKey()),
  },
  {
    provide: Reservations,
    inject: [FLOW],
    useFactory: (flow: FlowView) => {
      const reservations = new Reservations();
      flow.countReservations((channelId) => reservations.reservedOn(channelId, systemClock.monotonicMs()));
      return reservations;
    },
  },
  {
    provide: AdvisePayer,
    inject: [CHANNELS, FLOW, Reservations, SUGGESTION_SEAL],
    useFactory: (channels: ChannelRegistry, flow: FlowView, reservations: Reservations, seal: SuggestionSeal) =>
      new AdvisePayer({ channels, flow, reservations, seal, clock: systemClock, random: Math.random }),
  },
  {
    provide: Entrance,
    inject: [CHANNELS, FLOW, AdvisePayer, Reservations, SUGGESTION_SEAL],
    useFactory: (
      channels: ChannelRegistry,
      flow: FlowView,
      advise: AdvisePayer,
      reservations: Reservations,
      seal: SuggestionSeal,
    ) => {
      const clock = systemClock;
      return new Entrance({ channels, flow, advise, reservations, seal, clock, door: new Door(flow, clock) });
    },
  },
  {
    provide: SuggestWays,
    inject: [POSTGRES, AdvisePayer, FLOW],
    useFactory: ({ channels, instruments, journal, payerInstruments }: Postgres, advise: AdvisePayer, flow: FlowView) =>
      new SuggestWays({ journal, advise, channels, flow, instruments, payerInstruments, clock: systemClock }),
  },
  {
    provide: AdviceWatch,
    inject: [POSTGRES, OpenStreams, AdvisePayer, FLOW, ChannelNames, LOG],
    useFactory: (
      { journal }: Postgres,
      streams: OpenStreams,
      advise: AdvisePayer,
      flow: FlowView,
      { nameOf }: ChannelNames,
      log: Log,
    ) => new AdviceWatch({ streams, advise, flow, journal, nameOf, clock: systemClock, log }),
  },
];
