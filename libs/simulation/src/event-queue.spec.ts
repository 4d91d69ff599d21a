import fc from 'fast-check';
import { EventQueue } from './event-queue';

describe('the order of events', () => {
  it('is by time, then by arrival, whatever mixture of adding and taking', () => {
    // null takes, a number adds; few different times, so that ties are common
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 6 }), { freq: 3 }), { maxLength: 200 }), (steps) => {
        const queue = new EventQueue<{ time: number; nth: number }>();
        const model: { time: number; nth: number }[] = [];
        steps.forEach((time, nth) => {
          if (time !== null) {
            queue.push(time, { time, nth });
            model.push({ time, nth });
            return;
          }
          model.sort((a, b) => a.time - b.time || a.nth - b.nth);
          expect(queue.peekTime()).toBe(model[0]?.time ?? Infinity);
          expect(queue.pop()).toEqual(model.shift());
        });
        expect(queue.size).toBe(model.length);
      }),
    );
  });

  it('refuses NaN, which would silently scramble it', () => {
    expect(() => new EventQueue<string>().push(NaN, 'x')).toThrow(/NaN/);
  });
});
