/**
 * Waits until every worker that is heard of acts on a change, at most a second: so the answer to a change says how it went, and not only
 * that it was written. The change acts whether or not anybody waits.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AcknowledgedResponse } from '#contracts';
import type { FlowView } from '#dispatch';
import { acknowledgedOf } from './acknowledged';

/** A change acts on all workers within a second (design.md, numbers). Whoever has not said so by then is named in the answer. */
const WITHIN_MS = 1_000;
/** Reports and snapshots come every 200 ms. */
const LOOK_EVERY_MS = 50;
/** A worker that has said nothing for so long is dead or cut off, ms: nobody waits for it. */
const SILENT_MS = 1_000;

/** @returns who acts on it by then */
export async function untilAcknowledged(flow: FlowView, version: number): Promise<AcknowledgedResponse> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const seen = acknowledgedOf(flow, version);
    const missing = seen.processes.some(
      ({ acts, kind, silent_ms }) => kind === 'worker' && !acts && silent_ms < SILENT_MS,
    );
    if (!missing || waitedMs >= WITHIN_MS) return seen;
    await sleep(LOOK_EVERY_MS);
  }
}
