import { BankClient, chargesOf, NotificationReceiver, quick, startForSpec } from '../spec-kit/bank-client';

const BROKEN = /socket hang up|ECONNRESET|aborted/;

describe('answers that go wrong on their way', () => {
  let running: Awaited<ReturnType<typeof startForSpec>>;
  let bank: BankClient;
  const channel = 'cmb.quickpay';

  beforeAll(async () => {
    running = await startForSpec();
    bank = new BankClient(running.url, channel);
    await quick(running.url, channel, { late_ms: 100, slow_ms: 100 });
  });
  afterAll(async () => {
    bank.close();
    await running.close();
  });

  it('books a charge exactly once when its answer is lost, and tells who asks', async () => {
    await expect(bank.pay('lost', 'lost_answer')).rejects.toThrow(BROKEN);
    expect((await bank.post('inquire', { reference: 'lost' })).body).toMatchObject({ result: 'OK', amount_minor: 100 });
    // The resend meets the same fate in the network's stead? No: what was decided is answered.
    expect((await bank.pay('lost', 'lost_answer')).body).toMatchObject({ result: 'OK', duplicate: true });
    expect(await chargesOf(running.url, 'lost')).toBe(1);
  });

  it.each(['lost_request', 'reset', 'http_502'])('books nothing for %s, and a resend is charged', async (behaviour) => {
    const first = bank.pay(`gone-${behaviour}`, behaviour).catch((error: unknown) => error);
    if (behaviour === 'http_502') expect(await first).toMatchObject({ status: 502, signed: false });
    if (behaviour === 'reset') expect(String(await first)).toMatch(BROKEN);
    expect((await bank.post('inquire', { reference: `gone-${behaviour}` })).body['result']).toBe('NOT_FOUND');
    expect(await chargesOf(running.url, `gone-${behaviour}`)).toBe(0);
    expect((await bank.pay(`gone-${behaviour}`, behaviour)).body['result']).toBe('OK');
  });

  it('stays silent on an open connection when half open, with the charge in the book', async () => {
    let settled = false;
    const silent = bank.pay('half-open', 'half_open').finally(() => (settled = true));
    expect((await bank.inquireUntil('half-open', 'OK')).body['result']).toBe('OK');
    expect(settled).toBe(false);
    void silent.catch(() => {}); // ends with the simulator
  });

  it('drips its answer byte by byte', async () => {
    const response = await bank.openPay('drip', 'drip');
    expect(response.statusCode).toBe(200);
    const sizes: number[] = [];
    for await (const chunk of response) {
      sizes.push((chunk as Buffer).length);
      if (sizes.length === 3) break;
    }
    expect(sizes).toEqual([1, 1, 1]);
    response.destroy();
    expect((await bank.post('inquire', { reference: 'drip' })).body['result']).toBe('OK');
  });

  it.each([
    ['garbage', { status: 200, signed: true, body: {} }],
    ['http_500', { status: 500, signed: false, body: {} }],
    ['bad_signature', { status: 200, signed: false, body: { result: 'OK' } }],
    ['unknown_word', { status: 200, signed: true, body: { result: 'PROCESSED', code: 'Z9' } }],
    ['foreign_reference', { signed: true, body: { result: 'OK', reference: 'Xdd-foreign_reference' } }],
    ['wrong_amount', { signed: true, body: { result: 'OK', amount_minor: 101 } }],
    ['wrong_currency', { signed: true, body: { result: 'OK', currency: 'USD' } }],
  ])('says something odd for %s, and the book has one charge', async (behaviour, expected) => {
    expect(await bank.pay(`odd-${behaviour}`, behaviour)).toMatchObject(expected);
    expect(await chargesOf(running.url, `odd-${behaviour}`)).toBe(1);
    expect((await bank.pay(`odd-${behaviour}`, behaviour)).body['duplicate']).toBe(true);
  });

  it('sends far more than anybody should read for huge', async () => {
    const response = await bank.openPay('huge', 'huge');
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(16_000_000);
    expect(await chargesOf(running.url, 'huge')).toBe(1);
  });

  it('says pending, decides later, and notifies', async () => {
    const receiver = await NotificationReceiver.start();
    const notify_url = receiver.url;
    expect((await bank.pay('pending', 'pending', { notify_url })).body['result']).toBe('PENDING');
    expect((await bank.pay('refused', 'pending_reject')).body['result']).toBe('PENDING');
    const [told] = await receiver.until(1);
    expect(told).toMatchObject({ signed: true, body: { event: 'payment', result: 'OK', reference: 'pending' } });
    expect((await bank.inquireUntil('refused', 'REJECT')).body).toMatchObject({ result: 'REJECT', code: '05' });
    await receiver.close();
  });

  it('is "not found" and then charged for a late success', async () => {
    void bank.pay('late', 'late_success').catch(() => {}); // silence
    expect((await bank.post('inquire', { reference: 'late' })).body['result']).toBe('NOT_FOUND');
    expect((await bank.inquireUntil('late', 'OK')).body['result']).toBe('OK');
    expect(await chargesOf(running.url, 'late')).toBe(1);
  });

  it('never books a late success whose cancel was acknowledged', async () => {
    await quick(running.url, channel, { late_ms: 150 });
    void bank.pay('late-canceled', 'late_success').catch(() => {});
    void bank.pay('late-after', 'late_success').catch(() => {}); // falls due after the other
    while ((await bank.pay('late-canceled', 'late_success')).body['duplicate'] !== true);
    const cancel = await bank.post('reverse', { reference: 'lc-1', original_reference: 'late-canceled' });
    expect(cancel.body).toMatchObject({ result: 'OK', reversed_minor: 0 });
    await bank.inquireUntil('late-after', 'OK');
    expect((await bank.post('inquire', { reference: 'late-canceled' })).body['result']).toBe('REVERSED');
    expect(await chargesOf(running.url, 'late-canceled')).toBe(0);
  });

  it('charges behind a soft refusal where soft refusals are not final', async () => {
    await quick(running.url, channel, { late_ms: 50, soft_final: false });
    expect((await bank.pay('soft', 'issuer_down')).body).toMatchObject({ result: 'REJECT', code: '91' });
    expect((await bank.inquireUntil('soft', 'OK')).body['result']).toBe('OK');
  });

  it('makes reversals wait or refuses them, as the instrument says', async () => {
    await bank.pay('stuck', 'reversal_reject').catch(() => {});
    const stuck = await bank.post('reverse', { reference: 's-1', original_reference: 'stuck' });
    expect(stuck.body).toMatchObject({ result: 'REJECT', code: '12' });
    expect((await bank.post('inquire', { reference: 'stuck' })).body['result']).toBe('OK');
    await bank.pay('crowded', 'reversal_busy').catch(() => {});
    const words: unknown[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      words.push((await bank.post('reverse', { reference: 's-2', original_reference: 'crowded' })).body['result']);
    }
    expect(words).toEqual(['BUSY', 'BUSY', 'BUSY', 'OK']);
  });

  it('draws the error mix by reference: a share of plain payments, and a resend meets the same fate', async () => {
    await quick(running.url, channel, { mix: { do_not_honour: 0.5 } });
    const draw = async (): Promise<unknown[]> => {
      const heard = await Promise.all(Array.from({ length: 60 }, (_x, n) => bank.pay(`mix-${n}`)));
      return heard.map(({ body }) => body['result']);
    };
    const words = await draw();
    expect(words.filter((word) => word === 'REJECT').length).toBeGreaterThan(15);
    expect(words.filter((word) => word === 'OK').length).toBeGreaterThan(15);
    expect(await draw()).toEqual(words);
  });
});
