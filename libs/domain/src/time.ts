/** Milliseconds since 1970-01-01T00:00Z on a wall clock. For people, banks and expiry; never to measure a duration. */
export type EpochMs = number;

/** Milliseconds on a monotonic clock of one process; only differences mean anything. Deadlines and waits are measured here. */
export type MonotonicMs = number;
