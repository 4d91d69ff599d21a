import type { ChannelId, PaymentId } from '#domain';
import { formatWakeUps, jobIdOf, jobOf, parseWakeUps } from './queue-names';

const paymentId = 'pay_01h455vb4pex5vsknk084sn02q' as PaymentId;

describe('names in Redis', () => {
  it('a job’s id says which payment, version and look it is for', () => {
    expect(jobIdOf('pay', { paymentId, version: 3 })).toBe(`${paymentId}-3`);
    expect(jobIdOf('inquiry', { paymentId, version: 3 })).toBe(`${paymentId}-3-i0`);
    expect(jobOf(`${paymentId}-3`)).toEqual({ paymentId, version: 3 });
    expect(jobOf(jobIdOf('inquiry', { paymentId, version: 3, look: 12 }))).toEqual({ paymentId, version: 3, look: 12 });
  });

  it('an id that somebody else made is no job of ours', () => {
    expect(['', '17', 'pay_1', 'pay_1-x', 'repeat:1:2'].map(jobOf)).toEqual([null, null, null, null, null]);
  });

  it('a wake-up survives the way through Redis, and nonsense wakes nobody', () => {
    const wakeUps = [
      { lane: 'pay', channelId: 'icbc.quickpay' as ChannelId, count: 12, delayMs: 0 },
      { lane: 'inquiry', channelId: 'cmb.gateway' as ChannelId, count: 1, delayMs: 2000 },
    ] as const;
    expect(parseWakeUps(formatWakeUps(wakeUps))).toEqual(wakeUps);
    expect(parseWakeUps('steal icbc.quickpay 1 0,,pay cmb.gateway 1 0')).toHaveLength(1);
  });
});
