import { parseStat } from './processor-time.ts';

describe('processor time from /proc', () => {
  it('adds user and system time of the process and of its ended children, whatever its name', () => {
    const stat = '42 (postgres: a) (b) S 7 42 42 0 -1 4194560 900 0 0 0 10 20 300 4000 20 0 1 0 5 0 0';
    expect(parseStat(stat)).toEqual({ parentPid: 7, ticks: 4330 });
  });
});
