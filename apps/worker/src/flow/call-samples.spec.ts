import type { ChannelId } from '#domain';
import { CALL_ENDS_MAX } from '#policy';
import { CallSamples } from './call-samples';

const ICBC = 'icbc.quickpay' as ChannelId;

describe('samples of calls', () => {
  let nowMs: number;
  let samples: CallSamples;
  beforeEach(() => {
    nowMs = 1_000;
    samples = new CallSamples(() => nowMs);
  });

  it('tell what began, what ended and how old the rest is, as ages', () => {
    const first = samples.began(ICBC, 'pay');
    nowMs = 1_100;
    samples.began(ICBC, 'pay');
    nowMs = 1_150.06;
    first('worked', 150.06);
    nowMs = 1_200;
    expect(samples.take()).toEqual([
      {
        channelId: ICBC,
        operation: 'pay',
        started: 2,
        ended: [{ endedAgoMs: 49.9, rttMs: 150.1, class: 'worked' }],
        underWayMs: [100],
      },
    ]);
    nowMs = 1_400;
    expect(samples.take()).toMatchObject([{ started: 0, ended: [], underWayMs: [300] }]);
  });

  it('say nothing of channels without a call, and keep operations apart', () => {
    samples.began(ICBC, 'inquiry')('busy', 3, 700);
    expect(samples.take()).toEqual([
      {
        channelId: ICBC,
        operation: 'inquiry',
        started: 1,
        ended: [{ endedAgoMs: 0, rttMs: 3, class: 'busy', retryAfterMs: 700 }],
        underWayMs: [],
      },
    ]);
    expect(samples.take()).toEqual([]);
  });

  it('count an end once, however often it is told', () => {
    const ended = samples.began(ICBC, 'pay');
    ended('worked', 1);
    ended('dropped', 2);
    expect(samples.take()[0]?.ended).toHaveLength(1);
    expect(samples.underWay(ICBC, 'pay')).toBe(0);
  });

  it('list at most so many ends, evenly over the time, and say how many there were', () => {
    for (let i = 0; i < 5_000; i += 1) {
      nowMs = 1_000 + i;
      samples.began(ICBC, 'pay')('worked', i);
    }
    const [report] = samples.take();
    expect(report).toMatchObject({ started: 5_000, endedInAll: 5_000 });
    const listed = report!.ended.map(({ rttMs }) => rttMs);
    expect(listed.length).toBeLessThanOrEqual(CALL_ENDS_MAX);
    expect(listed.length).toBeGreaterThan(CALL_ENDS_MAX / 2);
    const gaps = listed.slice(1).map((rtt, i) => rtt - listed[i]!);
    expect(new Set(gaps)).toEqual(new Set([16]));
    samples.began(ICBC, 'pay')('worked', 1);
    expect(samples.take()[0]).toEqual(expect.not.objectContaining({ endedInAll: expect.anything() }));
  });
});
