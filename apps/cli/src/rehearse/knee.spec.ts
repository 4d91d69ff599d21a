import type { PayerOutcome } from './client-outcomes';
import { findKnee, kneeFigures } from './knee';

const STEP_MS = 1_000;
const spans = [0, 1, 2].map((step) => ({ fromMs: step * STEP_MS, toMs: (step + 1) * STEP_MS }));
/** As many payers as asked for, evenly over a step. */
const step = (number: number, perSecond: number, change: (n: number) => { ackMs?: number; state?: string }) =>
  Array.from({ length: perSecond }, (_, n) => {
    const { ackMs = 10, state = 'succeeded' } = change(n);
    const postedMs = number * STEP_MS + (n * STEP_MS) / perSecond;
    return { postedMs, acceptedMs: postedMs + ackMs, endMs: postedMs + 300, state } as PayerOutcome;
  });
const calm = () => ({});

describe('the knee of a ramp', () => {
  const idle = () => ({ worker: 0.3, machine: 0.8 });

  it('is the last step before acknowledgements became slow', () => {
    const outcomes = [...step(0, 100, calm), ...step(1, 200, calm), ...step(2, 300, () => ({ ackMs: 150 }))];
    expect(findKnee(outcomes, spans, 5_000, idle, 2)).toMatchObject({ perSecond: 200, above: false });
  });

  it('is the last step before payments failed, also if a later step holds again', () => {
    const outcomes = [
      ...step(0, 100, calm),
      ...step(1, 200, (n) => (n % 10 === 0 ? { state: 'expired' } : {})),
      ...step(2, 300, calm),
    ];
    const knee = findKnee(outcomes, spans, 5_000, idle, 2);
    expect(knee).toMatchObject({ perSecond: 100, saturated: 'nobody' });
    expect(kneeFigures(knee)[0]).toMatchObject({ name: 'knee_per_second', value: 100 });
  });

  it('is above the last step where all of them hold', () => {
    const outcomes = [0, 1, 2].flatMap((number) => step(number, 100, calm));
    expect(findKnee(outcomes, spans, 5_000, idle, 2)).toMatchObject({ perSecond: 100, above: true });
  });

  it('names who had no processor time left in the first step that did not hold', () => {
    const outcomes = [...step(0, 100, calm), ...step(1, 200, () => ({ ackMs: 500 })), ...step(2, 300, calm)];
    const worker = ({ fromMs }: { fromMs: number }) => ({ worker: fromMs === STEP_MS ? 0.95 : 0.2, machine: 1.5 });
    expect(findKnee(outcomes, spans, 5_000, worker, 2).saturated).toBe('worker');
    expect(findKnee(outcomes, spans, 5_000, () => ({ postgres: 1.1, machine: 1.9 }), 2).saturated).toBe('machine');
    expect(findKnee(outcomes, spans, 5_000, () => ({ worker: 0.2, machine: 1.9 }), 2).saturated).toBe('others');
  });
});
