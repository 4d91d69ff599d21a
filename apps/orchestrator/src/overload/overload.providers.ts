/** Self-protection, wired. */
import type { Provider } from '@nestjs/common';
import type { Log } from '#dispatch';
import { systemClock, systemNames } from '#runtime';
import type { TelemetryMeters } from '#telemetry';
import { LOG, METERS } from '../tokens';
import { LoadShed } from './load-shed';
import { OwnStrain } from './own-strain';

export const overloadProviders: Provider[] = [
  { provide: OwnStrain, useFactory: () => new OwnStrain(systemClock.monotonicMs) },
  {
    provide: LoadShed,
    inject: [OwnStrain, METERS, LOG],
    useFactory: (strain: OwnStrain, meters: TelemetryMeters, log: Log) =>
      new LoadShed({ strain, sha256: systemNames.sha256, random: Math.random, meters, log }),
  },
];
