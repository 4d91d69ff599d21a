import { waitSeconds } from './prefer';

describe('Prefer: wait', () => {
  it.each([
    ['wait=10', 10],
    ['wait=0', 0],
    ['wait=31', 30],
    ['wait=999999999', 30],
    ['respond-async, WAIT = 5 ; x=y', 5],
    ['wait="7"', 7],
    [['respond-async', 'wait=3'], 3],
    ['wait', null],
    ['wait=-1', null],
    ['wait=1.5', null],
    ['wait=soon', null],
    ['', null],
    [undefined, null],
  ])('%p means %p seconds', (header, seconds) => expect(waitSeconds(header)).toBe(seconds));
});
