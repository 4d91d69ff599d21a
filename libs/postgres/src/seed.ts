/** Puts a sandbox into a migrated database: merchants and their keys, banks, channels, limits, magic instruments. Repeatable. */
import { createHash } from 'node:crypto';
import type { Channel, ChannelContract, LimitValues } from '#domain';
import { Client } from 'pg';
import { CHANNELS_CHANGED } from './registry';

export interface SandboxSeed {
  readonly merchants: readonly { readonly id: string; readonly name: string; readonly apiKey: string }[];
  readonly operator: { readonly name: string; readonly apiKey: string };
  readonly banks: readonly { readonly id: string; readonly nameZh: string; readonly nameEn: string }[];
  readonly channels: readonly {
    readonly channel: Omit<Channel, 'enabled'>;
    readonly limits: LimitValues;
    /** Left out: the limits are all that the bank has agreed to. */
    readonly contract?: ChannelContract;
    /** Where its one line leads. */
    readonly baseUrl: string;
  }[];
  readonly instruments: readonly {
    readonly token: string;
    readonly merchantId: string;
    readonly channelId: string;
    readonly bankToken: string;
  }[];
}

/**
 * What an operator changed since (limits, enabled) is left alone; addresses and keys are brought up to date, and a merchant's or
 * operator's older sandbox key stops working.
 */
export async function seedSandbox(databaseUrl: string, seed: SandboxSeed): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'sluice-seed' });
  await client.connect();
  try {
    await client.query('begin');
    for (const step of steps(seed)) await client.query(step.text, [JSON.stringify(step.rows)]);
    await client.query(`select pg_notify('${CHANNELS_CHANGED}', '')`);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

function steps(seed: SandboxSeed): { text: string; rows: readonly unknown[] }[] {
  const keys = [
    ...seed.merchants.map(({ id, name, apiKey }) => ({
      hash: hashOf(apiKey),
      role: 'merchant',
      merchant_id: id,
      name,
    })),
    { hash: hashOf(seed.operator.apiKey), role: 'operator', merchant_id: null, name: seed.operator.name },
  ];
  return [
    {
      text: `insert into merchants (id, name) select id, name from jsonb_to_recordset($1::jsonb) as r(id text, name text)
             on conflict (id) do update set name = excluded.name`,
      rows: seed.merchants.map(({ id, name }) => ({ id, name })),
    },
    {
      text: `with input as (select * from jsonb_to_recordset($1::jsonb) as r(hash text, role text, merchant_id text, name text)),
             replaced as (update api_keys k set revoked_at = now() from input i
               where k.role = i.role and k.merchant_id is not distinct from i.merchant_id and k.revoked_at is null
                 and k.key_hash <> decode(i.hash, 'hex'))
             insert into api_keys (key_hash, role, merchant_id, name)
             select decode(hash, 'hex'), role, merchant_id, name from input
             on conflict (key_hash) do update set revoked_at = null, name = excluded.name`,
      rows: keys,
    },
    {
      text: `insert into banks (id, name_zh, name_en) select id, name_zh, name_en
             from jsonb_to_recordset($1::jsonb) as r(id text, name_zh text, name_en text) on conflict (id) do nothing`,
      rows: seed.banks.map(({ id, nameZh, nameEn }) => ({ id, name_zh: nameZh, name_en: nameEn })),
    },
    {
      text: `insert into channels (id, bank_id, product, connector, currencies, fee_basis_points)
             select id, bank_id, product, connector, currencies, fee_basis_points
             from jsonb_to_recordset($1::jsonb) as r(id text, bank_id text, product text, connector text, currencies text[],
               fee_basis_points int)
             on conflict (id) do nothing`,
      rows: seed.channels.map(({ channel }) => ({
        id: channel.id,
        bank_id: channel.bankId,
        product: channel.product,
        connector: channel.connector,
        currencies: channel.currencies,
        fee_basis_points: channel.feeBasisPoints,
      })),
    },
    {
      text: `insert into channel_lines (channel_id, line_id, base_url) select channel_id, 'main', base_url
             from jsonb_to_recordset($1::jsonb) as r(channel_id text, base_url text)
             on conflict (channel_id, line_id) do update set base_url = excluded.base_url`,
      rows: seed.channels.map(({ channel, baseUrl }) => ({ channel_id: channel.id, base_url: baseUrl })),
    },
    {
      text: `insert into channel_contracts (channel_id, rate_per_second, burst, in_flight_max, amount_min, amount_max)
             select channel_id, rate_per_second, burst, in_flight_max, amount_min, amount_max
             from jsonb_to_recordset($1::jsonb) as r(channel_id text, rate_per_second int, burst int, in_flight_max int,
               amount_min bigint, amount_max bigint)
             on conflict (channel_id) do nothing`,
      rows: seed.channels.map(({ channel, limits, contract = limits }) => ({
        channel_id: channel.id,
        rate_per_second: contract.ratePerSecond,
        burst: contract.burst,
        in_flight_max: contract.inFlightMax,
        amount_min: contract.amountMin,
        amount_max: contract.amountMax,
      })),
    },
    {
      text: `insert into channel_limits (channel_id, revision, rate_per_second, burst, in_flight_max, longest_wait_ms, timeout_ms,
               amount_min, amount_max, changed_by, reason)
             select channel_id, 1, rate_per_second, burst, in_flight_max, longest_wait_ms, timeout_ms, amount_min, amount_max,
               'seed', 'sandbox contract'
             from jsonb_to_recordset($1::jsonb) as r(channel_id text, rate_per_second int, burst int, in_flight_max int,
               longest_wait_ms int, timeout_ms int, amount_min bigint, amount_max bigint)
             on conflict (channel_id, revision) do nothing`,
      rows: seed.channels.map(({ channel, limits }) => ({
        channel_id: channel.id,
        rate_per_second: limits.ratePerSecond,
        burst: limits.burst,
        in_flight_max: limits.inFlightMax,
        longest_wait_ms: limits.longestWaitMs,
        timeout_ms: limits.timeoutMs,
        amount_min: limits.amountMin,
        amount_max: limits.amountMax,
      })),
    },
    {
      text: `insert into instruments (token, merchant_id, channel_id, bank_token) select token, merchant_id, channel_id, bank_token
             from jsonb_to_recordset($1::jsonb) as r(token text, merchant_id text, channel_id text, bank_token text)
             on conflict (token) do nothing`,
      rows: seed.instruments.map(({ token, merchantId, channelId, bankToken }) => ({
        token,
        merchant_id: merchantId,
        channel_id: channelId,
        bank_token: bankToken,
      })),
    },
  ];
}

function hashOf(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}
