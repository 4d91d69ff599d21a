// The small parts of the set-up that let two commands, two copies and a killed one live beside each other.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, isFree } from './lib/free-port.cjs';
import { keepBounded, tail } from './lib/log-file.cjs';
import { withLock } from './lib/lock.cjs';
import { keptSecrets } from './lib/secrets.cjs';

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-setup-'));
const nothing = (): void => undefined;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a lock', () => {
  const file = path.join(folder, 'a.lock');

  it('lets one at a time do its work', async () => {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
    };
    await Promise.all([withLock(file, nothing, work('first')), withLock(file, nothing, work('second'))]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('of a process that was killed holds nobody up, even if its number lives on', async () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'another boot:1' }));
    await expect(withLock(file, nothing, async () => 'done')).resolves.toBe('done');
  });

  it('is free again after work that failed', async () => {
    await expect(withLock(file, nothing, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock(file, nothing, async () => 'done')).resolves.toBe('done');
  });
});

describe('ports', () => {
  it('are those of the last run, unless a neighbour has taken one', async () => {
    const before = await freePorts(['postgres', 'redis'], { place: folder });
    expect(await freePorts(['postgres', 'redis'], { place: folder, before })).toEqual(before);
    const neighbour = net.createServer().listen(before.redis, '127.0.0.1');
    await new Promise((resolve) => neighbour.once('listening', resolve));
    const now = await freePorts(['postgres', 'redis'], { place: folder, before });
    expect(now.postgres).toBe(before.postgres);
    expect(now.redis).not.toBe(before.redis);
    expect(await isFree(Number(before.redis))).toBe(false);
    await new Promise((resolve) => neighbour.close(resolve));
  });

  it('are never one port for two', async () => {
    const ports = await freePorts(['a', 'b', 'c'], { place: folder, before: { a: 20_500, b: 20_500 } });
    expect(new Set(Object.values(ports)).size).toBe(3);
  });
});

describe('the keys of a sandbox', () => {
  it('stay the same from start to start, and are nobody else’s to read', () => {
    const file = path.join(folder, 'secrets.json');
    const first = keptSecrets(file);
    expect(keptSecrets(file)).toEqual(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(first.merchant_key).toMatch(/^sk_sandbox_[0-9a-hjkmnp-tv-z]{32}$/);
    expect(new Set(Object.values(first)).size).toBe(5);
  });
});

describe('a log', () => {
  it('is kept below its bound, and the end of it can be shown', () => {
    const file = path.join(folder, 'some.log');
    writeFileSync(file, 'one\ntwo\nthree\n');
    expect(tail(file, 2)).toBe('two\nthree');
    keepBounded(file, 10);
    expect(statSync(file).size).toBe(0);
    expect(tail(`${file}.1`, 1)).toBe('three');
  });
});
