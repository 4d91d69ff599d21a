import type { ChannelId, ChannelLimits } from '#domain';
import { StaticDoor } from './static-door';

const limits: ChannelLimits = {
  channelId: 'icbc.quickpay' as ChannelId,
  revision: 1,
  ratePerSecond: 100,
  burst: 10,
  inFlightMax: 50,
  longestWaitMs: 2_000,
  timeoutMs: 3_000,
  amountMin: 1,
  amountMax: 100,
};

describe('a door that no controller has spoken to', () => {
  it('lets in the longest wait’s worth at once, and then the rate: never everybody', () => {
    const door = new StaticDoor();
    const admitted = (nowMs: number) => {
      let count = 0;
      for (let payment = 0; payment < 10_000; payment += 1)
        if (door.ask(limits, Infinity, nowMs).kind === 'admit') count += 1;
      return count;
    };
    expect(admitted(0)).toBe(101);
    expect(admitted(1_000)).toBe(50);
    expect(admitted(61_000)).toBe(101);
  });

  it('lets in only those who have the patience', () => {
    const door = new StaticDoor();
    for (let payment = 0; payment < 30; payment += 1) door.ask(limits, Infinity, 0);
    expect(door.ask(limits, 500, 0)).toEqual({ kind: 'refuse', waitMs: 600 });
    expect(door.ask(limits, 600, 0).kind).toBe('admit');
  });

  it('counts each channel by itself', () => {
    const door = new StaticDoor();
    while (door.ask(limits, Infinity, 0).kind === 'admit');
    const other = { ...limits, channelId: 'ccb.quickpay' as ChannelId };
    expect(door.ask(other, 0, 0).kind).toBe('admit');
  });
});
