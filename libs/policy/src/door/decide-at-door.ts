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
import {
  type ChannelHold,
  type ChannelId,
  type ErrorCode,
  type MerchantId,
  PAYER_COHORTS,
  type Reason,
  type Tier,
} from '#domain';
import type { ChannelFlow } from '../flow/words';
import { correctionOf, queueWaitMs } from '../wait/forecast';
import { type DoorChannel, type DoorState, moveDoor } from './door';
import { countAtDoor } from './door-report';

/** Whoever stands at the door. */
export interface DoorAsk {
  readonly channelId: ChannelId;
  readonly merchantId: MerchantId;
  readonly tier: Tier;
  /** Stable through a checkout: 0 to PAYER_COHORTS − 1. */
  readonly cohort: number;
  /** Which cohorts come first now: changes by the hour (cohortRotation), so that nobody is left out for a day. */
  readonly rotation: number;
  /** How long the payment may wait in our queue, ms: the payer's patience, and never beyond its hard stop less the bank's time. */
  readonly patienceMs: number;
}

export interface DoorForecast {
  /** Payments that wait before it. */
  readonly ahead: number;
  /** Queue and bank, uncorrected, ms: what its outcome is held against later. */
  readonly pointMs: number;
  readonly roundTripMs: number;
  /** What the payer is told: half of all are quicker than p50, nine of ten quicker than p90. */
  readonly p50Ms: number;
  readonly p90Ms: number;
}

export type DoorDecision =
  | { readonly kind: 'admit'; readonly forecast: DoorForecast }
  | {
      readonly kind: 'refuse';
      readonly code: ErrorCode;
      readonly reason: Reason;
      /** When asking again is worth it, ms, before jitter; null: nobody knows. */
      readonly retryAfterMs: number | null;
      /** What it would have waited; null where nothing drains. */
      readonly forecast: DoorForecast | null;
    };

/** A payment is let in only if it is predicted to wait at most so much of its patience: at 1, every seventh expired (flow-control.md §6). */
const PATIENCE_USED = 0.85;
/** Retry after, ms: a payer tries again after seconds, and a page is open for half a minute. */
const RETRY_MS = { least: 1_000, most: 30_000 };
/** 37 has no factor in common with 128: every cohort comes to every place. */
const ROTATION_STEP = 37;
const HOUR_MS = 3_600_000;

/** Which hour it is: the rotation of payers' cohorts. @param epochMs wall clock */
export function cohortRotation(epochMs: number): number {
  return Math.floor(epochMs / HOUR_MS);
}

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
  const among = isAmong(channel, ask.tier, share, place, true);
  const decision = decide(channel, ask, share, among);
  countAtDoor(channel, ask, decision.kind === 'admit');
  return decision;
}

/** What would be decided. Nothing is counted: for suggestions, which are looked at for many channels. */
export function lookAtDoor(state: DoorState, ask: DoorAsk, nowMs: number): DoorDecision | null {
  const channel = state.channels[ask.channelId];
  if (!channel) return null;
  moveDoor(channel, nowMs);
  const share = shareOf(channel, ask);
  return decide(channel, ask, share, isAmong(channel, ask.tier, share, placeOf(ask), false));
}

/** How long a payment that comes in now would wait; null where nothing drains or no snapshot has come. */
export function forecastAtDoor(state: DoorState, channelId: ChannelId, nowMs: number): DoorForecast | null {
  const channel = state.channels[channelId];
  if (!channel) return null;
  moveDoor(channel, nowMs);
  return forecastOf(channel);
}

function decide(channel: DoorChannel, ask: DoorAsk, share: number, among: boolean): DoorDecision {
  const { flow, left, plan } = channel;
  const closed = refusalOfHold(flow);
  if (closed) return closed;
  const forecast = forecastOf(channel);
  if (!forecast) return refusalOfBreaker(flow, null);
  const tier = plan.tiers[ask.tier];
  const waitMs = Math.round(forecast.p50Ms - forecast.roundTripMs);
  const facts = { channel: flow.channelId, tier: ask.tier, wait_ms: Math.max(0, waitMs) };
  const opening = flow.breaker.state !== 'closed';
  if (waitMs > PATIENCE_USED * ask.patienceMs && ask.patienceMs < tier.longestWaitMs) {
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
  if (left < 1) return refusal({ code: 'door_budget_spent', ...facts, budget: plan.budget }, tier.longestWaitMs);
  return { kind: 'admit', forecast };
}

function forecastOf({ ahead, flow: { wait } }: DoorChannel): DoorForecast | null {
  const { drainPerSecond, opensInMs, roundTripMs } = wait;
  const pointMs = queueWaitMs({ ahead, drainPerSecond, opensInMs }) + roundTripMs;
  if (!Number.isFinite(pointMs)) return null;
  const { median, p90 } = correctionOf(pointMs, roundTripMs, wait.corrections);
  return {
    ahead: Math.max(0, Math.ceil(ahead)),
    pointMs,
    roundTripMs,
    p50Ms: pointMs * median,
    p90Ms: pointMs * p90,
  };
}

const HOLD_CODES: Readonly<Record<Exclude<ChannelHold, 'pause'>, ErrorCode>> = {
  drain: 'channel_draining',
  maintenance: 'channel_maintenance',
  isolate: 'channel_closed',
  kill: 'channel_closed',
};

function refusalOfHold(flow: ChannelFlow): DoorDecision | null {
  const { breaker, channelId, hold, level } = flow;
  if (hold && hold !== 'pause') {
    const reason = { code: 'held_by_operator', channel: channelId, hold };
    return { kind: 'refuse', code: HOLD_CODES[hold], reason, retryAfterMs: null, forecast: null };
  }
  if (breaker.state === 'isolated') return refusalOfBreaker(flow, null);
  if (level === 'closed' && breaker.state === 'closed') {
    const reason = { code: 'channel_closed', channel: channelId };
    return { kind: 'refuse', code: 'channel_closed', reason, retryAfterMs: null, forecast: null };
  }
  return null;
}

function refusalOfBreaker({ breaker, channelId }: ChannelFlow, forecast: DoorForecast | null): DoorDecision {
  const { reason: cause, reopensInMs, state } = breaker;
  const reason = {
    code: 'breaker_open',
    channel: channelId,
    breaker: state,
    reopens_in_ms: reopensInMs,
    cause: cause.code,
  };
  const retryAfterMs = reopensInMs === null ? null : retryMs(reopensInMs);
  return { kind: 'refuse', code: 'channel_breaker_open', reason, retryAfterMs, forecast };
}

function retryMs(ms: number): number {
  return Math.round(Math.min(RETRY_MS.most, Math.max(RETRY_MS.least, ms)));
}

/** The share of this payer's merchant and tier that is let in. */
export function shareOf({ plan }: DoorChannel, { merchantId, tier }: Pick<DoorAsk, 'merchantId' | 'tier'>): number {
  const { merchants, share } = plan.tiers[tier];
  return merchants[merchantId] ?? share;
}

/** Where a payer's cohort stands now, 0 to PAYER_COHORTS − 1: other places on other channels, so that nobody is turned away by all. */
export function placeOf({ channelId, cohort, rotation }: Pick<DoorAsk, 'channelId' | 'cohort' | 'rotation'>): number {
  let place = cohort + rotation * ROTATION_STEP;
  for (let i = 0; i < channelId.length; i += 1) place += channelId.charCodeAt(i) * (i + 1);
  return place % PAYER_COHORTS;
}

/**
 * Is the cohort at this place let in? Those below the share are, those above are not; of the one on its edge every so many-eth payment,
 * so that shares below one cohort exist.
 */
function isAmong(channel: DoorChannel, tier: Tier, share: number, place: number, moves: boolean): boolean {
  const upTo = share * PAYER_COHORTS;
  if (place + 1 <= upTo) return true;
  if (place >= upTo) return false;
  const come = channel.edge[tier] + (upTo - place);
  if (moves) channel.edge[tier] = come % 1;
  return come >= 1;
}

/** Counts a payment that came in, or did not, past the decision: the taker of a reservation, or a payment that was moved. */
export function noteAtDoor(
  state: DoorState,
  ask: Pick<DoorAsk, 'channelId' | 'merchantId' | 'tier'>,
  admitted: boolean,
): void {
  const channel = state.channels[ask.channelId];
  if (channel) countAtDoor(channel, ask, admitted);
}
