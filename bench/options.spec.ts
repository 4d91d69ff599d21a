import { readOptions } from './options.ts';

const read = (...args: string[]) => readOptions(args, () => undefined);

describe('what is asked of the bench', () => {
  it('has defaults of its own for each part', () => {
    expect(read()).toMatchObject({ part: 'all', seconds: 15, rate: 3_000 });
    expect(read('sustained')).toMatchObject({ seconds: 60 });
    expect(read('sustained', '--seconds', '9')).toMatchObject({ seconds: 9 });
  });

  it('names what it does not know', () => {
    expect(() => read('speed')).toThrow('There is no part "speed"');
    expect(() => read('growth', '--of', 'weeds')).toThrow('There is no growth "weeds"');
    expect(() => read('--seconds', '1')).toThrow('--seconds is a whole number from 3 to 600, not "1".');
  });

  it('takes sizes that rise, since the last is held against the first', () => {
    expect(read('growth', '--backlog', '10,1000')).toMatchObject({ backlog: [10, 1_000] });
    expect(() => read('growth', '--backlog', '1000,10')).toThrow('--backlog is a list of rising numbers');
  });
});
