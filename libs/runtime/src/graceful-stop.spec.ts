import { stopInOrder } from './graceful-stop';

const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };

describe('stopping in order', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('finishes one step before the next begins', async () => {
    const order: string[] = [];
    const step = (name: string) => ({
      name,
      boundMs: 10,
      stop: async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      },
    });
    await expect(stopInOrder([step('http'), step('pools')], log)).resolves.toEqual([]);
    expect(order).toEqual(['http begins', 'http ends', 'pools begins', 'pools ends']);
  });

  it('goes on past a step that fails or hangs, and says which', async () => {
    const closed = jest.fn();
    const stopped = stopInOrder(
      [
        { name: 'hangs', boundMs: 5_000, stop: () => new Promise<void>(() => undefined) },
        { name: 'throws', boundMs: 5_000, stop: () => Promise.reject(new Error('no')) },
        { name: 'pools', boundMs: 5_000, stop: closed },
      ],
      log,
    );
    await jest.advanceTimersByTimeAsync(5_000);
    await expect(stopped).resolves.toEqual(['hangs', 'throws']);
    expect(closed).toHaveBeenCalled();
  });
});
