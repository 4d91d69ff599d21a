/** How a channel that is closed refuses: by whose order, under which code, and when to come back. */
import { HOLD_CODES } from '../admission';
import type { ChannelFlow } from '../flow/words';
import type { DoorDecision } from './door-words';
import type { DoorForecast } from './door-forecast';

/** Retry after, ms: a payer tries again after seconds, and a page is open for half a minute. */
const RETRY_MS = { least: 1_000, most: 30_000 };

export function refusalOfHold(flow: ChannelFlow): DoorDecision | null {
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

export function refusalOfBreaker({ breaker, channelId }: ChannelFlow, forecast: DoorForecast | null): DoorDecision {
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

export function retryMs(ms: number): number {
  return Math.round(Math.min(RETRY_MS.most, Math.max(RETRY_MS.least, ms)));
}
