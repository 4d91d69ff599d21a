import { trueCapacityPerSecond } from './bank-capacity-config';
import { bankPreset, BANK_PRESETS } from './banks';
import { sweepCapacity } from './capacity-sweep';

// Any seed will do; this one is the night the shapes are taken from.
const SEED = 20121111;

describe('two differently set banks', () => {
  const icbc = sweepCapacity(bankPreset('icbc.quickpay').capacity, SEED);
  const ccb = sweepCapacity(bankPreset('ccb.quickpay').capacity, SEED);

  it('have different knees: ICBC takes 95 % of its capacity unharmed, CCB at most 90 %', () => {
    const kneeShare = ({ findings }: typeof icbc): number => findings.kneePerSecond / findings.truePerSecond;
    expect(kneeShare(icbc)).toBeGreaterThanOrEqual(0.95);
    expect(kneeShare(ccb)).toBeLessThanOrEqual(0.9);
    expect(kneeShare(ccb)).toBeGreaterThanOrEqual(0.6); // frail, not useless: a router below the knee has a bank
  });

  it('differ past the knee: ICBC holds its throughput at 2 × and 3 ×, CCB keeps a fifth at most', () => {
    expect(icbc.findings.servedShareAt2x).toBeGreaterThan(0.97);
    expect(icbc.findings.servedShareAt3x).toBeGreaterThan(0.97);
    expect(ccb.findings.servedShareAt2x).toBeLessThan(0.2);
    expect(ccb.findings.servedShareAt3x).toBeLessThan(0.2);
  });

  it('differ in collapse: CCB goes down in the overload, to nothing for seconds, and ICBC never', () => {
    expect(icbc.findings.collapses).toBe(0);
    expect(icbc.findings.worstServedShare).toBeGreaterThan(0.9);
    expect(ccb.findings.collapses).toBeGreaterThan(0);
    expect(ccb.findings.worstServedShare).toBeLessThan(0.02);
  });

  it('differ in recovery: ICBC is back within two seconds, CCB later, and both are back', () => {
    expect(icbc.findings.recoveryS).toBeLessThanOrEqual(2);
    expect(ccb.findings.recoveryS).toBeGreaterThan(4);
  });

  it('give the same figures for the same seed and others for another', () => {
    const small = { ...bankPreset('cmb.gateway').capacity, slots: 5 };
    expect(sweepCapacity(small, 1)).toEqual(sweepCapacity(small, 1));
    expect(sweepCapacity(small, 1).curve).not.toEqual(sweepCapacity(small, 2).curve);
  });
});

describe('CCB online banking', () => {
  it('hangs and stays down under calm load after the overload, until callers leave it alone', () => {
    const { findings } = sweepCapacity(bankPreset('ccb.gateway').capacity, SEED);
    expect(findings.collapses).toBe(1);
    expect(findings.recoveryS).toBeNull();
  });
});

describe('the built-in banks', () => {
  it('are eight banks with quickpay and gateway each, and the wallet', () => {
    expect(BANK_PRESETS.map(({ channel }) => channel)).toEqual([
      ...['icbc', 'abc', 'boc', 'ccb', 'cmb', 'cib', 'psbc', 'bocom'].flatMap((bank) => [
        `${bank}.quickpay`,
        `${bank}.gateway`,
      ]),
      'wallet.balance',
    ]);
  });

  it('let a laptop rehearsal of 5,000/s, spread evenly over quickpay, flow below every knee', () => {
    const quickpay = BANK_PRESETS.filter(({ product }) => product === 'quickpay');
    for (const { channel, capacity } of quickpay) {
      const load = 5000 / 8 / trueCapacityPerSecond(capacity);
      expect([channel, load <= 0.9]).toEqual([channel, true]);
    }
  });

  it('give the wallet four times what any rehearsal offers', () => {
    expect(trueCapacityPerSecond(bankPreset('wallet.balance').capacity)).toBe(20_000);
  });

  it('queue at most five seconds of work, so that a drained bank is soon well again', () => {
    for (const { channel, capacity } of BANK_PRESETS) {
      expect([channel, capacity.queueLimit / trueCapacityPerSecond(capacity) <= 5]).toEqual([channel, true]);
    }
  });
});
