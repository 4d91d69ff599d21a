/** What a scraper sees of flow: the controller's last word by channel, how old it is, and this worker's part in it. */
import type { ChannelId } from '#domain';
import { CONGESTION_LEVELS } from '#domain';
import { BREAKER_STATES, type ChannelFlow } from '#policy';
import type { TelemetryMeters } from '#telemetry';
import type { Flow } from './flow';

export function showFlow(
  meters: Pick<TelemetryMeters, 'gauge' | 'gaugePer'>,
  { controller, followed, permits, underWay }: Flow,
): void {
  const channels = (): readonly ChannelFlow[] => followed.snapshot?.channels ?? [];
  const per = (name: string, help: string, read: (flow: ChannelFlow) => number): void =>
    meters.gaugePer('channel', name, help, () => channels().map((flow) => [flow.channelId, read(flow)]));
  const own = (name: string, help: string, read: (id: ChannelId) => number): void =>
    per(name, help, ({ channelId }) => read(channelId));
  meters.gauge('sluice_controller_term', 'The term in which this worker is the controller; 0: another is.', () =>
    Number(controller.term),
  );
  // Not Infinity, which some scrapers refuse: where none was ever heard it is older than the worker.
  meters.gauge('sluice_flow_snapshot_age_ms', 'Age of the controller’s last word in this worker, ms.', () =>
    Math.min(followed.ageMs(), Number.MAX_SAFE_INTEGER),
  );
  per('sluice_flow_limit', 'Payments at the bank at one time, over all workers.', ({ limits }) => limits.pay.effective);
  per('sluice_flow_ceiling', 'The operator’s ceiling of that limit.', ({ limits }) => limits.pay.configured);
  per('sluice_flow_in_flight', 'Payments at the bank now, as the controller counts them.', ({ inFlight }) => inFlight);
  per('sluice_flow_held_by_unknown', 'Slots that unknown attempts hold.', ({ heldByUnknown }) => heldByUnknown);
  per('sluice_flow_backlog', 'Payments that wait in the channel’s queue.', ({ backlog }) => backlog);
  per('sluice_flow_level', `Congestion: ${numbered(CONGESTION_LEVELS)}.`, ({ level }) =>
    CONGESTION_LEVELS.indexOf(level),
  );
  per('sluice_flow_breaker', `Breaker: ${numbered(BREAKER_STATES)}.`, ({ breaker }) =>
    BREAKER_STATES.indexOf(breaker.state),
  );
  own('sluice_worker_permits', 'Payments that this worker may have at the bank.', (id) => permits.of('pay', id));
  own('sluice_worker_in_flight', 'Payments of this worker at the bank now.', (id) => underWay(id));
}

function numbered(words: readonly string[]): string {
  return words.map((word, place) => `${place} ${word}`).join(', ');
}
