import { atMost, described } from '../outcome';
import { parseGoal, withGoals } from './goals';

describe('goals as data', () => {
  it('judge a figure by its name, and take the place of a goal it had', () => {
    const figures = [described('moved_then_failed', 0.02, 'ratio'), atMost('refusal_p99_ms', 60, 50, 'ms')];
    expect(withGoals(figures, { moved_then_failed: '<= 0.01', refusal_p99_ms: '<= 200' })).toEqual([
      { name: 'moved_then_failed', value: 0.02, unit: 'ratio', goal: '<= 0.01', met: false },
      { name: 'refusal_p99_ms', value: 60, unit: 'ms', goal: '<= 200', met: true },
    ]);
  });

  it('are not met by a figure that nobody measured', () => {
    expect(withGoals([], { offers_followed: '>= 1000' })).toMatchObject([{ value: null, met: false }]);
  });

  it.each(['0.95', '> 3', '>= many', '<= 1 ms'])('"%s" is no goal', (text) => {
    expect(() => parseGoal(text)).toThrow('is no goal');
  });
});
