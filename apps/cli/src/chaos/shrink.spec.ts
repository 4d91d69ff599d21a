import { shrink } from './shrink';

describe('shrinking a schedule that fails', () => {
  const faults = [1, 2, 3, 4, 5, 6, 7, 8];

  it('finds the one fault that is to blame', async () => {
    const { items } = await shrink(faults, (part) => Promise.resolve(part.includes(6)), 100);
    expect(items).toEqual([6]);
  });

  it('finds two that only fail together, however far apart', async () => {
    const { items } = await shrink(faults, (part) => Promise.resolve(part.includes(1) && part.includes(8)), 100);
    expect(items).toEqual([1, 8]);
  });

  it('keeps them all when all are needed', async () => {
    const { items } = await shrink(faults, (part) => Promise.resolve(part.length === faults.length), 200);
    expect(items).toEqual(faults);
  });

  it('finds that no fault is to blame', async () => {
    expect(await shrink(faults, () => Promise.resolve(true), 100)).toEqual({ items: [], runs: 1 });
  });

  it('asks no more often than it may, and says how often', async () => {
    const asked = jest.fn((part: readonly number[]) => Promise.resolve(part.includes(1) && part.includes(8)));
    const { runs } = await shrink(faults, asked, 3);
    expect(runs).toBe(3);
    expect(asked).toHaveBeenCalledTimes(3);
  });
});
