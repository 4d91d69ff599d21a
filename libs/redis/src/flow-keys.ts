/** Names in Redis of what processes tell each other about flow. One hash tag, as the queues have, so that one script may touch them all. */

export interface FlowKeys {
  /** Who is controller now: its token, with the time it has left. */
  readonly seat: string;
  /** The highest term so far. */
  readonly term: string;
  /** The newest snapshot, for whoever starts or missed it. */
  readonly snapshot: string;
  /** The controller's own state, for its successor. */
  readonly state: string;
  /** Pub/sub: each new snapshot. */
  readonly snapshots: string;
  /** Pub/sub: reports of workers and doors. */
  readonly reports: string;
}

/** @param prefix the queues' own; two products on one Redis choose two */
export function flowKeysOf(prefix = '{sluice}'): FlowKeys {
  const flow = `${prefix}:flow`;
  return {
    seat: `${flow}:controller`,
    term: `${flow}:term`,
    snapshot: `${flow}:snapshot`,
    state: `${flow}:state`,
    snapshots: `${flow}:snapshots`,
    reports: `${flow}:reports`,
  };
}
