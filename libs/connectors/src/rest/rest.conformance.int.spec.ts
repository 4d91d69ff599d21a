// The rest connector against the real bank simulator, over real sockets; and the suite itself against banks that keep less than the
// connector declares.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ChannelId } from '#domain';
import type { ConnectorCapabilities, Route } from '#dispatch';
import { brokenPromises, describeConnectorConformance, ENFORCES_EVERYTHING, spawnProcess } from '#testing';
import type { BankEnforcement, ConformanceBench } from '#testing';
import { createConnectors } from '../registry';

const SECRET = 'conformance-secret-0123456789';
const QUICKPAY = 'icbc.quickpay' as ChannelId;
const GATEWAY = 'icbc.gateway' as ChannelId;
const CONNECTIONS = 6;
/** What the bank is told and the connector declares: short enough that a test can wait until it has passed. */
const MAX_PROCESSING_MS = 600;

const MAIN = resolve(__dirname, '../../../../dist/apps/bank-simulator/src/main.js');

async function simulatedBank(declares: Partial<ConnectorCapabilities> = {}): Promise<ConformanceBench> {
  if (!existsSync(MAIN)) throw new Error(`The bank simulator is not built (${MAIN}): run "npm run build" first`);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-conformance-'));
  const env = { BANK_SECRET: SECRET, BANK_SIMULATOR_DATA: folder, BANK_SIMULATOR_PORT: '0' };
  const simulator = spawnProcess(MAIN, { env });
  const output = await simulator.untilOutput(/"msg":"ready"/);
  const url = /"url":"([^"]+)"/.exec(output)?.[1] ?? '';
  const route = (channelId: ChannelId, base = url): Route => ({
    channelId,
    line: { id: base === url ? 'main' : 'dead', channelId, baseUrl: `${base}/banks/${channelId}` },
  });
  const connectors = createConnectors({
    http: { connections: CONNECTIONS },
    rest: {
      keys: { keyId: 'k1', secrets: { k1: SECRET } },
      capabilities: { [QUICKPAY]: { maxProcessingTimeMs: MAX_PROCESSING_MS, ...declares } },
    },
  });
  const control = async (method: string, path: string, body?: object): Promise<string> => {
    const init = body
      ? { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : { method };
    const response = await fetch(`${url}/control/${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  const lines = async (path: string): Promise<unknown[]> =>
    (await control('GET', path))
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));
  // A bank in a good mood, 2 ms a payment: the suite asks what it proves, not how long it takes.
  const capacity = { service: { shape: 'fixed', mean_ms: 2, sigma: 0 }, answer_delay_ms: 1, busy_answer_ms: 1 };
  await control('PATCH', `channels/${QUICKPAY}`, { capacity });
  await control('PATCH', `channels/${GATEWAY}`, { capacity, payer_delay_ms: 100 });
  return {
    connector: connectors.forChannel({ id: QUICKPAY, connector: 'rest' }),
    route: route(QUICKPAY),
    gateway: route(GATEWAY),
    unreachable: route(QUICKPAY, `http://127.0.0.1:${await deadPort()}`),
    connectionsMax: CONNECTIONS,
    instrument: ({ channelId }, behaviour) => `tok_${channelId.replace('.', '_')}_${behaviour}`,
    receipts: async (operation, reference) =>
      (await lines('receipts')).filter((line) => {
        const [, , received, about, isEnd] = line as [number, string, string, string, 1?];
        return received === operation && about === reference && isEnd === undefined;
      }).length,
    charges: async (reference) => {
      const entries = (await lines('ledger')) as { [name: string]: unknown }[];
      const booked = entries.filter((entry) => entry['result'] === 'OK');
      const charged = booked.filter((entry) => entry['operation'] === 'charge' && entry['reference'] === reference);
      const undone = booked.filter(
        (entry) =>
          entry['operation'] === 'reversal' &&
          entry['original_reference'] === reference &&
          Number(entry['amount_minor']) > 0,
      );
      return charged.length - undone.length;
    },
    enforce: async (wish) => void (await control('PATCH', `channels/${QUICKPAY}`, settings(wish))),
    saysSuccess: (body) => (body as { result?: unknown } | null)?.result === 'OK',
    close: async () => {
      await connectors.close();
      await simulator.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The bank's names for what it enforces. */
function settings(wish: BankEnforcement): Record<string, unknown> {
  return {
    dedupes: wish.dedupes,
    refuses_late: wish.refusesLate,
    cancel_blocks_late_pay: wish.cancelBlocksLatePay,
    soft_final: wish.softDeclineIsFinal,
    late_ms: wish.lateMs,
    inquiry_lag_ms: wish.inquiryLagMs,
    max_processing_time_ms: MAX_PROCESSING_MS,
  };
}

/** A port that was free a moment ago and has no listener. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describeConnectorConformance('rest', simulatedBank);

describe('the conformance suite', () => {
  let bench: ConformanceBench;
  beforeAll(async () => {
    bench = await simulatedBank();
  });
  afterAll(() => bench.close());

  it('has no objection to a connector that declares what its bank enforces', async () => {
    await bench.enforce(ENFORCES_EVERYTHING);
    expect(await brokenPromises(bench)).toEqual([]);
  });

  it.each<[string, BankEnforcement]>([
    ['dedupeWindowMs', { dedupes: false }],
    ['refusesLateRequests', { refusesLate: false }],
    ['cancelBlocksLatePay', { cancelBlocksLatePay: false }],
    ['softDeclineIsFinal', { softDeclineIsFinal: false }],
    ['maxProcessingTimeMs', { lateMs: 1_200 }],
    ['inquiryLagMs', { inquiryLagMs: 2_000 }],
  ])('fails a connector that declares %s where the bank does not enforce it', async (capability, less) => {
    await bench.enforce({ ...ENFORCES_EVERYTHING, ...less });
    const broken = await brokenPromises(bench);
    expect(broken.map((objection) => objection.split(':')[0])).toEqual([capability]);
  });
});

describe('the conformance suite and a cautious connector', () => {
  it('has no objection to declaring less than the bank enforces, or to a bank that enforces no more than is declared', async () => {
    const bench = await simulatedBank({
      dedupeWindowMs: null,
      refusesLateRequests: false,
      cancelBlocksLatePay: false,
      softDeclineIsFinal: false,
      inquiryLagMs: 600,
    });
    await bench.enforce({
      ...ENFORCES_EVERYTHING,
      dedupes: false,
      refusesLate: false,
      cancelBlocksLatePay: false,
      softDeclineIsFinal: false,
      inquiryLagMs: 500,
    });
    const broken = await brokenPromises(bench);
    await bench.close();
    expect(broken).toEqual([]);
  });
});
