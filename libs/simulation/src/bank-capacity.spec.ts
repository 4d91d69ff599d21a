import { abandon, advance, createCapacity, nextEventMs, offer, reconfigure } from './bank-capacity';
import { type BankCapacityConfig, DEGRADATIONS } from './bank-capacity-config';
import { type BankCapacity, capacityFacts } from './bank-capacity-state';
import { patchCapacityConfig } from './parse-capacity-config';
import { seededRandom } from './prng';

const base: BankCapacityConfig = {
  slots: 2,
  service: { shape: 'fixed', meanMs: 100, sigma: 0 },
  answerDelayMs: 0,
  discipline: 'fifo',
  queueLimit: 3,
  busyFromQueue: 3,
  busyAnswerMs: 15,
  degradation: DEGRADATIONS.none,
  collapse: null,
  rateCap: null,
  pauses: null,
};
const half = (): number => 0.5;

/** Offers ids 1..n at once. */
function crowd(bank: BankCapacity, n: number, nowMs = 0): string[] {
  return Array.from({ length: n }, (_, i) => {
    const result = offer(bank, i + 1, nowMs, half);
    return result.kind === 'busy' ? result.reason : result.kind;
  });
}
function finishes(bank: BankCapacity, untilMs: number): [id: number, atMs: number][] {
  return advance(bank, untilMs).map((done) => [done.id, Math.round(done.finishedMs * 1000) / 1000]);
}

describe('a bank with two slots', () => {
  it('works on two payments, keeps three waiting, and says busy to the sixth', () => {
    const bank = createCapacity(base);
    expect(crowd(bank, 6)).toEqual(['admitted', 'admitted', 'admitted', 'admitted', 'admitted', 'queue_full']);
    expect(capacityFacts(bank)).toMatchObject({ inService: 2, queued: 3, busySlots: 2, waiting: 3 });
    expect(nextEventMs(bank)).toBe(100);
    expect(finishes(bank, 1000)).toEqual([
      [1, 100],
      [2, 100],
      [3, 200],
      [4, 200],
      [5, 300],
    ]);
    expect(capacityFacts(bank)).toMatchObject({ busySlotMs: 500, workedSlotMs: 500, waitingMs: 400, served: 5 });
    expect(nextEventMs(bank)).toBe(Infinity);
  });

  it('shares its slots under processor sharing: four payments at half speed', () => {
    const bank = createCapacity({ ...base, discipline: 'processor_sharing' });
    crowd(bank, 4);
    expect(capacityFacts(bank)).toMatchObject({ inService: 4, busySlots: 2, waiting: 2, speed: 0.5 });
    expect(finishes(bank, 1000).map(([, atMs]) => atMs)).toEqual([200, 200, 200, 200]);
  });

  it('holds no slot while an answer travels', () => {
    const bank = createCapacity({ ...base, answerDelayMs: 40 });
    crowd(bank, 1);
    expect(advance(bank, 100)).toMatchObject([{ id: 1, finishedMs: 100, delayMs: 40 }]);
    expect(capacityFacts(bank).inService).toBe(0);
  });

  it('slows by its degradation as work piles up', () => {
    const bank = createCapacity({ ...base, degradation: { kneeLoad: 1, slope: 1, floor: 0.1 } });
    crowd(bank, 4); // load 2: one beyond the knee, half speed
    expect(capacityFacts(bank).speed).toBe(0.5);
    expect(finishes(bank, 200)).toHaveLength(2);
    expect(capacityFacts(bank).speed).toBe(1);
  });

  it('stands still in a pause and goes on with what it had', () => {
    const bank = createCapacity({ ...base, pauses: { everyMs: 1000, forMs: 200, firstAtMs: 50 } });
    crowd(bank, 1);
    expect(nextEventMs(bank)).toBe(50);
    expect(finishes(bank, 299)).toEqual([]);
    expect(finishes(bank, 300)).toEqual([[1, 300]]);
    expect(capacityFacts(bank)).toMatchObject({ busySlotMs: 300, workedSlotMs: 100 });
  });

  it('says busy to a growing share before its queue is full', () => {
    const random = seededRandom(3);
    const bank = createCapacity({ ...base, slots: 0, queueLimit: 1000, busyFromQueue: 0 });
    for (let id = 0; id < 1000; id += 1) offer(bank, id, 0, random);
    const { busy, queued } = capacityFacts(bank);
    expect(busy.shedding + queued).toBe(1000);
    expect(queued).toBeGreaterThan(580); // dq/dn = 1 − q/1000 gives 632
    expect(queued).toBeLessThan(680);
  });

  it('answers busy above its hidden rate, and takes the burst after quiet', () => {
    const many = { ...base, slots: 100, rateCap: { perSecond: 10, burst: 3, beyond: 'busy' as const } };
    const bank = createCapacity(many);
    expect(crowd(bank, 5)).toEqual(['admitted', 'admitted', 'admitted', 'rate_cap', 'rate_cap']);
    expect(offer(bank, 6, 99, half).kind).toBe('busy');
    expect(offer(bank, 7, 100, half).kind).toBe('admitted');
  });

  it('paces work at its hidden rate where that makes payments wait', () => {
    const bank = createCapacity({ ...base, slots: 3, rateCap: { perSecond: 4, burst: 1, beyond: 'wait' } });
    crowd(bank, 3);
    expect(finishes(bank, 2000)).toEqual([
      [1, 100],
      [2, 350],
      [3, 600],
    ]);
  });

  it('lets a waiting payment leave, but finishes one in service although its caller has gone', () => {
    const bank = createCapacity(base);
    crowd(bank, 4);
    expect(abandon(bank, 3, 10)).toBe('left');
    expect(abandon(bank, 1, 10)).toBe('in_service');
    expect(abandon(bank, 99, 10)).toBe('not_inside');
    expect(finishes(bank, 1000)).toEqual([
      [1, 100],
      [2, 100],
      [4, 200],
    ]);
    expect(abandon(bank, 1, 1000)).toBe('not_inside');
    expect(abandon(bank, 3, 1000)).toBe('not_inside');
    expect(offer(bank, 3, 1000, half).kind).toBe('admitted'); // it left, so it may come again
  });

  it('refuses a clock that goes back and a payment that is already inside', () => {
    const bank = createCapacity(base, 1000);
    expect(() => advance(bank, 999)).toThrow(/time went back from 1000 to 999/);
    crowd(bank, 1, 1000);
    expect(() => offer(bank, 1, 1001, half)).toThrow(/already inside/);
  });

  it('keeps completions found by an offer for the next advance', () => {
    const bank = createCapacity(base);
    crowd(bank, 1);
    offer(bank, 2, 500, half);
    expect(nextEventMs(bank)).toBe(100);
    expect(finishes(bank, 500)).toEqual([[1, 100]]);
  });
});

describe('settings changed while payments are inside', () => {
  it('new slots take waiting payments at once', () => {
    const bank = createCapacity(base);
    crowd(bank, 5);
    reconfigure(bank, { ...base, slots: 5 }, 50);
    expect(capacityFacts(bank)).toMatchObject({ inService: 5, queued: 0 });
    expect(finishes(bank, 150)).toHaveLength(5);
  });

  it('fewer slots are shared at once by what they were working on', () => {
    const bank = createCapacity(base);
    crowd(bank, 3);
    reconfigure(bank, { ...base, slots: 1 }, 50); // two half-done payments on one slot: 100 ms more
    expect(finishes(bank, 150)).toEqual([
      [1, 150],
      [2, 150],
    ]);
    expect(finishes(bank, 250)).toEqual([[3, 250]]);
  });

  it('a slower mean stretches what is left of running payments, and waiting ones from the start', () => {
    const bank = createCapacity(base);
    crowd(bank, 3);
    reconfigure(bank, patchCapacityConfig(base, { service: { meanMs: 300 } }), 50);
    expect(finishes(bank, 1000)).toEqual([
      [1, 200],
      [2, 200],
      [3, 500],
    ]);
  });

  it('no slots: everything stands until there are some', () => {
    const bank = createCapacity(base);
    crowd(bank, 2);
    reconfigure(bank, { ...base, slots: 0 }, 50);
    expect(nextEventMs(bank)).toBe(Infinity);
    reconfigure(bank, base, 1050);
    expect(finishes(bank, 2000)).toEqual([
      [1, 1100],
      [2, 1100],
    ]);
  });
});

describe('a bank that collapses', () => {
  const frail = { ...base, collapse: { atLoad: 2, downMs: 1000, recoverAtLoad: 0.5, drainSpeed: 0.1, refuses: true } };

  it('falls at its load, refuses while it drains, and is back after its time and an empty queue', () => {
    const bank = createCapacity(frail);
    crowd(bank, 4);
    expect(capacityFacts(bank)).toMatchObject({ collapsed: true, collapses: 1, speed: 0.1 });
    expect(offer(bank, 9, 10, half)).toEqual({ kind: 'busy', reason: 'collapsed', delayMs: 15 });
    expect(finishes(bank, 1999)).toHaveLength(2); // 100 ms of work at a tenth of the speed
    expect(capacityFacts(bank).collapsed).toBe(true); // its time is over, its load is 1
    expect(finishes(bank, 2000)).toHaveLength(2);
    expect(capacityFacts(bank)).toMatchObject({ collapsed: false, speed: 1 });
    expect(offer(bank, 10, 2001, half).kind).toBe('admitted');
  });

  it('stays down under steady load where it lets payments hang: removing the trigger is not enough', () => {
    const bank = createCapacity({ ...frail, collapse: { ...frail.collapse, refuses: false } });
    crowd(bank, 4);
    // Half of its true capacity, 10/s, for a minute: harmless before the fall.
    for (let i = 0; i < 600; i += 1) offer(bank, 100 + i, 100 + i * 100, half);
    advance(bank, 60_100);
    expect(capacityFacts(bank).collapsed).toBe(true);
    advance(bank, 70_000); // callers have gone
    expect(capacityFacts(bank).collapsed).toBe(false);
  });

  it('stays down for its time even when it is empty long before', () => {
    const bank = createCapacity({ ...frail, collapse: { ...frail.collapse, drainSpeed: 1 } });
    crowd(bank, 4);
    expect(finishes(bank, 999)).toHaveLength(4);
    expect(capacityFacts(bank)).toMatchObject({ collapsed: true, inService: 0, queued: 0 });
    expect(nextEventMs(bank)).toBe(1000);
    advance(bank, 1000);
    expect(capacityFacts(bank).collapsed).toBe(false);
  });

  it('is back as soon as enough of those who wait have left', () => {
    const bank = createCapacity({ ...frail, collapse: { ...frail.collapse, recoverAtLoad: 1, drainSpeed: 0.001 } });
    crowd(bank, 4);
    abandon(bank, 3, 1000);
    expect(capacityFacts(bank).collapsed).toBe(true);
    abandon(bank, 4, 1000);
    expect(capacityFacts(bank)).toMatchObject({ collapsed: false, abandoned: 2 });
  });

  it('can be lifted by an operator who takes the collapse away', () => {
    const bank = createCapacity(frail);
    crowd(bank, 4);
    reconfigure(bank, base, 10);
    expect(capacityFacts(bank)).toMatchObject({ collapsed: false, speed: 1 });
  });
});
