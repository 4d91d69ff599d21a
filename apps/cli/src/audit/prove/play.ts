/** Plays the scenes of planted bugs on a product of its own, and audits what came of it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { AuditReport } from '#audit';
import { AuditBooks } from '#postgres';
import { seededRandom } from '#simulation';
import { BankControl } from '../../chaos/bank-control';
import { Keeper } from '../../chaos/keeper';
import { PrivateProduct } from '../../chaos/private-product';
import { Receiver } from '../../webhook-sink/receiver';
import { runAudit } from '../run-audit';
import type { Scene } from './planted-bug';
import { Shop } from './shop';

/** Into the midst of the orders, ms. */
const KILL_AFTER_MS = 450;
/** An item for people is there once the bank's answer is weighed, ms. */
const ITEM_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 200;
/** The registry is read again every second, and the controller has another. */
const KNOWN_AFTER_MS = 2_500;
/** Of `flaky`: the same deliveries are refused each time. */
const RECEIVER_SEED = 1;

/** @param build null: the build as it is. @param scenes one after the other; all of them need the same environment */
export async function play(build: string | null, scenes: readonly Scene[]): Promise<AuditReport> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-prove-log-'));
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const keeper = new Keeper();
  const product = await PrivateProduct.bringUp(
    { logs, workers: 1, env: { ...scenes[0]?.env }, ...(build !== null && { build }) },
    keeper.onEnd,
  );
  const receiver = new Receiver(join(folder, 'webhooks.ndjson'), seededRandom(RECEIVER_SEED, 'prove'));
  try {
    keeper.keep(product);
    const { urls, databases, merchant } = product.place;
    if (scenes.some((scene) => scene.receiver !== undefined)) await receiver.subscribe(urls.api, merchant.api_key);
    const shop = new Shop(folder, { url: urls.api, key: merchant.api_key, merchant: merchant.id });
    for (const scene of scenes) await act(scene, product, keeper, shop, receiver);
    await keeper.running('orchestrator');
    await keeper.running('worker');
    const waitS = Math.max(...scenes.map((scene) => scene.waitS ?? 0));
    const wish = {
      ...{ journalUrl: databases.postgres_url, bankUrl: urls.bank_simulator, clientLogs: [folder] },
      ...{ webhookLog: receiver.log, say: () => undefined },
    };
    await shop.close(await identityOf(databases.postgres_url));
    return (await runAudit({ ...wish, waitS })).report;
  } finally {
    keeper.release();
    await receiver.close();
    await product.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function act(
  { orders, bank, contract, receiver: mode, deed, holdS = 0 }: Scene,
  product: PrivateProduct,
  keeper: Keeper,
  shop: Shop,
  receiver: Receiver,
): Promise<void> {
  const banks = new BankControl(product.place.urls.bank_simulator);
  const channels = bank === undefined ? [] : await banks.matching(bank.channel);
  for (const channel of channels) await banks.patch(channel, bank?.settings ?? {});
  if (contract !== undefined) await agree(product.place.databases.postgres_url, contract);
  if (mode !== undefined) await receiver.treat(mode);
  const sent = shop.send(orders);
  if (deed === 'kill_orchestrator') {
    await sleep(KILL_AFTER_MS);
    await keeper.takeDown('orchestrator');
    await keeper.bringBack('orchestrator');
    await keeper.ready('orchestrator');
  }
  await sent;
  if (deed === 'propose_settlement') await proposeForFirstItem(product);
  await sleep(holdS * 1_000);
  for (const channel of channels) await banks.restore(channel);
}

const CONTRACT = `
update channel_contracts set rate_per_second = $2, burst = $3, in_flight_max = $4 where channel_id = $1`;

/** Revisions are append-only: the newest one again, with other numbers. */
const REVISION = `
insert into channel_limits
select (jsonb_populate_record(l, jsonb_build_object('revision', l.revision + 1, 'rate_per_second', $2::int, 'burst', $3::int,
  'in_flight_max', $4::int))).*
from channel_limits l where l.channel_id = $1 and l.revision = (select max(revision) from channel_limits where channel_id = $1)`;

/** What a bank and an operator have agreed on, in place of the sandbox's; every process knows it a moment later. */
async function agree(
  databaseUrl: string,
  { channel, ratePerSecond, burst, inFlightMax }: NonNullable<Scene['contract']>,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'prove' });
  await client.connect();
  try {
    const values = [channel, ratePerSecond, burst, inFlightMax];
    await client.query(CONTRACT, values);
    await client.query(REVISION, values);
  } finally {
    await client.end();
  }
  await sleep(KNOWN_AFTER_MS);
}

/** An operator says how the first item ended: an act that is on record. */
async function proposeForFirstItem({ place }: PrivateProduct): Promise<void> {
  const headers = { authorization: `Bearer ${place.operator.api_key}`, 'content-type': 'application/json' };
  for (const begun = performance.now(); performance.now() - begun < ITEM_WITHIN_MS; await sleep(LOOK_EVERY_MS)) {
    const listed = await fetch(`${place.urls.api}/v1/admin/worklist?open=true`, { headers });
    const item = ((await listed.json()) as { data: { id: string }[] }).data[0];
    if (item === undefined) continue;
    const body = JSON.stringify({ outcome: 'declined', note: 'looked into it' });
    const proposed = await fetch(`${place.urls.api}/v1/admin/worklist/${item.id}/propose`, {
      method: 'POST',
      headers,
      body,
    });
    if (!proposed.ok) throw new Error(`nothing could be proposed: ${proposed.status} ${await proposed.text()}`);
    return;
  }
  throw new Error('nothing came onto the worklist');
}

async function identityOf(databaseUrl: string): Promise<string | null> {
  const journal = await AuditBooks.open(databaseUrl);
  try {
    return await journal.identity();
  } finally {
    await journal.close();
  }
}
