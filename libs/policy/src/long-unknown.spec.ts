import { isLongUnknown } from './long-unknown';

const sendBy = 1_000_000;

describe('an unknown', () => {
  it('is for people after ten inquiries, or ten minutes', () => {
    expect(isLongUnknown({ inquiries: 9, sendBy }, sendBy + 599_999)).toBe(false);
    expect(isLongUnknown({ inquiries: 10, sendBy }, sendBy + 1)).toBe(true);
    expect(isLongUnknown({ inquiries: 0, sendBy }, sendBy + 600_000)).toBe(true);
  });
});
