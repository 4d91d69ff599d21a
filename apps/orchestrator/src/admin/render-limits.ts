/** Limits, their revisions and changes, as the API shows them. */
import {
  type AcknowledgedResponse,
  type LimitChangeResponse,
  type LimitRevisionResponse,
  type LimitsResponse,
  renderContract,
  renderLimitValues,
  renderSomeLimits,
} from '#contracts';
import type { LimitChangeRecord, LimitRevisionRecord, LimitsState } from '#dispatch';

const timeText = (ms: number): string => new Date(ms).toISOString();

export function renderLimits(state: LimitsState, acknowledged: AcknowledgedResponse | null): LimitsResponse {
  const { ahead, changes, channelId, contract, head, inForce, nowMs } = state;
  // A change for good that has begun is history: it can be followed by another, and not be called off.
  const pending = changes.filter(({ effectiveFrom, until }) => until !== null || effectiveFrom > nowMs);
  return {
    channel: channelId,
    object: 'channel_limits',
    latest_revision: head,
    in_force: renderRevision(inForce),
    ahead: ahead.map(renderRevision),
    pending: pending.map(renderChange),
    contract: renderContract(contract),
    ...(acknowledged ? { acknowledged } : {}),
  };
}

export function renderRevision(revision: LimitRevisionRecord): LimitRevisionResponse {
  const { by, cause, changeId, createdAt, effectiveFrom, why } = revision;
  return {
    revision: revision.revision,
    object: 'limit_revision',
    limits: renderLimitValues(revision),
    cause,
    effective_from: timeText(effectiveFrom),
    change: changeId === null ? null : `chg_${changeId}`,
    by,
    reason: why,
    created_at: timeText(createdAt),
  };
}

function renderChange({
  by,
  changes,
  createdAt,
  effectiveFrom,
  id,
  rollsBackTo,
  until,
  why,
}: LimitChangeRecord): LimitChangeResponse {
  return {
    id: `chg_${id}`,
    limits: renderSomeLimits(changes),
    effective_from: timeText(effectiveFrom),
    until: until === null ? null : timeText(until),
    rolls_back_to: rollsBackTo,
    by,
    reason: why,
    created_at: timeText(createdAt),
  };
}
