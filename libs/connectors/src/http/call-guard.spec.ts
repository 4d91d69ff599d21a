import type { ChannelId } from '#domain';
import { CallGuard } from './call-guard';

const ICBC = 'icbc.quickpay' as ChannelId;
const CMB = 'cmb.quickpay' as ChannelId;

describe('the guard before bank calls', () => {
  let guard: CallGuard;
  beforeEach(() => (guard = new CallGuard()));
  afterEach(() => {
    guard.shutdown();
    jest.useRealTimers();
  });
  const run = (channel: ChannelId, call = () => Promise.resolve('called')) => guard.run(channel, call, () => 'refused');

  it('refuses the calls of an open channel without making them, and only of that channel', async () => {
    guard.command(ICBC, 'open');
    const call = jest.fn(() => Promise.resolve('called'));
    await expect(run(ICBC, call)).resolves.toBe('refused');
    await expect(run(CMB)).resolves.toBe('called');
    expect(call).not.toHaveBeenCalled();
    expect([guard.isOpen(ICBC), guard.isOpen(CMB)]).toEqual([true, false]);
  });

  it('lets calls through again when it is told to', async () => {
    guard.command(ICBC, 'open');
    guard.command(ICBC, 'half_open');
    await expect(run(ICBC)).resolves.toBe('called');
  });

  it('is told the same many times a second, and takes an operator’s isolation for open', async () => {
    for (let n = 0; n < 100; n += 1) guard.command(ICBC, 'isolated');
    await expect(run(ICBC)).resolves.toBe('refused');
    for (const state of ['ramping', 'closed'] as const) guard.command(ICBC, state);
    await expect(run(ICBC)).resolves.toBe('called');
  });

  it('never opens by itself, however many calls fail', async () => {
    const failing = () => Promise.reject(new Error('a bank without mercy'));
    for (let call = 0; call < 500; call += 1) await expect(run(ICBC, failing)).rejects.toThrow('mercy');
    expect(guard.isOpen(ICBC)).toBe(false);
  });

  it('never closes by itself, not even after opossum’s longest timer', () => {
    jest.useFakeTimers();
    guard.command(ICBC, 'open');
    jest.advanceTimersByTime(2 ** 31 + 60_000);
    expect(guard.isOpen(ICBC)).toBe(true);
  });
});
