import { ERROR_CODES, RETIRED_ERROR_CODES, errorDefinition, type ErrorCode } from './error-codes';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('error codes', () => {
  it('say in both languages what happened and what to do', () => {
    for (const code of codes) {
      const { message } = errorDefinition(code);
      expect(message.en).toMatch(/[.]$/);
      expect(message['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it('keep 429 for the caller’s own quota and 503 for capacity, both with a time to retry', () => {
    for (const code of codes) {
      const { status, retry } = errorDefinition(code);
      if (status === 429) expect(code).toMatch(/^client_/);
      if (status === 429 || status === 503) expect(retry?.after_ms).toBeGreaterThan(0);
    }
  });

  it('never say "not accepted" where that is not certain', () => {
    for (const code of ['acceptance_unknown', 'internal_error', 'storage_unavailable'] as const)
      expect(errorDefinition(code).accepted).toBe('unknown');
  });

  it('are never given a second meaning', () => {
    for (const retired of RETIRED_ERROR_CODES) expect(codes).not.toContain(retired);
  });
});
