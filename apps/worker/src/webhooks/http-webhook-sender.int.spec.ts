/** Real receivers on loopback, and names that lead where they should not. */
import type { LookupAddress } from 'node:dns';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpWebhookSender } from './http-webhook-sender';

let receiver: Server;
let port: number;
let seen: { url: string; body: string; id: string | undefined }[];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const url = request.url ?? '';
      seen.push({ url, body, id: request.headers['webhook-id'] as string | undefined });
      if (url === '/silent') return;
      if (url === '/reset') return void request.socket.resetAndDestroy();
      if (url === '/redirect') return void response.writeHead(307, { location: '/ok' }).end();
      if (url === '/drip') return void response.writeHead(200).write('one byte, and never another');
      if (url === '/huge') return void response.writeHead(200).end('x'.repeat(10_000_000));
      response.writeHead(Number(url.slice(1)) || 200).end('thanks');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  ({ port } = receiver.address() as AddressInfo);
});
afterAll(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});
beforeEach(() => (seen = []));

const request = (url: string, timeoutMs = 5_000) => ({
  url,
  headers: { 'webhook-id': 'whd_1', 'content-type': 'application/json' },
  body: '{"id":1}',
  timeoutMs,
});
async function send(
  url: string,
  options: Partial<ConstructorParameters<typeof HttpWebhookSender>[0]> = {},
  timeoutMs?: number,
) {
  const sender = new HttpWebhookSender({ allowPrivate: true, ...options });
  try {
    return await sender.send(request(url, timeoutMs));
  } finally {
    await sender.close();
  }
}
const local = (path: string) => `http://127.0.0.1:${port}${path}`;
const leadsTo = (...addresses: string[]) => ({
  allowPrivate: false,
  resolve: (_host: string, done: (error: null, found: LookupAddress[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
});

describe('a webhook over HTTP', () => {
  it.each([200, 204, 410, 500])('reports %d as it was answered', async (status) => {
    expect(await send(local(`/${status}`))).toEqual({ kind: 'answered', status });
    expect(seen).toEqual([{ url: `/${status}`, body: '{"id":1}', id: 'whd_1' }]);
  });

  it('follows no redirect', async () => {
    expect(await send(local('/redirect'))).toEqual({ kind: 'answered', status: 307 });
    expect(seen.map(({ url }) => url)).toEqual(['/redirect']);
  });

  it('gives up on a receiver that says nothing', async () => {
    expect(await send(local('/silent'), {}, 150)).toEqual({ kind: 'failed', reason: 'timeout' });
  });

  it.each(['/drip', '/huge'])('believes the status of %s, and does not wait for its body', async (path) => {
    expect(await send(local(path))).toEqual({ kind: 'answered', status: 200 });
  });

  it('knows a lost connection, one that was never had, and a name that is none', async () => {
    const failed = { kind: 'failed', reason: 'connection_failed' };
    expect(await send(local('/reset'))).toEqual(failed);
    expect(await send('http://127.0.0.1:9/')).toEqual(failed);
    expect(await send('http://no-such-name.invalid/')).toEqual(failed);
  });

  it('uses a connection for several deliveries', async () => {
    const sockets = new Set<unknown>();
    receiver.on('connection', (socket) => sockets.add(socket));
    const sender = new HttpWebhookSender({ allowPrivate: true });
    for (let n = 0; n < 20; n += 1) await sender.send(request(local('/200')));
    await sender.close();
    expect(sockets.size).toBeLessThanOrEqual(2);
  });
});

describe('outside the sandbox', () => {
  it.each(['https://127.0.0.1:8443/', 'https://[::1]/', 'http://127.0.0.1/', 'https://localhost:8443/'])(
    'nothing is sent to %s',
    async (url) =>
      expect(await send(url, { allowPrivate: false })).toEqual({ kind: 'failed', reason: 'address_refused' }),
  );

  it.each([
    ['loopback', ['127.0.0.1']],
    ['a cloud’s metadata', ['169.254.169.254']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['a public and a private address', ['1.1.1.1', '10.0.0.7']],
    ['a private and a public address', ['fd00::1', '2606:4700::1111']],
  ])('nothing is sent to a name that leads to %s', async (_what, addresses) => {
    const answer = await send('https://shop.example.com:8443/', leadsTo(...addresses));
    expect(answer).toEqual({ kind: 'failed', reason: 'address_refused' });
    expect(seen).toEqual([]);
  });

  it('the name is looked up once, and the connection goes to what was looked up', async () => {
    // A name that is public when it is checked and loopback a moment later: the second answer is never asked for.
    let lookUps = 0;
    const resolve = (_host: string, done: (error: null, found: LookupAddress[]) => void) => {
      lookUps += 1;
      done(null, [{ address: lookUps === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
    };
    const answer = await send('http://rebinding.example.com:9/', { allowPrivate: true, resolve }, 300);
    expect(answer.kind).toBe('failed');
    expect(lookUps).toBe(1);
  });
});
