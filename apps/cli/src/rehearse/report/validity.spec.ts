import { latenessMs } from './validity';

it('calls arrivals late by the longest time that they were behind their plan', () => {
  expect(latenessMs([100, 100, 100], [100, 98, 101])).toBe(0);
  expect(latenessMs([100, 100, 100], [100, 50, 150])).toBe(450);
  expect(latenessMs([], [])).toBe(0);
});
