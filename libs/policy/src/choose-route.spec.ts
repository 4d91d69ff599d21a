import fc from 'fast-check';
import type { ChannelId, InstrumentToken } from '#domain';
import { ChannelScores } from './channel-scores';
import { type RouteCandidate, chooseRoute, successRate } from './choose-route';

const candidate = (name: string, changes: Partial<RouteCandidate> = {}): RouteCandidate => ({
  token: `tok_${name}` as InstrumentToken,
  channelId: `${name}.quickpay` as ChannelId,
  admitted: true,
  tried: false,
  answers: 1_000,
  worked: 980,
  feeBasisPoints: 20,
  ...changes,
});
const channelOf = (...candidates: RouteCandidate[]) => chooseRoute(candidates)?.channelId ?? null;

describe('choosing a route', () => {
  it('keeps the payer’s order where nothing speaks against it', () => {
    expect(channelOf(candidate('icbc'), candidate('ccb'))).toBe('icbc.quickpay');
  });

  it('prefers the channel that works now', () => {
    expect(channelOf(candidate('icbc', { worked: 600 }), candidate('ccb'))).toBe('ccb.quickpay');
  });

  it('takes the cheapest of those that work as well', () => {
    expect(channelOf(candidate('icbc'), candidate('ccb', { worked: 975, feeBasisPoints: 10 }))).toBe('ccb.quickpay');
    expect(channelOf(candidate('icbc'), candidate('ccb', { worked: 900, feeBasisPoints: 1 }))).toBe('icbc.quickpay');
  });

  it('does not condemn or praise a channel for its first few answers', () => {
    expect(successRate({ answers: 1, worked: 0 })).toBeGreaterThan(0.9);
    expect(successRate({ answers: 2, worked: 2 })).toBeLessThan(0.98);
  });

  it('never takes what cannot take the payment, or what was tried', () => {
    const any = fc.record({
      admitted: fc.boolean(),
      tried: fc.boolean(),
      answers: fc.nat(1_000),
      feeBasisPoints: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (facts) => {
        const candidates = facts.map((one, n) => candidate(`b${n}`, { ...one, worked: Math.floor(one.answers / 2) }));
        const route = chooseRoute(candidates);
        const chosen = candidates.find(({ channelId }) => channelId === route?.channelId);
        if (route) expect(chosen).toMatchObject({ admitted: true, tried: false });
        else expect(candidates.some(({ admitted, tried }) => admitted && !tried)).toBe(false);
      }),
    );
  });
});

describe('the score of a channel', () => {
  const icbc = 'icbc.quickpay' as ChannelId;

  it('counts the last five minutes and forgets what came before, also after an idle hour', () => {
    const scores = new ChannelScores();
    for (let n = 0; n < 8; n += 1) scores.record(icbc, false, 1_000);
    expect(scores.score(icbc, 2_000)).toEqual({ answers: 8, worked: 0 });
    scores.record(icbc, true, 3_600_000);
    expect(scores.score(icbc, 3_600_000)).toEqual({ answers: 1, worked: 1 });
    expect(scores.score(icbc, 3_600_000 + 300_000)).toEqual({ answers: 0, worked: 0 });
  });

  it('never counts more than came, whatever the times', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2_000_000), fc.boolean())), (records) => {
        const scores = new ChannelScores();
        const ordered = records.map(([atMs]) => atMs).sort((a, b) => a - b);
        ordered.forEach((atMs, n) => scores.record(icbc, records[n]![1], atMs));
        const nowMs = ordered.at(-1) ?? 0;
        const { answers, worked } = scores.score(icbc, nowMs);
        expect(worked).toBeLessThanOrEqual(answers);
        expect(answers).toBe(
          ordered.filter((atMs) => Math.floor(nowMs / 10_000) - Math.floor(atMs / 10_000) < 30).length,
        );
      }),
    );
  });
});
