import { parseCrashPoint, stepProbe } from './crash-at';

describe('stopping a process at a named step', () => {
  it('does nothing when nobody asked for it', () => {
    const die = jest.fn();
    stepProbe(parseCrashPoint(undefined), null, die)('accept.committed');
    stepProbe(parseCrashPoint(''), null, die)('accept.committed');
    expect(die).not.toHaveBeenCalled();
  });

  it('dies the n-th time that the step is reached, and not at its neighbours', () => {
    const die = jest.fn();
    const reached = stepProbe(parseCrashPoint('accept.committed:2'), null, die);
    reached('accept.committed');
    reached('accept.enqueued');
    expect(die).not.toHaveBeenCalled();
    reached('accept.committed');
    expect(die.mock.calls).toEqual([['SIGKILL']]);
  });

  it('freezes where it is told to, once, and goes on when it is woken', () => {
    const signal = jest.fn();
    const reached = stepProbe(null, parseCrashPoint('dispatch.sending:1', 'SLUICE_STOP_AT'), signal);
    reached('dispatch.sending');
    reached('dispatch.sending');
    expect(signal.mock.calls).toEqual([['SIGSTOP']]);
  });

  it('means the first time when no number is given', () => {
    expect(parseCrashPoint('dispatch.sending')).toEqual({ step: 'dispatch.sending', times: 1 });
  });

  it('refuses a step that does not exist, and lists those that do', () => {
    expect(() => parseCrashPoint('accept.comitted:1')).toThrow(
      /"accept\.comitted".*accept\.committed, accept\.enqueued/,
    );
  });

  it('names the variable that is wrong', () => {
    expect(() => parseCrashPoint('nowhere', 'SLUICE_STOP_AT')).toThrow(/^SLUICE_STOP_AT names no step/);
  });

  it.each(['accept.committed:0', 'accept.committed:-1', 'accept.committed:x', 'accept.committed:1.5'])(
    'refuses %s: how many times is a whole number from 1',
    (text) => expect(() => parseCrashPoint(text)).toThrow(/whole number/),
  );
});
