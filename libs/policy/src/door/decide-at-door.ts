/**
 * May this payment come in, and how long will it wait? Answered from memory, before anything is stored.
 *
 *   1  has the operator or the breaker closed the channel?             closed, maintenance, draining, breaker open
 *   2  would it wait longer than the payer's patience allows?          deadline_unreachable
 *   3  is its payer among the share of payers that is let in?          channel_saturated
 *   4  would it wait longer than its tier may?                         channel_saturated
 *   5  has this door admissions left until it hears again?             channel_saturated
 *
 * What the channel's contract says (amount, currency) and what holds where no snapshot has come is decided elsewhere (admission.ts,
 * static-door.ts).
 */
import type { ChannelId, Reason, Tier } from '#domain';
import { type DoorChannel, type DoorState, admissionsLeft, exact, moveDoor } from './door';
import type { DoorAsk, DoorDecision } from './door-words';
import { type DoorForecast, forecastOf, waitInQueueMs } from './door-forecast';
import { countAtDoor } from './door-report';
import { partLetIn, placeOf, shareOf } from './payers-share';
import { refusalOfBreaker, refusalOfHold, retryMs } from './refusals';

/** A payment is let in only if it is predicted to wait at most so much of its patience: at 1, every seventh expired (flow-control.md §6). */
export const PATIENCE_USED = 0.85;

/**
 * Decides, and counts the payment as demand and, if it is let in, against what the door may let in.
 * @param nowMs the door's monotonic clock
 * @returns null where no snapshot has come for the channel
 */
export function decideAtDoor(state: DoorState, ask: DoorAsk, nowMs: number): DoorDecision | null {
  const channel = state.channels[ask.channelId];
  if (!channel) return null;
  moveDoor(channel, nowMs);
  const share = shareOf(channel, ask);
  const place = placeOf(ask);
  const among = isAmong(channel, ask.tier, share, place);
  const decision = decide(channel, ask, share, among);
  const admitted = decision.kind === 'admit' ? 1 : 0;
  countAtDoor(channel, ask, { offered: 1, admitted, expected: exact(share), within: among ? 1 : 0 });
  return decision;
}

/** How long a payment that comes in now would wait; null where nothing drains or no snapshot has come. */
export function forecastAtDoor(state: DoorState, channelId: ChannelId, nowMs: number): DoorForecast | null {
  const channel = state.channels[channelId];
  if (!channel) return null;
  moveDoor(channel, nowMs);
  return forecastOf(channel);
}

function decide(channel: DoorChannel, ask: DoorAsk, share: number, among: boolean): DoorDecision {
  const { flow, plan } = channel;
  const closed = refusalOfHold(flow);
  if (closed) return closed;
  const forecast = forecastOf(channel);
  if (!forecast) return refusalOfBreaker(flow, null);
  const tier = plan.tiers[ask.tier];
  const waitMs = waitInQueueMs(forecast);
  const facts = { channel: flow.channelId, tier: ask.tier, wait_ms: waitMs };
  const opening = flow.breaker.state !== 'closed';
  if (ask.patienceMs < tier.longestWaitMs && waitMs > PATIENCE_USED * ask.patienceMs) {
    if (opening) return refusalOfBreaker(flow, forecast);
    const reason: Reason = { code: 'wait_beyond_patience', ...facts, patience_ms: ask.patienceMs };
    return { kind: 'refuse', code: 'deadline_unreachable', reason, retryAfterMs: retryMs(waitMs), forecast };
  }
  const refusal = (reason: Reason, retryAfterMs: number): DoorDecision =>
    opening
      ? refusalOfBreaker(flow, forecast)
      : { kind: 'refuse', code: 'channel_saturated', reason, retryAfterMs: retryMs(retryAfterMs), forecast };
  if (!among) {
    const reason = { code: 'beyond_fair_share', ...facts, share: Math.round(share * 1_000) / 1_000 };
    // Whoever is turned away comes back later the more there are of them: what comes back adds up to what can be served.
    return refusal(reason, tier.longestWaitMs / Math.max(share, 1e-3));
  }
  if (waitMs > PATIENCE_USED * tier.longestWaitMs) {
    return refusal({ code: 'queue_full', ...facts, longest_wait_ms: tier.longestWaitMs }, waitMs);
  }
  if (admissionsLeft(channel, ask.tier) < 1)
    return refusal({ code: 'door_budget_spent', ...facts, budget: plan.budget }, tier.longestWaitMs);
  return { kind: 'admit', forecast };
}

/**
 * Is the cohort at this place let in? Those below the share are, those above are not; of the one on its edge every so many-eth payment,
 * so that shares below one cohort exist.
 */
function isAmong(channel: DoorChannel, tier: Tier, share: number, place: number): boolean {
  const come = channel.edge[tier] + partLetIn(share, place);
  channel.edge[tier] = come % 1;
  return come >= 1;
}

/** Counts a payment that came in, or did not, past the decision: the taker of a reservation, or a payment that was moved. */
export function noteAtDoor(
  state: DoorState,
  ask: Pick<DoorAsk, 'channelId' | 'merchantId' | 'tier'>,
  admitted: boolean,
): void {
  const channel = state.channels[ask.channelId];
  if (channel) countAtDoor(channel, ask, { offered: 1, admitted: admitted ? 1 : 0, expected: 0, within: 0 });
}
