import { bankPreset } from '#simulation';
import { ServiceDesk } from './service-desk';

describe('the service desk', () => {
  it('does not stand still for ever because the last payment left during a standstill (chaos, random, seed 28)', () => {
    let nowMs = 0;
    const config = {
      ...bankPreset('bocom.gateway').capacity,
      pauses: { everyMs: 15_000, forMs: 500, firstAtMs: 7_000 },
    };
    const desk = new ServiceDesk<string>(
      config,
      () => 0.5,
      () => nowMs,
      () => undefined,
    );
    nowMs = 7_100;
    desk.facts();
    expect(desk.sideWorkMs()).toBeGreaterThan(5_000);
    nowMs = 8_000;
    expect(desk.sideWorkMs()).toBeLessThan(1_000);
    desk.close();
  });
});
