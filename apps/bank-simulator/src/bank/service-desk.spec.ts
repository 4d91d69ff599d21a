import { parseCapacityConfig } from '#simulation';
import { ServiceDesk } from './service-desk';

describe('the service desk of a simulated bank', () => {
  const config = parseCapacityConfig({
    ...{ slots: 1, service: { shape: 'lognormal', meanMs: 200, sigma: 0 }, queueLimit: 1, busyFromQueue: 1 },
    ...{ answerDelayMs: 5, busyAnswerMs: 15, discipline: 'fifo', rateCap: null, collapse: null },
    degradation: { kneeLoad: 1, slope: 0, floor: 1 },
    pauses: { everyMs: 10_000, forMs: 500, firstAtMs: 1_000 },
  });

  it('answers questions again after a pause in which somebody looked at it, though nobody pays (chaos, random, seed 28)', () => {
    let nowMs = 0;
    const desk = new ServiceDesk<string>(
      config,
      () => 0.5,
      () => nowMs,
      () => undefined,
    );
    expect(desk.sideWorkMs()).toBe(55);
    nowMs = 1_200;
    desk.facts();
    expect(desk.sideWorkMs()).toBe(5_005);
    nowMs = 2_000;
    expect(desk.sideWorkMs()).toBe(55);
    desk.close();
  });
});
