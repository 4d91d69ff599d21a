import { Remembered } from './remembered';

describe('a remembered look-up', () => {
  const counting = (answers: Record<string, string>) => {
    const asked: string[] = [];
    let nowMs = 0;
    let down = false;
    const remembered = new Remembered<string>(
      2,
      1_000,
      () => nowMs,
      (key) => {
        asked.push(key);
        return down ? Promise.reject(new Error('down')) : Promise.resolve(answers[key] ?? null);
      },
    );
    return { asked, remembered, pass: (ms: number) => (nowMs += ms), fall: () => (down = true) };
  };

  it('asks once while the answer is fresh, and again after', async () => {
    const { asked, remembered, pass } = counting({ a: '1' });
    await remembered.get('a');
    expect(remembered.get('a')).toBe('1');
    pass(1_000);
    await remembered.get('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('does not remember that something was missing: it may be there a moment later', async () => {
    const { asked, remembered } = counting({});
    expect(await remembered.get('x')).toBeNull();
    await remembered.get('x');
    expect(asked).toEqual(['x', 'x']);
  });

  it('keeps what it knew while the source is down, and fails for what it did not know', async () => {
    const { remembered, pass, fall } = counting({ a: '1' });
    await remembered.get('a');
    pass(5_000);
    fall();
    expect(await remembered.get('a')).toBe('1');
    await expect(remembered.get('b')).rejects.toThrow('down');
  });

  it('forgets what has changed, also while it is being looked up', async () => {
    const answers = { a: 'before' };
    const { asked, remembered } = counting(answers);
    const early = remembered.get('a');
    remembered.forget('a');
    await early;
    answers.a = 'after';
    expect(await remembered.get('a')).toBe('after');
    remembered.forget('a');
    await remembered.get('a');
    expect(asked).toEqual(['a', 'a', 'a']);
  });

  it('holds a bounded number of entries', async () => {
    const { asked, remembered } = counting({ a: '1', b: '2', c: '3' });
    for (const key of ['a', 'b', 'c', 'a']) await remembered.get(key);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
