import fc from 'fast-check';
import { allDaysClosed, bankDayOf, daysThatProveAbsence, shiftBankDay, startOfBankDay } from './statement-days';

const NOON = Date.UTC(2026, 10, 11, 4);
const attempt = (changes = {}) => ({ dispatchedAt: NOON, sendBy: NOON + 2_000, actionExpiresAt: null, ...changes });

describe('a bank’s day', () => {
  it('begins at 16:00 UTC of the day before', () => {
    expect(bankDayOf(Date.UTC(2026, 10, 10, 15, 59, 59, 999))).toBe('2026-11-10');
    expect(bankDayOf(Date.UTC(2026, 10, 10, 16))).toBe('2026-11-11');
  });

  it('has a start that lies in it, and the next day follows it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (at) => {
        const day = bankDayOf(at);
        const start = startOfBankDay(day);
        return (
          start <= at && at < startOfBankDay(shiftBankDay(day, 1)) && shiftBankDay(shiftBankDay(day, 5), -5) === day
        );
      }),
    );
  });

  it.each(['2026-02-30', '2026-11-1', '11-11-2026', 'today', ''])('is not %p', (text) => {
    expect(startOfBankDay(text)).toBeNaN();
  });
});

describe('the days that prove an absence', () => {
  it('are the day of the dispatch and one more', () => {
    expect(daysThatProveAbsence(attempt(), 15_000)).toEqual({ first: '2026-11-11', last: '2026-11-12' });
  });

  it('reach over midnight with the bank’s processing time, and back by what its clock may differ', () => {
    const midnight = Date.UTC(2026, 10, 11, 16);
    const late = attempt({ dispatchedAt: midnight - 5_000, sendBy: midnight - 3_000 });
    expect(daysThatProveAbsence(late, 15_000)).toEqual({ first: '2026-11-11', last: '2026-11-13' });
    const early = attempt({ dispatchedAt: midnight + 60_000, sendBy: midnight + 62_000 });
    expect(daysThatProveAbsence(early, 15_000)).toEqual({ first: '2026-11-11', last: '2026-11-13' });
  });

  it('count from the end of the bank’s page where the payer pays there', () => {
    const page = attempt({ actionExpiresAt: NOON + 24 * 3_600_000 });
    expect(daysThatProveAbsence(page, 15_000).last).toBe('2026-11-13');
  });

  it('prove nothing while one of them is missing', () => {
    const all = ['2026-11-10', '2026-11-11', '2026-11-12'];
    expect(allDaysClosed('2026-11-10', '2026-11-12', new Set(all))).toBe(true);
    for (const missing of all) {
      expect(allDaysClosed('2026-11-10', '2026-11-12', new Set(all.filter((day) => day !== missing)))).toBe(false);
    }
  });
});
