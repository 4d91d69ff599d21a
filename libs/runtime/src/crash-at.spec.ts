import { parseCrashPoint, stepProbe } from './crash-at';

describe('stopping a process at a named step', () => {
  it('does nothing when nobody asked for it', () => {
    const die = jest.fn();
    stepProbe(parseCrashPoint(undefined), die)('accept.committed');
    stepProbe(parseCrashPoint(''), die)('accept.committed');
    expect(die).not.toHaveBeenCalled();
  });

  it('dies the n-th time that the step is reached, and not at its neighbours', () => {
    const die = jest.fn();
    const reached = stepProbe(parseCrashPoint('accept.committed:2'), die);
    reached('accept.committed');
    reached('accept.enqueued');
    expect(die).not.toHaveBeenCalled();
    reached('accept.committed');
    expect(die).toHaveBeenCalledTimes(1);
  });

  it('means the first time when no number is given', () => {
    expect(parseCrashPoint('dispatch.sending')).toEqual({ step: 'dispatch.sending', times: 1 });
  });

  it('refuses a step that does not exist, and lists those that do', () => {
    expect(() => parseCrashPoint('accept.comitted:1')).toThrow(
      /"accept\.comitted".*accept\.committed, accept\.enqueued/,
    );
  });

  it.each(['accept.committed:0', 'accept.committed:-1', 'accept.committed:x', 'accept.committed:1.5'])(
    'refuses %s: how many times is a whole number from 1',
    (text) => expect(() => parseCrashPoint(text)).toThrow(/whole number/),
  );
});
