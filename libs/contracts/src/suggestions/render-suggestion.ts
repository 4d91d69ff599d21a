/** Suggestions and places in a queue as the API shows them. */
import type { ChannelId, QueuePlace, Suggestion } from '#domain';
import { renderReason } from '../payments/reason.response';
import { timeText } from '../payments/time-text';
import type { QueueResponse, SuggestionResponse } from './suggestion.response';
import { type ChannelNames, suggestionWords } from './suggestion-words';

/** What a channel is called; undefined: it is gone. */
export type NameChannel = (id: ChannelId) => ChannelNames | undefined;

/** A suggestion whose channel is gone meanwhile is left out: nobody can take it. */
export function renderSuggestions(
  suggestions: readonly Suggestion[],
  nameOf: NameChannel,
): readonly SuggestionResponse[] {
  return suggestions.flatMap((suggestion) => {
    const names = nameOf(suggestion.channelId);
    return names ? [renderSuggestion(suggestion, names)] : [];
  });
}

function renderSuggestion(suggestion: Suggestion, names: ChannelNames): SuggestionResponse {
  const { channelId, etaMs, expiresAt, id, kind, reason, successRate, token } = suggestion;
  return {
    id,
    kind,
    payment_method: { token },
    channel: channelId,
    bank: { id: names.bank.id, name: names.bank.name },
    product: names.product,
    eta_ms: etaMs && { p50: etaMs.p50, p90: etaMs.p90 },
    success_rate: successRate,
    reason: renderReason(reason),
    message: suggestionWords(kind, names, etaMs),
    expires_at: expiresAt === null ? null : timeText(expiresAt),
  };
}

export function renderQueuePlace({ ahead, asOf, etaMs }: QueuePlace): QueueResponse {
  return { ahead, eta_ms: { p50: etaMs.p50, p90: etaMs.p90 }, as_of: timeText(asOf) };
}
