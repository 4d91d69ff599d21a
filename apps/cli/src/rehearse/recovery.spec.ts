import { flowsAgainS, recovery } from './recovery';

/** Ten a second, each ending after 200 ms, but those that end in a gap end at its end. */
const payments = (seconds: number, gap: readonly [fromMs: number, toMs: number] | null) =>
  Array.from({ length: seconds * 10 }, (_, n) => {
    const endMs = n * 100 + 200;
    return {
      postedMs: n * 100,
      acceptedMs: n * 100,
      endMs: gap !== null && endMs >= gap[0] && endMs < gap[1] ? gap[1] : endMs,
    };
  });
const killed = (fromMs: number) => ({
  name: 'kill-worker' as const,
  atS: fromMs / 1_000,
  happened: true,
  seen: '',
  fromMs,
});

describe('recovery after a blow', () => {
  it('takes until payments end as before', () => {
    expect(flowsAgainS(payments(60, [20_000, 23_000]), 20_000, 50_000)).toBeCloseTo(2, 0);
  });

  it('is not over with one burst that nothing follows', () => {
    const burst = payments(60, [20_000, 23_000]).map((one) => ({
      ...one,
      endMs: one.endMs > 23_000 && one.endMs < 26_000 ? 26_000 : one.endMs,
    }));
    expect(flowsAgainS(burst, 20_000, 50_000)).toBeGreaterThan(4);
  });

  it('is at once where nobody noticed', () => {
    expect(flowsAgainS(payments(60, null), 20_000, 50_000)).toBe(0);
  });

  it('does not take the end of the load for a gap', () => {
    expect(flowsAgainS(payments(30, null), 20_000, 50_000)).toBe(0);
  });

  it('gives the worst of several blows, and the last payment that one of them struck', () => {
    const all = [...payments(60, [30_000, 34_000]), { postedMs: 29_900, acceptedMs: 29_910, endMs: 45_000 }];
    const figures = recovery(all, [killed(15_000), killed(30_000)]);
    expect(figures).toMatchObject([
      { name: 'recovery_s', met: true },
      { name: 'struck_settled_s', value: 15, met: true },
    ]);
    expect(figures[0]!.value).toBeCloseTo(3, 0);
  });

  it('is not met by a payment that never ended', () => {
    const lost = { postedMs: 14_900, acceptedMs: 14_910, endMs: null };
    expect(recovery([...payments(60, null), lost], [killed(15_000)])[1]).toMatchObject({ value: null, met: false });
    const refused = { ...lost, acceptedMs: null };
    expect(recovery([...payments(60, null), refused], [killed(15_000)])[1]).toMatchObject({ met: true });
  });

  it('says nothing where nothing struck', () => expect(recovery(payments(9, null), [])).toEqual([]));
});
