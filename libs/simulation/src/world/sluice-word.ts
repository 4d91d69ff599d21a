// What Sluice's controller says in this world.
import type { FlowSnapshot, SiteState } from '#policy';

/** What the controller sends, and what it leaves for a successor. */
export interface SluiceWord {
  readonly snapshot: FlowSnapshot;
  readonly state: SiteState;
  readonly atMs: number;
}
