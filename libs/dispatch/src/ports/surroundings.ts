/** Small ports that every use case may need: time, names, hashes, talk. */
import type { AttemptId, EpochMs, MonotonicMs, PaymentId, RefundId, Sha256 } from '#domain';

export interface Clock {
  /** Wall clock: for what people and banks read. */
  epochMs(): EpochMs;
  /** Monotonic: for every duration and deadline. */
  monotonicMs(): MonotonicMs;
}

export interface Names {
  paymentId(): PaymentId;
  attemptId(): AttemptId;
  refundId(): RefundId;
  /** 128 random bits, hex. */
  dispatchToken(): string;
  sha256: Sha256;
}

/** Structured log: a sentence and its facts. Never a secret, never an instrument's bank token. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Counts and durations. Names are listed in `#telemetry`. */
export interface Meters {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  observeMs(name: string, valueMs: number, labels?: Readonly<Record<string, string>>): void;
}
