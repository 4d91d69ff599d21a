import { BankClient, chargesOf, ledgerOf, quick, startForSpec } from '../spec-kit/bank-client';

describe('a bank channel over real sockets', () => {
  let running: Awaited<ReturnType<typeof startForSpec>>;
  let bank: BankClient;
  const channel = 'icbc.quickpay';

  beforeAll(async () => {
    running = await startForSpec();
    bank = new BankClient(running.url, channel);
  });
  beforeEach(() => quick(running.url, channel));
  afterEach(() => fetch(`${running.url}/control/reset`, { method: 'POST' }));
  afterAll(async () => {
    bank.close();
    await running.close();
  });

  const untilInService = async (): Promise<void> => {
    for (let inService = 0; inService === 0;) {
      const shown = await fetch(`${running.url}/control/channels/${channel}`);
      inService = ((await shown.json()) as { now: { in_service: number } }).now.in_service;
    }
  };

  it('charges once, books before it answers, and signs', async () => {
    const heard = await bank.pay('ok-1');
    expect(heard).toMatchObject({ status: 200, signed: true });
    expect(heard.body).toMatchObject({
      result: 'OK',
      code: '00',
      reference: 'ok-1',
      amount_minor: 100,
      currency: 'CNY',
    });
    const [line] = (await ledgerOf(running.url)).filter((l) => l['reference'] === 'ok-1');
    expect(line).toMatchObject({
      bank_transaction_id: heard.body['bank_transaction_id'],
      booked_at: heard.body['booked_at'],
    });
  });

  it.each([
    ['insufficient_funds', '51'],
    ['do_not_honour', '05'],
    ['card_limit', '61'],
    ['expired_card', '54'],
    ['invalid', '14'],
    ['no_such_fate', '14'],
    ['issuer_down', '91'],
    ['malfunction', '96'],
  ])('answers %s with REJECT %s, twice the same, and books nothing', async (behaviour, code) => {
    for (const duplicate of [undefined, true]) {
      const { body } = await bank.pay(`no-${behaviour}`, behaviour);
      expect(body).toMatchObject({ result: 'REJECT', code });
      expect(body['duplicate']).toBe(duplicate);
    }
    expect(await chargesOf(running.url, `no-${behaviour}`)).toBe(0);
  });

  it('recognises a repeat by its reference and gives the first answer', async () => {
    const first = await bank.pay('twice');
    const { duplicate, ...second } = (await bank.pay('twice')).body;
    expect(second).toEqual(first.body);
    expect(duplicate).toBe(true);
    expect(await chargesOf(running.url, 'twice')).toBe(1);
  });

  it('ignores another instruction under a known reference and says CONFLICT', async () => {
    await bank.pay('conflict');
    expect((await bank.pay('conflict', 'ok', { amount_minor: 101 })).body).toMatchObject({
      result: 'CONFLICT',
      code: '94',
    });
    expect(await chargesOf(running.url, 'conflict')).toBe(1);
  });

  it('charges one payment of a hundred that arrive at once under one reference', async () => {
    await quick(running.url, channel, { capacity: { service: { mean_ms: 20 } } });
    const heard = await Promise.all(Array.from({ length: 100 }, () => bank.pay('hundred')));
    expect(heard.filter(({ body }) => body['duplicate'] !== true).map(({ body }) => body['result'])).toEqual(['OK']);
    expect(await chargesOf(running.url, 'hundred')).toBe(1);
  });

  it('charges every message where duplicates are not recognised', async () => {
    await quick(running.url, channel, { dedupes: false });
    await bank.pay('no-dedupe');
    await bank.pay('no-dedupe');
    expect(await chargesOf(running.url, 'no-dedupe')).toBe(2);
  });

  it('refuses a payment that arrives after its send_by, and stands by it', async () => {
    const send_by = new Date(Date.now() - 1).toISOString();
    expect((await bank.pay('late', 'ok', { send_by })).body).toMatchObject({ result: 'REJECT', code: '68' });
    expect((await bank.pay('late')).body).toMatchObject({ result: 'REJECT', code: '68', duplicate: true });
    expect(await chargesOf(running.url, 'late')).toBe(0);
  });

  it('refuses what waited in its own queue past send_by and its processing time', async () => {
    await quick(running.url, channel, { capacity: { service: { mean_ms: 60 } }, max_processing_time_ms: 1 });
    const send_by = new Date(Date.now() + 30).toISOString();
    expect((await bank.pay('queued-late', 'ok', { send_by })).body).toMatchObject({ result: 'REJECT', code: '68' });
  });

  it('takes late payments where it does not refuse them', async () => {
    await quick(running.url, channel, { refuses_late: false });
    const send_by = new Date(Date.now() - 60_000).toISOString();
    expect((await bank.pay('late-taken', 'ok', { send_by })).body['result']).toBe('OK');
  });

  it('lets an acknowledged cancel block the payment that comes after it', async () => {
    const cancel = await bank.post('reverse', { reference: 'cancel-1', original_reference: 'comes-later' });
    expect(cancel.body).toMatchObject({ result: 'OK', original_result: 'NOT_FOUND', reversed_minor: 0 });
    expect((await bank.pay('comes-later')).body).toMatchObject({ result: 'REJECT', code: '17' });
    expect((await bank.post('inquire', { reference: 'comes-later' })).body['result']).toBe('REVERSED');
    expect(await chargesOf(running.url, 'comes-later')).toBe(0);
  });

  it('lets an acknowledged cancel stop a payment that is inside the bank', async () => {
    await quick(running.url, channel, { capacity: { service: { mean_ms: 200 }, answer_delay_ms: 0 } });
    const paying = bank.pay('inside');
    await untilInService();
    expect((await bank.post('inquire', { reference: 'inside' })).body['result']).toBe('NOT_FOUND');
    expect((await bank.post('reverse', { reference: 'cancel-2', original_reference: 'inside' })).body['result']).toBe(
      'OK',
    );
    expect((await paying).body).toMatchObject({ result: 'REJECT', code: '17' });
    expect(await chargesOf(running.url, 'inside')).toBe(0);
  });

  it('charges in spite of a cancel where a cancel does not block late payments', async () => {
    await quick(running.url, channel, { cancel_blocks_late_pay: false });
    await bank.post('reverse', { reference: 'cancel-3', original_reference: 'stubborn' });
    expect((await bank.pay('stubborn')).body['result']).toBe('OK');
    expect((await bank.post('inquire', { reference: 'stubborn' })).body['result']).toBe('OK');
  });

  it('undoes a charge once, whoever asks again', async () => {
    await bank.pay('undo');
    const undo = (reference: string): Promise<{ body: Record<string, unknown> }> =>
      bank.post('reverse', { reference, original_reference: 'undo' });
    expect((await undo('undo-1')).body).toMatchObject({ result: 'OK', original_result: 'OK', reversed_minor: 100 });
    expect((await undo('undo-1')).body).toMatchObject({ result: 'OK', reversed_minor: 100, duplicate: true });
    expect((await undo('undo-2')).body).toMatchObject({ result: 'OK', original_result: 'REVERSED', reversed_minor: 0 });
    expect((await bank.pay('undo')).body).toMatchObject({ result: 'REJECT', code: '17' });
  });

  it('refunds in parts, never more than was charged, and then no longer reverses', async () => {
    await bank.pay('refunded');
    const refund = (reference: string, amount_minor: number): Promise<{ body: Record<string, unknown> }> =>
      bank.post('refund', { reference, original_reference: 'refunded', amount_minor, currency: 'CNY' });
    expect((await refund('r-1', 60)).body['result']).toBe('OK');
    expect((await refund('r-1', 60)).body).toMatchObject({ result: 'OK', duplicate: true });
    expect((await refund('r-1', 61)).body['result']).toBe('CONFLICT');
    expect((await refund('r-2', 41)).body).toMatchObject({ result: 'REJECT', code: '61' });
    expect((await refund('r-3', 40)).body['result']).toBe('OK');
    expect((await bank.post('inquire', { reference: 'refunded' })).body['refunded_minor']).toBe(100);
    expect((await bank.post('inquire-refund', { reference: 'r-3' })).body).toMatchObject({
      operation: 'refund',
      result: 'OK',
    });
    const reversal = await bank.post('reverse', { reference: 'r-4', original_reference: 'refunded' });
    expect(reversal.body).toMatchObject({ result: 'REJECT', code: '12' });
  });

  it('holds a pending refund against the charge until it is done', async () => {
    await quick(running.url, channel, { late_ms: 50 });
    await bank.pay('held', 'refund_pending');
    const refund = { original_reference: 'held', amount_minor: 70, currency: 'CNY' };
    expect((await bank.post('refund', { reference: 'h-1', ...refund })).body['result']).toBe('PENDING');
    expect((await bank.post('refund', { reference: 'h-2', ...refund })).body).toMatchObject({
      result: 'REJECT',
      code: '61',
    });
    for (let word: unknown = 'PENDING'; word === 'PENDING';) {
      word = (await bank.post('inquire-refund', { reference: 'h-1' })).body['result'];
    }
    expect((await bank.post('inquire', { reference: 'held' })).body['refunded_minor']).toBe(70);
  });

  it('hides a booked payment from inquiries for its lag', async () => {
    await quick(running.url, channel, { inquiry_lag_ms: 150 });
    await bank.pay('lagging');
    expect((await bank.post('inquire', { reference: 'lagging' })).body['result']).toBe('NOT_FOUND');
    expect((await bank.inquireUntil('lagging', 'OK')).body['result']).toBe('OK');
  });

  it('answers CLOSED to everything in maintenance and takes nothing', async () => {
    const until = new Date(Date.now() + 60_000).toISOString();
    await quick(running.url, channel, { maintenance: { until } });
    for (const heard of [await bank.pay('closed'), await bank.post('echo', {})]) {
      expect(heard).toMatchObject({ status: 503, signed: true });
      expect(heard.body).toMatchObject({ result: 'CLOSED', code: '90' });
      expect(heard.body['retry_after_ms']).toBeGreaterThan(50_000);
    }
    await quick(running.url, channel, { maintenance: null });
    expect((await bank.post('inquire', { reference: 'closed' })).body['result']).toBe('NOT_FOUND');
  });

  it('says BUSY beyond its slots and queue, and remembers nothing of it', async () => {
    await quick(running.url, channel, { capacity: { slots: 1, queue_limit: 1, service: { mean_ms: 200 } } });
    const heard = await Promise.all(['q-1', 'q-2', 'q-3'].map((reference) => bank.pay(reference)));
    expect(heard.map(({ body }) => body['result']).sort()).toEqual(['BUSY', 'OK', 'OK']);
    const busy = heard.findIndex(({ body }) => body['result'] === 'BUSY');
    expect((await bank.pay(`q-${busy + 1}`)).body).toMatchObject({ result: 'OK' });
  });

  it('writes a statement whose trailer agrees, without what it refused', async () => {
    const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const heard = await bank.send('GET', `/banks/${channel}/statements/${day}?format=csv`, '');
    expect(heard).toMatchObject({ status: 200, signed: true });
    const lines = heard.text.trimEnd().split('\n');
    expect(lines[0]).toBe(`H,1,${channel},${day},CNY,open`);
    const details = lines.slice(1, -1).map((line) => line.split(','));
    const sum = details.reduce((total, cells) => total + Number(cells[5]), 0);
    expect(lines.at(-1)).toBe(`T,${details.length},${sum}`);
    expect(details.filter((cells) => cells[3] === 'ok-1')).toHaveLength(1);
    expect(details.filter((cells) => cells[3] === 'r-1')[0]?.slice(4, 7)).toEqual(['refunded', '-60', 'CNY']);
    expect(details.some((cells) => cells[3] === 'no-do_not_honour')).toBe(false);
    const xml = await bank.send('GET', `/banks/${channel}/statements/${day}?format=camt053`, '');
    expect(xml.text).toContain(`<NbOfNtries>${details.length}</NbOfNtries>`);
  });

  it.each([
    ['no signature', { 'bank-signature': '' }, 401, 'DENIED'],
    ['a stale timestamp', { 'bank-timestamp': '1' }, 401, 'DENIED'],
  ])('refuses %s and signs the refusal', async (_name, headers, status, result) => {
    const heard = await bank.send('POST', `/banks/${channel}/pay`, '{}', headers);
    expect(heard).toMatchObject({ status, signed: true, body: { result } });
  });

  it.each([
    ['no JSON', `/banks/${channel}/pay`, '{', 400],
    ['an unknown channel', '/banks/hsbc.quickpay/pay', '{}', 404],
    ['an unknown operation', `/banks/${channel}/void`, '{}', 404],
    ['a body beyond 16 KiB', `/banks/${channel}/pay`, `"${'x'.repeat(20_000)}"`, 413],
  ])('answers %s with a signed INVALID', async (_name, path, body, status) => {
    expect(await bank.send('POST', path, body)).toMatchObject({
      status,
      signed: true,
      body: { result: 'INVALID', code: '30' },
    });
  });
});
