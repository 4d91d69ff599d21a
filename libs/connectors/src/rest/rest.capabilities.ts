/**
 * What a channel of this protocol guarantees (docs/bank-protocol.md section 6). These are the bank's defaults; a channel whose
 * contract says otherwise is configured with the difference. The conformance suite holds the declaration against the bank.
 */
import type { ChannelId } from '#domain';
import type { ConnectorCapabilities } from '#dispatch';

const YEAR_MS = 365 * 24 * 3_600_000;

export const REST_CAPABILITIES: ConnectorCapabilities = {
  // The bank says for ever; a year outlives every payment and keeps the sums finite.
  dedupeWindowMs: YEAR_MS,
  cancelByReference: true,
  cancelBlocksLatePay: true,
  refusesLateRequests: true,
  maxProcessingTimeMs: 15_000,
  // Disciplined clocks stay within milliseconds; two seconds is one that has just lost its source.
  maxClockSkewMs: 2_000,
  inquiryLagMs: 500,
  softDeclineIsFinal: true,
  partialRefunds: true,
  referenceLength: 64,
};

/** Per channel, only what differs from REST_CAPABILITIES. */
export type CapabilityDifferences = Readonly<Record<string, Partial<ConnectorCapabilities>>>;

/** @returns a lookup that costs nothing per call: each channel's capabilities are put together once */
export function restCapabilities(differences: CapabilityDifferences): (channelId: ChannelId) => ConnectorCapabilities {
  const special = new Map(
    Object.entries(differences).map(([channelId, difference]) => [channelId, { ...REST_CAPABILITIES, ...difference }]),
  );
  return (channelId) => special.get(channelId) ?? REST_CAPABILITIES;
}
