import { BankClient, chargesOf, type Heard, NotificationReceiver, quick, startForSpec } from '../spec-kit/bank-client';

describe('a gateway channel and its bank page', () => {
  let running: Awaited<ReturnType<typeof startForSpec>>;
  let bank: BankClient;
  let receiver: NotificationReceiver;
  const channel = 'ccb.gateway';

  beforeAll(async () => {
    running = await startForSpec();
    bank = new BankClient(running.url, channel);
    await quick(running.url, channel, { late_ms: 50, payer_delay_ms: 20 });
  });
  beforeEach(async () => (receiver = await NotificationReceiver.start()));
  afterEach(() => receiver.close());
  afterAll(async () => {
    bank.close();
    await running.close();
  });

  const open = (reference: string, behaviour = 'ok', change: Record<string, unknown> = {}): Promise<Heard> =>
    bank.pay(reference, behaviour, {
      notify_url: receiver.url,
      return_url: 'https://shop.example/back?cart=1',
      ...change,
    });
  const press = async (heard: Heard, button: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(String(heard.body['action_url']), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ press: button }),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const page = async (heard: Heard, language: string): Promise<string> =>
    (await fetch(String(heard.body['action_url']), { headers: { 'accept-language': language } })).text();

  it('sends the payer to a page in Chinese or English, and books nothing yet', async () => {
    const heard = await open('page', 'ok', { description: '订单 <42>' });
    expect(heard.body).toMatchObject({ result: 'ACTION', code: '1A', reference: 'page', amount_minor: 100 });
    expect(await page(heard, 'zh-CN,zh')).toMatch(
      /<html lang="zh-CN">[\s\S]*中国建设银行[\s\S]*订单 &#60;42&#62;[\s\S]*确认支付/,
    );
    expect(await page(heard, 'en')).toMatch(/China Construction Bank[\s\S]*1\.00 CNY[\s\S]*>Pay</);
    expect((await bank.post('inquire', { reference: 'page' })).body['result']).toBe('ACTION');
    expect(await chargesOf(running.url, 'page')).toBe(0);
  });

  it('books when the payer presses pay, notifies, and sends the payer back', async () => {
    const heard = await open('paid');
    const answer = await fetch(String(heard.body['action_url']), {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ press: 'pay' }),
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('https://shop.example/back?cart=1&reference=paid&result=OK');
    const [told] = await receiver.until(1);
    expect(told).toMatchObject({
      signed: true,
      body: { event: 'payment', channel, result: 'OK', reference: 'paid', amount_minor: 100 },
    });
    expect((await press(heard, 'pay'))['result']).toBe('OK');
    expect(await chargesOf(running.url, 'paid')).toBe(1);
    expect(await page(heard, 'en')).not.toContain('<button');
  });

  it.each([
    ['the payer cancels', 'ok', 'cancel', '17'],
    ['the card has no funds', 'insufficient_funds', 'pay', '51'],
  ])('refuses and tells when %s', async (_name, behaviour, button, code) => {
    const heard = await open(`refused-${code}`, behaviour);
    expect(await press(heard, button)).toMatchObject({ result: 'REJECT', code });
    expect((await receiver.until(1))[0]?.body).toMatchObject({ result: 'REJECT', code });
    expect(await press(heard, 'pay')).toMatchObject({ result: 'REJECT', code });
    expect(await chargesOf(running.url, `refused-${code}`)).toBe(0);
  });

  it('books nothing after the page expired, and says so by itself', async () => {
    const heard = await open('expired', 'ok', { action_expires_at: new Date(Date.now() + 60).toISOString() });
    expect((await receiver.until(1))[0]?.body).toMatchObject({ result: 'REJECT', code: '68' });
    expect(await press(heard, 'pay')).toMatchObject({ result: 'REJECT', code: '68' });
  });

  it('closes an open page when the order is reversed', async () => {
    const heard = await open('closed');
    const closing = await bank.post('reverse', { reference: 'closing', original_reference: 'closed' });
    expect(closing.body).toMatchObject({ result: 'OK', original_result: 'ACTION', reversed_minor: 0 });
    expect(await press(heard, 'pay')).toMatchObject({ result: 'REVERSED' });
    expect(await chargesOf(running.url, 'closed')).toBe(0);
  });

  it('knows its page by an address that cannot be guessed', async () => {
    const heard = await open('secret');
    const guessed = String(heard.body['action_url']).replace(/.{4}$/, '0000');
    expect((await fetch(guessed)).status).toBe(404);
    expect((await fetch(guessed, { method: 'POST', body: 'press=pay' })).status).toBe(404);
    expect(await press(heard, 'both')).toMatchObject({ code: 'invalid_button' });
  });

  it('tells again until somebody says 2xx: not after an error, and not by following a redirect', async () => {
    receiver.answers = [500, 302];
    await press(await open('again'), 'pay');
    const told = await receiver.until(3);
    expect(new Set(told.map(({ body }) => body['notification_id'])).size).toBe(1);
    expect(told.every(({ signed }) => signed)).toBe(true);
  });

  it('tells before it answers for early_notification', async () => {
    const heard = await open('early', 'early_notification');
    expect(receiver.received[0]?.body).toMatchObject({ result: 'OK', reference: 'early' });
    expect(heard.body['result']).toBe('ACTION');
  });

  it.each([
    ['duplicate_notification', ['OK', 'OK', 'OK']],
    ['out_of_order_notification', ['OK', 'PENDING']],
    ['contradicting_notification', ['OK', 'REJECT']],
    ['late_notification', ['OK']],
  ])('tells %s', async (behaviour, words) => {
    await press(await open(behaviour, behaviour), 'pay');
    const told = await receiver.until(words.length);
    expect(told.map(({ body }) => body['result'])).toEqual(words);
    expect((await bank.post('inquire', { reference: behaviour })).body['result']).toBe('OK');
  });

  it.each([
    ['auto_pay', 'OK'],
    ['auto_cancel', 'REJECT'],
  ])('has a payer of its own for %s', async (behaviour, word) => {
    await open(behaviour, behaviour);
    expect((await receiver.until(1))[0]?.body['result']).toBe(word);
  });
});
