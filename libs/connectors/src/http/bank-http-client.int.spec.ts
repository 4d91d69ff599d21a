// Real sockets against a bank that misbehaves on purpose, byte by byte.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { ChannelId } from '#domain';
import type { CallLimits, Route } from '#dispatch';
import { BankHttpClient } from './bank-http-client';
import type { BankHttpClientOptions, BankHttpRequest } from './bank-http-client';

/** A TCP server whose every connection is handled by `serve`; it counts connections and what it received. */
class HostileBank {
  readonly sockets: Socket[] = [];
  received = '';
  private constructor(private readonly server: Server) {}

  static async listen(serve: (socket: Socket, request: string, count: number) => void): Promise<HostileBank> {
    const server = createServer();
    const bank = new HostileBank(server);
    let requests = 0;
    server.on('connection', (socket) => {
      bank.sockets.push(socket);
      socket.on('error', () => undefined);
      let pending = '';
      socket.on('data', (chunk) => {
        bank.received += chunk.toString('latin1');
        pending += chunk.toString('latin1');
        const end = pending.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0);
        if (end < 0 || pending.length < end + 4 + length) return;
        const request = pending;
        pending = '';
        requests += 1;
        serve(socket, request, requests);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return bank;
  }

  route(line = 'main'): Route {
    const channelId = 'icbc.quickpay' as ChannelId;
    const { port } = this.server.address() as AddressInfo;
    return { channelId, line: { id: line, channelId, baseUrl: `http://127.0.0.1:${port}/banks/icbc.quickpay` } };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const REQUEST: BankHttpRequest = { method: 'POST', path: '/pay', headers: [], body: '{}', maxBytes: 65_536 };
const limits = (timeoutMs = 5_000, maySend = () => true): CallLimits => ({ timeoutMs, maySend });
const http = (body: string, more = '') => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

describe('an HTTP call to a bank', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  const bankThat = async (serve: (socket: Socket, request: string, count: number) => void) => {
    const bank = await HostileBank.listen(serve);
    open.push(bank);
    return bank;
  };
  const client = (options: BankHttpClientOptions = {}) => {
    const one = new BankHttpClient(options);
    open.push(one);
    return one;
  };

  it('brings back status and body, and keeps the connection for the next one', async () => {
    const bank = await bankThat((socket) => socket.write(http('{"a":1}')));
    const calls = client();
    for (let i = 0; i < 3; i += 1) {
      const result = await calls.call(bank.route(), 'money', REQUEST, limits());
      expect(result).toMatchObject({ kind: 'received', status: 200 });
      expect(result.kind === 'received' && result.body.toString()).toBe('{"a":1}');
    }
    // A connection rests for a turn of the event loop before it is used again, so the next call may open a second one.
    expect(bank.sockets.length).toBeLessThanOrEqual(2);
  });

  it('cannot be outlived by an answer that drips', async () => {
    const drips: NodeJS.Timeout[] = [];
    const bank = await bankThat((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n');
      drips.push(setInterval(() => socket.write(' '), 5));
    });
    const result = await client().call(bank.route(), 'money', REQUEST, limits(150));
    drips.forEach(clearInterval);
    expect(result).toMatchObject({ kind: 'no_answer', reason: 'deadline' });
  });

  it('resets the connection at the deadline, so that nothing still in flight is delivered', async () => {
    let ending: (error: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (ending = resolve));
    const bank = await bankThat((socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => ending(error.code ?? error.message));
      socket.on('end', () => ending('orderly close'));
    });
    const result = await client().call(bank.route(), 'money', REQUEST, limits(50));
    expect(result).toMatchObject({ kind: 'no_answer', reason: 'deadline' });
    await expect(ended).resolves.toBe('ECONNRESET');
  });

  it.each([
    ['resets', (socket: Socket) => socket.resetAndDestroy(), 'reset'],
    ['hangs up in good order', (socket: Socket) => socket.end(), 'reset'],
    ['hangs up in the middle of its answer', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'), 'reset'],
    ['answers what is not HTTP', (socket: Socket) => socket.end('SMTP ready\r\n\r\n'), 'protocol_error'],
    [
      'answers less than it announced',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 90\r\n\r\nshort'),
      'protocol_error',
    ],
  ])('is without an answer when the bank %s', async (_what, serve, reason) => {
    const bank = await bankThat(serve);
    expect(await client().call(bank.route(), 'money', REQUEST, limits())).toMatchObject({ kind: 'no_answer', reason });
  });

  it('is without an answer when a kept connection turns out closed after the write: the bank may have read it', async () => {
    const bank = await bankThat((socket, _request, count) =>
      count === 1 ? socket.write(http('{}')) : socket.resetAndDestroy(),
    );
    const calls = client();
    await calls.call(bank.route(), 'money', REQUEST, limits());
    expect(await calls.call(bank.route(), 'money', REQUEST, limits())).toMatchObject({ kind: 'no_answer' });
    expect(bank.received.match(/POST/g)).toHaveLength(2);
  });

  it('takes a new connection, and sends once, when the bank closed the kept one between two calls', async () => {
    const bank = await bankThat((socket) => socket.end(http('{}')));
    const calls = client();
    for (let i = 0; i < 20; i += 1) {
      expect(await calls.call(bank.route(), 'money', REQUEST, limits())).toMatchObject({ kind: 'received' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bank.received.match(/POST/g)).toHaveLength(20);
  });

  it.each([
    ['announced', `HTTP/1.1 200 OK\r\nContent-Length: ${17 * 1024 * 1024}\r\n\r\n`],
    [
      'unannounced',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' + `10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(4),
    ],
  ])('does not read an %s answer that is too large', async (_what, bytes) => {
    const bank = await bankThat((socket) => socket.write(bytes));
    const result = await client().call(bank.route(), 'money', REQUEST, limits());
    expect(result).toMatchObject({ kind: 'no_answer', reason: 'too_large' });
  });

  it('follows no redirect and waits out an interim answer', async () => {
    const bank = await bankThat((socket, _request, count) =>
      socket.write(
        count === 1
          ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 307 Temporary Redirect\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n'
          : http('{}'),
      ),
    );
    const result = await client().call(bank.route(), 'money', REQUEST, limits());
    expect(result).toMatchObject({ kind: 'received', status: 307 });
    expect(bank.received.match(/POST/g)).toHaveLength(1);
  });

  it('is not sent when nobody listens, or when the line has no usable address', async () => {
    const bank = await bankThat(() => undefined);
    const route = bank.route();
    await bank.close();
    expect(await client().call(route, 'money', REQUEST, limits())).toMatchObject({
      kind: 'not_sent',
      reason: 'connect_failed',
    });
    const nowhere: Route = { ...route, line: { ...route.line, baseUrl: 'icbc' } };
    expect(await client().call(nowhere, 'money', REQUEST, limits())).toMatchObject({ kind: 'not_sent' });
  });

  it('is not sent when the TLS handshake fails: no byte of the request was in it', async () => {
    const heard: Buffer[] = [];
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk) => {
        heard.push(chunk);
        socket.end('this is no TLS');
      });
    });
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    const channelId = 'icbc.quickpay' as ChannelId;
    const route: Route = { channelId, line: { id: 'tls', channelId, baseUrl: `https://127.0.0.1:${port}/banks` } };
    const result = await client().call(route, 'money', { ...REQUEST, path: '/secret' }, limits());
    await new Promise((resolve) => plain.close(resolve));
    expect(result).toMatchObject({ kind: 'not_sent', reason: 'connect_failed' });
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('/secret');
  });

  it('is not sent, and the connection stays, when it may not be sent any more at the last moment', async () => {
    const bank = await bankThat((socket) => socket.write(http('{}')));
    const calls = client({ connections: 1 });
    await calls.call(bank.route(), 'money', REQUEST, limits());
    const result = await calls.call(
      bank.route(),
      'money',
      { ...REQUEST, path: '/late' },
      limits(5_000, () => false),
    );
    expect(result).toMatchObject({ kind: 'not_sent', reason: 'too_late_to_send' });
    await calls.call(bank.route(), 'money', REQUEST, limits());
    expect(bank.received).not.toContain('/late');
    expect(bank.sockets).toHaveLength(1);
  });

  it('is asked whether it may be sent when its turn comes, not when it was queued', async () => {
    let answer: () => void = () => undefined;
    const bank = await bankThat((socket) => (answer = () => socket.write(http('{}'))));
    const calls = client({ connections: 1 });
    const first = calls.call(bank.route(), 'money', REQUEST, limits());
    let mayStillSend = true;
    const queued = calls.call(
      bank.route(),
      'money',
      { ...REQUEST, path: '/queued' },
      limits(5_000, () => mayStillSend),
    );
    while (!bank.received.includes('POST')) await new Promise((resolve) => setImmediate(resolve));
    mayStillSend = false;
    answer();
    expect(await first).toMatchObject({ kind: 'received' });
    expect(await queued).toMatchObject({ kind: 'not_sent', reason: 'too_late_to_send' });
    expect(bank.received).not.toContain('/queued');
  });

  it('uses no more connections than it may, lets as many wait, and refuses the rest at once', async () => {
    const waiting: Socket[] = [];
    const bank = await bankThat((socket) => void waiting.push(socket));
    const calls = client({ connections: 3 });
    const results = Array.from({ length: 8 }, () => calls.call(bank.route(), 'money', REQUEST, limits(300)));
    const reasons = (await Promise.all(results)).map((result) =>
      result.kind === 'received' ? 'received' : `${result.kind} ${result.reason}`,
    );
    expect(bank.sockets).toHaveLength(3);
    expect(reasons.sort()).toEqual([
      ...Array<string>(3).fill('no_answer deadline'),
      ...Array<string>(5).fill('not_sent pool_full'),
    ]);
    expect(bank.received.match(/POST/g)).toHaveLength(3);
  });

  it('carries calls again after all its connections, and all that waited for them, had expired', async () => {
    let answers = false;
    const bank = await bankThat((socket) => void (answers && socket.write(http('{}'))));
    const calls = client({ connections: 2 });
    const four = (timeoutMs: number) =>
      Promise.all(Array.from({ length: 4 }, () => calls.call(bank.route(), 'money', REQUEST, limits(timeoutMs))));
    for (let round = 0; round < 3; round += 1) {
      for (const result of await four(60)) expect(result.kind).not.toBe('received');
    }
    answers = true;
    // The expired ones leave the queue when the reset connections have been replaced, a few turns of the event loop later.
    let one = await calls.call(bank.route(), 'money', REQUEST, limits());
    for (let turn = 0; turn < 1_000 && one.kind !== 'received'; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      one = await calls.call(bank.route(), 'money', REQUEST, limits());
    }
    for (const result of await four(5_000)) expect(result.kind).toBe('received');
  });

  it('asks what became of a payment while every connection for money is stuck', async () => {
    const bank = await bankThat((socket, request) => {
      if (request.includes('/inquire')) socket.write(http('{}'));
    });
    const calls = client({ connections: 1 });
    const stuck = calls.call(bank.route(), 'money', REQUEST, limits(500));
    const inquiry = await calls.call(bank.route(), 'care', { ...REQUEST, path: '/inquire' }, limits());
    expect(inquiry).toMatchObject({ kind: 'received' });
    expect(await stuck).toMatchObject({ kind: 'no_answer' });
  });

  it('takes no call after it was closed, and lets the ones in flight end', async () => {
    let answer: () => void = () => undefined;
    const bank = await bankThat((socket) => (answer = () => socket.write(http('{}'))));
    const calls = client();
    const inFlight = calls.call(bank.route(), 'money', REQUEST, limits());
    while (!bank.received.includes('POST')) await new Promise((resolve) => setImmediate(resolve));
    const closed = calls.close();
    expect(await calls.call(bank.route(), 'money', REQUEST, limits())).toMatchObject({ reason: 'canceled' });
    answer();
    expect(await inFlight).toMatchObject({ kind: 'received' });
    await closed;
  });
});
