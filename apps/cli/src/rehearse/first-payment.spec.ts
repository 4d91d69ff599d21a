import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstPayment } from './first-payment';

describe('the first payment of a load', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-first-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is not yet there when k6 has only made its log', async () => {
    const log = join(folder, 'client.ndjson');
    writeFileSync(log, '');
    let come = false;
    const first = firstPayment(folder, new AbortController().signal).then(() => (come = true));
    await Promise.resolve();
    expect(come).toBe(false);
    appendFileSync(log, '{"kind":"post"}\n');
    await first;
    expect(come).toBe(true);
  });

  it('is not waited for once the load has ended', async () => {
    await expect(firstPayment(folder, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
