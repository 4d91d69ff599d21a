import { coresUsed, parseStat, type ProcessGlimpse } from './resources';

const glimpse = (atS: number, cpuS: number, name = 'worker'): ProcessGlimpse => ({
  atMs: atS * 1_000,
  name,
  cpuS,
  memoryMb: 100,
});

it('reads a process whose name has spaces and parentheses', () => {
  const stat = '42 (a (strange) name) S 7 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 20 0';
  expect(parseStat(stat)).toEqual({ parentPid: 7, ticks: 110 });
});

it('says how many cores each process used while it was looked at', () => {
  const seen = [glimpse(0, 1), glimpse(1, 1.5), glimpse(2, 2.5), glimpse(9, 9), glimpse(1, 9, 'redis')];
  expect(coresUsed(seen, { fromMs: 0, toMs: 2_000 })).toEqual({ worker: 0.75 });
});
