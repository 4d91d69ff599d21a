/** Who acts on a version of limits and orders, by what processes last reported to the controller. */
import type { AcknowledgedResponse, ControllerResponse } from '#contracts';
import type { FlowView } from '#dispatch';

/** A snapshot older than this says nothing about who acts on what: reports come five times a second. */
const FRESH_MS = 3_000;

/** @param version the change's, or the newest */
export function acknowledgedOf(flow: FlowView, version: number): AcknowledgedResponse {
  const isFresh = (flow.ageMs() ?? Infinity) <= FRESH_MS;
  const hands = isFresh ? (flow.newest()?.hands ?? null) : null;
  const processes = (hands ?? []).map(({ id, kind, registryVersion, silentMs, snapshotSeq }) => ({
    id,
    kind,
    version: registryVersion,
    acts: registryVersion !== null && registryVersion >= version,
    snapshot_seq: snapshotSeq,
    silent_ms: Math.round(silentMs),
  }));
  const workers = processes.filter(({ kind }) => kind === 'worker');
  return {
    version,
    workers_acting: hands ? workers.filter(({ acts }) => acts).length : null,
    workers: hands ? workers.length : null,
    processes,
  };
}

export function controllerOf(flow: FlowView): ControllerResponse | null {
  const newest = flow.newest();
  const ageMs = flow.ageMs();
  if (!newest || ageMs === null) return null;
  return { id: newest.controllerId, term: newest.term, seq: newest.seq, age_ms: Math.round(ageMs) };
}
