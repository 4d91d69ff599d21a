/** Counts and latencies of one stretch of load. */
import type { Counts } from './generator.ts';
import { quantile } from './statistics.ts';

export class Tally {
  sent = 0;
  accepted = 0;
  finals = 0;
  succeeded = 0;
  succeededMinor = 0;
  failed = 0;
  refused = 0;
  requests = 0;
  firstFailure: string | null = null;
  readonly ackMs: number[] = [];
  readonly finalMs: number[] = [];

  fail(what: string): void {
    this.failed += 1;
    this.firstFailure ??= what;
  }

  counts(): Counts {
    const { sent, accepted, finals, succeeded, succeededMinor, failed, refused } = this;
    const { requests, firstFailure, ackMs, finalMs } = this;
    return {
      ...{ sent, accepted, finals, succeeded, succeededMinor, failed, refused, requests, firstFailure },
      ackP50Ms: quantile(ackMs, 0.5),
      ackP99Ms: quantile(ackMs, 0.99),
      finalP50Ms: quantile(finalMs, 0.5),
      finalP99Ms: quantile(finalMs, 0.99),
    };
  }
}
