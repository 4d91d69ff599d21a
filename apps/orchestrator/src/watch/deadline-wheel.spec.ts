import { DeadlineWheel } from './deadline-wheel';

describe('deadlines on one wheel', () => {
  it('run at the first tick after their time, once', () => {
    const wheel = new DeadlineWheel(1_000);
    const due = jest.fn();
    wheel.add(1_250, due);
    wheel.tick(1_200);
    expect(due).not.toHaveBeenCalled();
    wheel.tick(1_300);
    wheel.tick(1_400);
    expect(due).toHaveBeenCalledTimes(1);
  });

  it('run at the next tick when their time has already passed', () => {
    const wheel = new DeadlineWheel(5_000);
    const due = jest.fn();
    wheel.add(10, due);
    wheel.tick(5_100);
    expect(due).toHaveBeenCalled();
  });

  it('all run after a long pause of the process, in their order', () => {
    const wheel = new DeadlineWheel(0);
    const order: number[] = [];
    for (const ms of [900, 300, 600]) wheel.add(ms, () => order.push(ms));
    wheel.tick(3_600_000);
    expect(order).toEqual([300, 600, 900]);
  });

  it('can be forgotten, and do not wait for a process that ends', () => {
    const wheel = new DeadlineWheel(0);
    const [forgotten, pending, late] = [jest.fn(), jest.fn(), jest.fn()];
    wheel.add(100, forgotten)();
    wheel.add(30_000, pending);
    wheel.end();
    wheel.add(30_000, late);
    expect([forgotten, pending, late].map((each) => each.mock.calls.length)).toEqual([0, 1, 1]);
  });
});
