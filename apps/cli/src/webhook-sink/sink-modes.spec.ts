import { SINK_MODES, answerOf, modeOf } from './sink-modes';

describe('the webhook sink', () => {
  it('lets the first step of the path choose the mode', () => {
    expect(modeOf('/slow/shop-7?x=1', 'ok')).toBe('slow');
    expect(modeOf('/slowly', 'ok')).toBe('ok');
    expect(modeOf('/', 'error')).toBe('error');
    expect(modeOf('/gone?x', 'ok')).toBe('gone');
  });

  it('answers every mode as it is called', () => {
    const statuses = SINK_MODES.map((mode) => {
      const answer = answerOf(mode, 0.9, 20_000);
      return answer.kind === 'reset' ? answer.kind : answer.status;
    });
    expect(statuses).toEqual([200, 'reset', 200, 307, 500, 410, 200]);
    expect(answerOf('slow', 0, 20_000)).toEqual({ kind: 'status', status: 200, afterMs: 20_000 });
    expect(answerOf('flaky', 0.1, 0)).toMatchObject({ status: 503 });
  });
});
