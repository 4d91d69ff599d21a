/** For specs: the API on a free port in this process, and the few ways they talk to it. */
import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { OrchestratorEnv, readEnv } from '#config';
import type { FlowView, Step } from '#dispatch';
import { stopInOrder } from '#runtime';
import { createLog, createMeters } from '#telemetry';
import { startOrchestrator } from '../orchestrator';

export interface SpecApi {
  readonly url: string;
  /** Steps reached so far. */
  readonly steps: Step[];
  /** Everything logged so far, as text. */
  logged(): string;
  /** @returns steps of the stop that failed */
  stop(): Promise<readonly string[]>;
}

export const SPEC_BANK_SECRET = 'secret-of-the-banks-in-specs';

/** What a spec wants otherwise than it is. */
export interface SpecApiChanges {
  /** The controller's word; left out: what comes over Redis, which is nothing. */
  readonly flow?: FlowView;
  readonly env?: Readonly<Record<string, string>>;
  /** It measures its own strain, which in a spec is also that of everything else that runs; left out: it is never strained. */
  readonly measuresItself?: boolean;
}

const CALM = { look: () => ({ loopDelayMs: 0, heapShare: 0, residentShare: 0 }) };

export async function startApi(databaseUrl: string, redisUrl: string, changes: SpecApiChanges = {}): Promise<SpecApi> {
  const address = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, PORT: '0' };
  const source = { ...address, BANK_SECRET: SPEC_BANK_SECRET, ...changes.env };
  const env = readEnv(OrchestratorEnv, source);
  const lines: string[] = [];
  const log = createLog({ process: 'orchestrator', level: 'info' }, { write: (line) => void lines.push(line) });
  const meters = createMeters('orchestrator', log);
  const steps: Step[] = [];
  let stopping: Promise<readonly string[]> | null = null;
  const reached = (step: Step): void => void steps.push(step);
  const flow = changes.flow ? { flow: changes.flow } : {};
  const strain = changes.measuresItself === true ? {} : { strain: CALM };
  const api = await startOrchestrator({ env, log, meters, reached, ...flow, ...strain });
  return {
    url: api.url,
    steps,
    logged: () => lines.join(''),
    stop: () => (stopping ??= stopInOrder(api.stopSteps, log)),
  };
}

/** An answer with everything a spec looks at. `json` is null where the body is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** Asks with a merchant's key unless told otherwise. */
export async function ask(url: string, init: RequestInit & { key?: string | null } = {}): Promise<Answer> {
  const { key = 'sk_sandbox_test', ...rest } = init;
  const headers = new Headers(rest.headers);
  if (key !== null) headers.set('Authorization', `Bearer ${key}`);
  const response = await fetch(url, { ...rest, headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, text, json };
}

/** Bytes over a plain socket, and whatever comes back until it closes. */
export function exchangeRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

/** A line to a server that can be cut and mended. */
export interface CuttableLine {
  readonly url: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** @param target such as a PostgreSQL's address; the line's own address is the same but for the port */
export async function cuttableLine(target: string): Promise<CuttableLine> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(to.port), to.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(target);
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: own.href,
    cut,
    mend: () => void (isCut = false),
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
