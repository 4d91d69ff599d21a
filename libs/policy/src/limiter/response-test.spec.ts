import { responseOf, showsNoQueue, worldMoved } from './response-test';

const reading = (delayMs: number, inFlight: number) => ({ delayMs, inFlight, error: 0.03 });

describe('the response to a cut', () => {
  it('is 1 for a queue: half the calls, half the delay', () => {
    const response = responseOf(reading(800, 200), reading(400, 100), 250)!;
    expect(response.elasticity).toBeCloseTo(1, 5);
    expect(showsNoQueue(response)).toBe(false);
  });

  it('is 0 for a long way: half the calls, the same delay', () => {
    const response = responseOf(reading(800, 200), reading(800, 100), 250)!;
    expect(response.elasticity).toBeCloseTo(0, 5);
    expect(showsNoQueue(response)).toBe(true);
  });

  it('says nothing where the load hardly changed, or where the world moved meanwhile', () => {
    expect(responseOf(reading(800, 100), reading(780, 97), 250)).toBeNull();
    expect(worldMoved(reading(400, 200), reading(700, 100), 250)).toBe(true);
    expect(worldMoved(reading(700, 200), reading(400, 100), 250)).toBe(false);
  });
});
