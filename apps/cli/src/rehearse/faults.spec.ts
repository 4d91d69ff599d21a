import { parseFault } from './faults';

describe('--fault', () => {
  it('collects faults with their seconds', () => {
    expect(parseFault('kill-worker@8', parseFault('redis-flushall@5s'))).toEqual([
      { name: 'redis-flushall', atS: 5 },
      { name: 'kill-worker', atS: 8 },
    ]);
  });

  it.each(['redis-flushall', 'kill-bank@5s', '@5s', 'kill-worker@soon'])(
    'refuses %s and says how to write it',
    (value) => {
      expect(() => parseFault(value)).toThrow(/name@seconds, such as redis-flushall@5s; there are redis-flushall, /);
    },
  );
});
