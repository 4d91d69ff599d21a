import { windowsOf } from './windows.ts';

describe('the windows of a sustained run', () => {
  it('are five seconds each, the last one longer, and leave nothing out', () => {
    expect(windowsOf(60)).toEqual(new Array(12).fill(5));
    expect(windowsOf(13)).toEqual([5, 8]);
    expect(windowsOf(3)).toEqual([3]);
  });
});
