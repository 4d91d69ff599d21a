/** How long a payment that comes in at this door now would wait, from the snapshot and what the door has done since. */
import { correctionOf, queueWaitMs } from '../wait/forecast';
import type { DoorChannel } from './door';

export interface DoorForecast {
  /** Payments that wait before it. */
  readonly ahead: number;
  /** Queue and bank, uncorrected, ms: what its outcome is held against later. */
  readonly pointMs: number;
  readonly roundTripMs: number;
  /** What the payer is told: half of all are quicker than p50, nine of ten quicker than p90. */
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** What a payment with this forecast waits in our queue, by the median, ms. */
export function waitInQueueMs({ p50Ms, pointMs, roundTripMs }: DoorForecast): number {
  // Nobody is ahead: what the median adds is the bank's.
  return pointMs <= roundTripMs ? 0 : Math.max(0, Math.round(p50Ms - roundTripMs));
}

/** Null where nothing drains. */
export function forecastOf({ ahead, flow: { wait } }: DoorChannel): DoorForecast | null {
  const { drainPerSecond, opensInMs, roundTripMs } = wait;
  const pointMs = queueWaitMs({ ahead, drainPerSecond, opensInMs }) + roundTripMs;
  if (!Number.isFinite(pointMs)) return null;
  const { median, p90 } = correctionOf(pointMs, roundTripMs, wait.corrections);
  return {
    ahead: Math.max(0, Math.ceil(ahead)),
    pointMs,
    roundTripMs,
    p50Ms: pointMs * median,
    p90Ms: pointMs * p90,
  };
}
