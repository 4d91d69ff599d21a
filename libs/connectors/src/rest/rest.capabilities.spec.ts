import type { ChannelId } from '#domain';
import { REST_CAPABILITIES, restCapabilities } from './rest.capabilities';

describe('what a rest channel guarantees', () => {
  it('is the bank’s default unless its contract differs, channel by channel', () => {
    const capabilities = restCapabilities({ 'psbc.quickpay': { refusesLateRequests: false, dedupeWindowMs: null } });
    expect(capabilities('icbc.quickpay' as ChannelId)).toBe(REST_CAPABILITIES);
    expect(capabilities('psbc.quickpay' as ChannelId)).toEqual({
      ...REST_CAPABILITIES,
      refusesLateRequests: false,
      dedupeWindowMs: null,
    });
  });

  it('carries our references whole', () => {
    expect(REST_CAPABILITIES.referenceLength).toBeGreaterThanOrEqual(20);
  });

  it('allows for the inquiry lag that the bank promises', () => {
    expect(REST_CAPABILITIES.inquiryLagMs).toBe(500);
    expect(REST_CAPABILITIES.maxProcessingTimeMs).toBe(15_000);
  });
});
