import type { LedgerLine } from '#audit';
import { lateMs } from './sent-late';

const arrived = (sendByMs: number, receivedAtMs: number): LedgerLine => ({
  seq: 1,
  channel: 'icbc.quickpay',
  operation: 'charge',
  reference: 'R',
  originalReference: null,
  amountMinor: 100,
  currency: 'CNY',
  instrument: null,
  receivedAtMs,
  sendByMs,
  result: 'OK',
  bankTransactionId: null,
});

describe('a charge that reached its bank late', () => {
  it('is ours when a process slept and sent when it woke up', () => {
    expect(lateMs(arrived(10_000, 13_000), [])).toBe(3_000);
  });

  it('is not ours when it lay in the socket of a bank that stood still (chaos, random, seed 9)', () => {
    expect(lateMs(arrived(10_000, 13_000), [{ fromMs: 8_000, untilMs: 12_990 }])).toBeNull();
  });

  it('is ours again where the bank was asleep for a part of the delay only', () => {
    expect(lateMs(arrived(10_000, 20_000), [{ fromMs: 8_000, untilMs: 12_000 }])).toBe(8_000);
  });

  it('is in time within the second that two clocks and a network may take', () => {
    expect(lateMs(arrived(10_000, 10_900), [])).toBeNull();
  });
});
