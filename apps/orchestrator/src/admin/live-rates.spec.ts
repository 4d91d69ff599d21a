import { LiveRates } from './live-rates';

describe('rates', () => {
  it('are unknown until there is a second to compare, and then over the last five', () => {
    const rates = new LiveRates();
    expect(rates.sample(0, 100)).toEqual({
      accepted_per_second: null,
      succeeded_per_second: null,
      failed_per_second: null,
      refused_per_second: null,
    });
    rates.became(['succeeded', 'succeeded', 'failed', 'expired', 'processing', null]);
    rates.answered('channel_saturated');
    // Not a refusal for capacity: a mistake, and a doubt.
    rates.answered('parameter_invalid');
    rates.answered('acceptance_unknown');
    expect(rates.sample(1_000, 110)).toEqual({
      accepted_per_second: 10,
      succeeded_per_second: 2,
      failed_per_second: 2,
      refused_per_second: 1,
    });
    for (let second = 2; second <= 8; second += 1) rates.sample(second * 1_000, 110);
    expect(rates.sample(9_000, 110)).toMatchObject({ accepted_per_second: 0, succeeded_per_second: 0 });
  });

  it('begin anew after a pause in which nobody watched, and say nothing where the journal could not be asked', () => {
    const rates = new LiveRates();
    rates.sample(0, 100);
    expect(rates.sample(60_000, 9_000)).toMatchObject({ accepted_per_second: null });
    expect(rates.sample(61_000, null)).toMatchObject({ accepted_per_second: null, succeeded_per_second: 0 });
  });
});
