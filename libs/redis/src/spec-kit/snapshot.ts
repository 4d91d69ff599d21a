/** The smallest snapshot, for specs about who says it rather than what. */
import type { FlowSnapshot } from '#policy';

export const snapshotOf = (term: number, seq: number, controllerId = 'one'): FlowSnapshot => ({
  controllerId,
  term,
  seq,
  channels: [],
});
