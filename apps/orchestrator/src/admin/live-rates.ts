/**
 * Payments a second, as a command centre watches them: accepted over all processes (the journal's counter), ended over all processes (the
 * journal's notices), refused for capacity by this process.
 */
import type { LiveTotalsResponse } from '#contracts';
import { type ErrorCode, type PaymentState, errorDefinition } from '#domain';

/** Rates are over so many samples, taken once a second: shorter flickers, longer hides a midnight. */
const SAMPLES = 6;

const ENDED_OTHERWISE: ReadonlySet<PaymentState> = new Set(['failed', 'canceled', 'expired']);

interface Sample {
  readonly atMs: number;
  readonly accepted: number | null;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
}

type Rates = Pick<
  LiveTotalsResponse,
  'accepted_per_second' | 'succeeded_per_second' | 'failed_per_second' | 'refused_per_second'
>;

export class LiveRates {
  private succeeded = 0;
  private failed = 0;
  private refused = 0;
  private samples: Sample[] = [];

  /** Payments became this; null: it was not said what. */
  became(states: readonly (PaymentState | null)[]): void {
    for (const state of states) {
      if (state === 'succeeded') this.succeeded += 1;
      else if (state !== null && ENDED_OTHERWISE.has(state)) this.failed += 1;
    }
  }

  /** A request was answered with this error. */
  answered(code: ErrorCode): void {
    const { accepted, status } = errorDefinition(code);
    if (status === 503 && accepted === false) this.refused += 1;
  }

  /** @param accepted the journal's counter; null: it could not be read */
  sample(atMs: number, accepted: number | null): Rates {
    const { failed, refused, succeeded } = this;
    // A second in which nobody looked is no rate: after a pause the samples begin anew.
    if (atMs - (this.samples.at(-1)?.atMs ?? atMs) > 2_000) this.samples = [];
    this.samples = [...this.samples, { atMs, accepted, succeeded, failed, refused }].slice(-SAMPLES);
    return {
      accepted_per_second: this.rateOf((sample) => sample.accepted),
      succeeded_per_second: this.rateOf((sample) => sample.succeeded),
      failed_per_second: this.rateOf((sample) => sample.failed),
      refused_per_second: this.rateOf((sample) => sample.refused),
    };
  }

  private rateOf(count: (sample: Sample) => number | null): number | null {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return null;
    const [from, to] = [count(first), count(last)];
    if (from === null || to === null) return null;
    return Math.round(((to - from) * 10_000) / (last.atMs - first.atMs)) / 10;
  }
}
