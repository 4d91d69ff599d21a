/** The built simulator as a process: killed, started again, stopped, and started wrongly. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BankClient, chargesOf, quick, SECRET } from './spec-kit/bank-client';

const MAIN = join(__dirname, '../../../dist/apps/bank-simulator/src/main.js');

describe('the bank simulator process', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeAll(() => {
    if (!existsSync(MAIN)) throw new Error('dist/ has no bank simulator: run `npm run build` first');
    folder = mkdtempSync(join(tmpdir(), 'bank-simulator-'));
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (env: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], BANK_SECRET: SECRET, BANK_SIMULATOR_DATA: folder, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  /** The first line with this message. */
  const line = async (child: ChildProcess, msg: string): Promise<Record<string, unknown>> => {
    for await (const text of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const said = JSON.parse(text) as Record<string, unknown>;
      if (said['msg'] === msg) return said;
    }
    throw new Error(`the simulator ended without saying "${msg}"`);
  };

  it('knows after kill -9 every charge it answered, and finishes what it had promised', async () => {
    const first = start();
    const url = String((await line(first, 'ready'))['url']);
    await quick(url, 'icbc.quickpay', { late_ms: 1_500 });
    const bank = new BankClient(url, 'icbc.quickpay');
    const heard = await bank.pay('answered');
    expect(heard.body['result']).toBe('OK');
    await expect(bank.pay('lost', 'lost_answer')).rejects.toThrow();
    expect((await bank.pay('pending', 'pending')).body['result']).toBe('PENDING');
    first.kill('SIGKILL');
    await once(first, 'exit');
    bank.close();

    const second = start();
    const ready = await line(second, 'ready');
    expect(ready['ledger_seq']).toBe(3);
    const again = new BankClient(String(ready['url']), 'icbc.quickpay');
    expect((await again.pay('answered')).body).toEqual({ ...heard.body, duplicate: true });
    expect((await again.post('inquire', { reference: 'lost' })).body['result']).toBe('OK');
    expect((await again.inquireUntil('pending', 'OK')).body['result']).toBe('OK');
    for (const reference of ['answered', 'lost', 'pending']) {
      expect(await chargesOf(String(ready['url']), reference)).toBe(1);
    }
    again.close();

    const other = start();
    expect((await line(other, 'cannot start'))['error']).toMatch(/belongs to the bank simulator with process id/);

    void again.pay('silent', 'half_open').catch(() => {});
    second.kill('SIGTERM');
    expect(await once(second, 'exit')).toEqual([0, null]);
    expect(existsSync(join(folder, 'simulator.pid'))).toBe(false);
  });

  it.each([
    ['BANK_SECRET', { BANK_SECRET: 'short' }],
    ['BANK_SIMULATOR_DATA', { BANK_SIMULATOR_DATA: '' }],
    ['BANK_SIMULATOR_PORT', { BANK_SIMULATOR_PORT: '70000' }],
    ['BANK_SIMULATOR_SEED', { BANK_SIMULATOR_SEED: '-1' }],
    ['BANK_SIMULATOR_TIMELINE', { BANK_SIMULATOR_TIMELINE: '/nowhere.json' }],
    ['BANK_SIMULATOR_PUBLIC_URL', { BANK_SIMULATOR_PUBLIC_URL: 'bank.example' }],
  ])('says which variable is wrong: %s', async (name, env) => {
    const child = start(env);
    expect((await line(child, 'cannot start'))['error']).toMatch(new RegExp(`^${name} must`));
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(1);
  });
});
