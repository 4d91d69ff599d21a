import type { ChannelId, PaymentId } from '#domain';
import type { ChannelFlow } from '#policy';
import { CMB, ICBC, entryOf, snapshotOf } from '../spec-kit/flow';
import { journalShareOf } from './journal-share';

const [flow] = snapshotOf([entryOf(ICBC, 40)], ['one', 'other', 'third']).channels;
const followed = { channel: (id: ChannelId): ChannelFlow | null => (id === ICBC ? flow! : null) };
const queued = (n: number, channelId = ICBC) => ({
  paymentId: `pay_01k9zq${String(n).padStart(6, '0')}` as PaymentId,
  version: 1,
  channelId,
});

describe('what a worker claims first while Redis is gone', () => {
  it('is a part of its own: every payment is of one worker, and each has about as many', () => {
    const counts = ['one', 'other', 'third'].map((id) => {
      const isOurs = journalShareOf(id, followed);
      return Array.from({ length: 3_000 }, (_, n) => queued(n)).filter(isOurs).length;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3_000);
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('is everything where the controller does not know it, or the channel', () => {
    expect(journalShareOf('newcomer', followed)(queued(1))).toBe(true);
    expect(journalShareOf('one', followed)(queued(1, CMB))).toBe(true);
  });
});
