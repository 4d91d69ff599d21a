import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutView } from './checkout-view';

const line = (n: number, change: Record<string, unknown>) =>
  JSON.stringify({
    kind: 'post',
    order: `o${n}`,
    token: 'tok_icbc_quickpay_ok',
    accepted: true,
    state: 'queued',
    ...change,
  });

it('counts by bank and by second, a repeated POST once and from its first try', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-view-'));
  const file = join(folder, 'client.ndjson');
  const lines = [
    line(1, { sent: 1_000, at: 1_010, accepted: 'unknown', state: null }),
    line(1, { sent: 1_500, at: 1_510 }),
    line(2, { sent: 1_900, at: 1_910, token: 'tok_wallet_balance_ok' }),
    line(3, { sent: 2_100, at: 2_110 }),
    'a complaint of k6 in between',
    line(2, { kind: 'read', sent: 1_911, at: 1_950, state: 'failed', token: 'tok_wallet_balance_ok' }),
    line(1, { kind: 'read', sent: 1_511, at: 3_000, state: 'succeeded' }),
    '{"kind":"end","key":"k1"}',
    '{"kind":"post","sent":2',
  ];
  writeFileSync(file, lines.join('\n'));
  const view = await checkoutView(file);
  rmSync(folder, { recursive: true });
  expect(view.banks).toEqual([
    { bank: 'icbc', posted: 2, accepted: 2, succeeded: 1, endedOtherwise: 0, p50Ms: 2_000, p99Ms: 2_000 },
    { bank: 'wallet', posted: 1, accepted: 1, succeeded: 0, endedOtherwise: 1, p50Ms: 50, p99Ms: 50 },
  ]);
  expect(view.seconds).toEqual([
    { posted: 2, final: 1 },
    { posted: 1, final: 0 },
    { posted: 0, final: 1 },
  ]);
});
