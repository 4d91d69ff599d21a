import fc from 'fast-check';
import { timeText } from './time-text';

describe('a moment as text', () => {
  it('is what a date says, in whatever order moments come', () => {
    const now = Date.UTC(2026, 10, 11, 0, 0, 0);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: now - 2_000, max: now + 5_000_000 }), fc.maxSafeInteger())),
        (moments) => {
          for (const moment of moments) {
            if (Math.abs(moment) > 8.64e15) expect(() => timeText(moment)).toThrow(RangeError);
            else expect(timeText(moment)).toBe(new Date(moment).toISOString());
          }
        },
      ),
    );
  });

  it.each([-1, 0, 999, 1_000, 8.64e15, -8.64e15])('is right at %d', (moment) => {
    expect(timeText(moment)).toBe(new Date(moment).toISOString());
  });
});
