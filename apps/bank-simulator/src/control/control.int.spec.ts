import { BankClient, chargesOf, ledgerOf, quick, startForSpec } from '../spec-kit/bank-client';

describe('the control API', () => {
  let running: Awaited<ReturnType<typeof startForSpec>>;
  beforeAll(async () => (running = await startForSpec()));
  afterAll(() => running.close());

  interface Shown {
    settings: { capacity: Record<string, unknown>; dedupes: boolean; late_ms: number };
    now: { slots: number; said: Record<string, Record<string, number>> };
  }
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> => {
    const answer = await fetch(`${running.url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: await answer.json() };
  };
  const shown = async (method: string, path: string, body?: unknown): Promise<Shown> =>
    (await call(method, path, body)).json as Shown;

  it('changes what a patch names and nothing else', async () => {
    const before = await shown('GET', 'channels/boc.quickpay');
    const patch = { late_ms: 7, capacity: { service: { mean_ms: 999 } } };
    const after = await shown('PATCH', 'channels/boc.quickpay', patch);
    expect(after.settings).toEqual({
      ...before.settings,
      late_ms: 7,
      capacity: {
        ...before.settings.capacity,
        service: { ...(before.settings.capacity['service'] as object), mean_ms: 999 },
      },
    });
    expect((await shown('PUT', 'channels/boc.quickpay', { dedupes: false })).settings).toEqual({
      ...before.settings,
      dedupes: false,
    });
    expect((await shown('POST', 'channels/boc.quickpay/restore')).settings).toEqual(before.settings);
    expect((await shown('PUT', 'channels/boc.quickpay', before.settings)).settings).toEqual(before.settings);
  });

  it('says everything that is wrong at once, and changes nothing', async () => {
    const before = await shown('GET', 'channels/boc.quickpay');
    const patch = {
      dedupes: 'no',
      late_ms: -1,
      mix: { ok: 0.9, sloow: 0.2 },
      maintenance: 'soon',
      capacity: { slots: 1.5 },
      x: 1,
    };
    const { status, json } = await call('PATCH', 'channels/boc.quickpay', patch);
    expect(status).toBe(422);
    const { errors } = json as { errors: { pointer: string; message: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual([
      '/dedupes',
      '/late_ms',
      '/mix/sloow',
      '/mix',
      '/maintenance',
      '/capacity/slots',
      '/x',
    ]);
    expect((await shown('GET', 'channels/boc.quickpay')).settings).toEqual(before.settings);
    expect((await call('GET', 'channels/hsbc.quickpay')).status).toBe(404);
    expect((await call('POST', 'channels/boc.quickpay/congest', { share: 0 })).status).toBe(422);
  });

  it('congests a bank with one call and restores it with another', async () => {
    const { now } = await shown('GET', 'channels/abc.gateway');
    expect((await shown('POST', 'channels/abc.gateway/congest')).now.slots).toBe(now.slots / 5);
    expect((await shown('POST', 'channels/abc.gateway/restore')).now.slots).toBe(now.slots);
  });

  it('plays a timeline by pattern, and refuses a bad one whole', async () => {
    const bad = {
      events: [
        { at_ms: 0, channel: 'ccb.*', congest: 0.5 },
        { at_ms: -1, channel: 'x', patch: { slots: 1 }, restore: true },
      ],
    };
    const { status, json } = await call('POST', 'timeline', bad);
    expect(status).toBe(422);
    expect((json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual([
      '/events/1/at_ms',
      '/events/1/channel',
      '/events/1',
    ]);
    const good = {
      events: [
        { at_ms: 0, channel: 'ccb.*', congest: 0.5 },
        { at_ms: 1, channel: 'ccb.gateway', patch: { late_ms: 3 } },
      ],
    };
    await call('POST', 'timeline', good);
    for (let done = 0; done < 2;) done = ((await call('GET', 'timeline')).json as { done: number }).done;
    expect((await shown('GET', 'channels/ccb.quickpay')).now.slots).toBe(75);
    expect((await shown('GET', 'channels/ccb.gateway')).settings.late_ms).toBe(3);
  });

  it('serves the ledger on from where a reader stopped, by channel, and counts every request', async () => {
    const banks = ['icbc.quickpay', 'wallet.balance'].map((id) => new BankClient(running.url, id));
    for (const id of ['icbc.quickpay', 'wallet.balance']) await quick(running.url, id);
    for (const [index, bank] of banks.entries()) {
      await bank.pay(`led-${index}`);
      await bank.post('inquire', { reference: `led-${index}` });
      bank.close();
    }
    const lines = await ledgerOf(running.url);
    const after = Number(lines.at(-2)?.['seq']);
    expect(await ledgerOf(running.url, `?after=${after}`)).toEqual(lines.slice(-1));
    expect((await ledgerOf(running.url, '?channel=icbc.quickpay')).map((line) => line['reference'])).toEqual(['led-0']);
    expect((await call('GET', 'ledger?after=x')).status).toBe(422);
    const text = await (await fetch(`${running.url}/control/receipts`)).text();
    const receipts = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as unknown[]).slice(1).join(' '));
    expect(receipts).toEqual([
      ' start ',
      'icbc.quickpay pay led-0',
      // Its answer has left: it is inside no more.
      'icbc.quickpay pay led-0 1',
      'icbc.quickpay inquire led-0',
      'wallet.balance pay led-1',
      'wallet.balance pay led-1 1',
      'wallet.balance inquire led-1',
    ]);
    const stats = (await call('GET', 'stats')).json as { channels: Record<string, Shown['now']> };
    expect(stats.channels['icbc.quickpay']?.said).toEqual({ pay: { OK: 1 }, inquire: { OK: 1 } });
  });

  it('starts an empty book on request', async () => {
    const { json } = await call('POST', 'reset', { ledger: true });
    expect((json as { ledger_kept_as: string }).ledger_kept_as).toMatch(/ledger-until-\d+\.ndjson$/);
    expect(await chargesOf(running.url, 'led-0')).toBe(0);
    expect((await call('GET', 'ledger/summary')).json).toEqual({ last_seq: 0, channels: {} });
  });

  it('lists every instrument, and is alive and ready', async () => {
    const { behaviours } = (await call('GET', 'instruments')).json as { behaviours: unknown[] };
    expect(behaviours.length).toBeGreaterThan(30);
    for (const probe of ['live', 'ready']) expect((await fetch(`${running.url}/health/${probe}`)).status).toBe(200);
  });
});
