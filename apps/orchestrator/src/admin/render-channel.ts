/** A channel as the command centre sees it: the registry's entry and the controller's last word, side by side. */
import {
  type AdminChannelResponse,
  type ChannelFlowResponse,
  type OperationLimitResponse,
  renderReason,
  renderContract,
  renderLimitValues,
} from '#contracts';
import type { ChannelEntry, FlowView } from '#dispatch';
import type { ChannelFlow, LaneLimit } from '#policy';

const timeText = (ms: number): string => new Date(ms).toISOString();
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : timeText(ms));
/** What people read needs no more digits than they can use. */
const rounded = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits;

export function renderAdminChannel(entry: ChannelEntry, flow: FlowView): AdminChannelResponse {
  const { announced, bank, channel, contract, limits, order, origin } = entry;
  const last = flow.get(channel.id);
  return {
    id: channel.id,
    object: 'admin_channel',
    bank: { id: bank.id, name: bank.name },
    product: channel.product,
    enabled: channel.enabled,
    currencies: channel.currencies,
    fee_basis_points: channel.feeBasisPoints,
    contract: renderContract(contract),
    limits: {
      revision: limits.revision,
      values: renderLimitValues(limits),
      cause: origin.cause,
      by: origin.by,
      reason: origin.why,
      since: timeText(origin.since),
      until: timeOrNull(origin.until),
    },
    order: order && {
      hold: order.hold,
      by: order.by,
      reason: order.why,
      since: timeText(order.since),
      until: timeOrNull(order.until),
    },
    announced: announced && { starts_at: timeText(announced.startsAt), ends_at: timeOrNull(announced.endsAt) },
    flow: last && renderFlow(last, flow),
  };
}

function renderFlow(last: ChannelFlow, flow: FlowView): ChannelFlowResponse {
  const { breaker, limits, wait } = last;
  const expected = flow.expect(last.channelId);
  return {
    level: last.level,
    limits: {
      pay: renderLane(limits.pay),
      inquiry: renderLane(limits.inquiry),
      giving_back: renderLane(limits.giving_back),
    },
    revision: last.revision,
    rate_per_second: rounded(last.ratePerSecond),
    in_flight: last.inFlight,
    held_by_unknown: last.heldByUnknown,
    backlog: last.backlog,
    drain_per_second: rounded(wait.drainPerSecond),
    headroom_per_second: rounded(last.headroomPerSecond),
    round_trip_ms: Math.round(wait.roundTripMs),
    eta_ms: expected && { p50: Math.round(expected.p50Ms), p90: Math.round(expected.p90Ms) },
    success_rate: rounded(last.successRate, 4),
    answers: last.answers,
    breaker: {
      state: breaker.state,
      for_ms: Math.round(breaker.forMs),
      reopens_in_ms: breaker.reopensInMs === null ? null : Math.round(breaker.reopensInMs),
      reason: renderReason(breaker.reason),
    },
    reason: renderReason(last.reason),
  };
}

function renderLane({ adaptive, configured, effective, reason }: LaneLimit): OperationLimitResponse {
  return { configured, adaptive: rounded(adaptive), effective, reason: renderReason(reason) };
}
