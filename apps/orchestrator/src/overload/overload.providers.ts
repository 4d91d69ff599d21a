/** Self-protection, wired. */
import type { Provider } from '@nestjs/common';
import type { Log } from '#dispatch';
import type { Strain } from '#policy';
import { systemClock, systemNames } from '#runtime';
import type { TelemetryMeters } from '#telemetry';
import { LOG, METERS, STRAIN } from '../tokens';
import { LoadShed } from './load-shed';
import { OwnStrain } from './own-strain';

export const overloadProviders: Provider[] = [
  { provide: OwnStrain, useFactory: () => new OwnStrain(systemClock.monotonicMs) },
  {
    provide: LoadShed,
    inject: [STRAIN, METERS, LOG],
    useFactory: (strain: { look(): Strain }, meters: TelemetryMeters, log: Log) =>
      new LoadShed({ strain, sha256: systemNames.sha256, random: Math.random, meters, log }),
  },
];
