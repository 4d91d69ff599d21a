/** The port PayerInstruments over PostgreSQL: rare writes under one lock per payer, and a short memory in front of the list. */
import type { ChannelId, InstrumentToken, MerchantId } from '#domain';
import { JournalUnavailable, STORED_INSTRUMENTS_MAX } from '#dispatch';
import type { PayerInstruments, StoreAnswer, StoredInstrument } from '#dispatch';
import type { Pool, PoolClient } from 'pg';
import { ms } from './payment-row';
import { Remembered } from './remembered';

/** A card that was taken away elsewhere is offered at most so much longer, ms; whoever changes a list sees it changed at once. */
const FRESH_MS = 5_000;
/** Payers remembered: about 1 kB each. */
const PAYERS_MAX = 10_000;

const LIST = {
  name: 'list-payer-instruments',
  text: `
select p.token, i.channel_id, ${ms('p.added_at')} as added_at
from payer_instruments p join instruments i on i.token = p.token and i.merchant_id = p.merchant_id
where p.merchant_id = $1 and p.payer_id = $2 and i.disabled_at is null
order by p.position, p.added_at, p.token limit ${STORED_INSTRUMENTS_MAX}`,
};

/** Two changes of one payer's list wait for each other, so that neither counts without the other's. */
const LOCK = `select pg_advisory_xact_lock(hashtextextended('payer ' || $1 || ' ' || $2, 0))`;

/** Which of these tokens are no usable instruments of the merchant's? By position, from 0. */
const STRANGERS = `
select t.ord::int - 1 as position from unnest($2::text[]) with ordinality as t (token, ord)
where not exists (select from instruments i where i.token = t.token and i.merchant_id = $1 and i.disabled_at is null)
order by t.ord`;

const REPLACE = `
with gone as (delete from payer_instruments where merchant_id = $1 and payer_id = $2 and token <> all ($3::text[]))
insert into payer_instruments (merchant_id, payer_id, token, position)
select $1, $2, t.token, t.ord from unnest($3::text[]) with ordinality as t (token, ord)
on conflict (merchant_id, payer_id, token) do update set position = excluded.position`;

const STANDING = `
select count(*)::int as stored, coalesce(bool_or(token = $3), false) as known from payer_instruments where merchant_id = $1 and payer_id = $2`;

const ADD = `
insert into payer_instruments (merchant_id, payer_id, token, position)
select $1, $2, $3, coalesce(max(position), 0) + 1 from payer_instruments where merchant_id = $1 and payer_id = $2`;

const REMOVE = 'delete from payer_instruments where merchant_id = $1 and payer_id = $2 and token = $3';

interface StoredRow {
  readonly token: InstrumentToken;
  readonly channel_id: ChannelId;
  readonly added_at: number;
}

export class PostgresPayerInstruments implements PayerInstruments {
  private readonly known: Remembered<readonly StoredInstrument[]>;

  constructor(
    private readonly pool: Pool,
    monotonicMs: () => number,
  ) {
    this.known = new Remembered(PAYERS_MAX, FRESH_MS, monotonicMs, async (key) => {
      const [merchantId, payerId] = key.split(' ');
      const { rows } = await this.pool.query<StoredRow>({ ...LIST, values: [merchantId, payerId] });
      return rows.map(storedOf);
    });
  }

  async list(merchantId: MerchantId, payerId: string): Promise<readonly StoredInstrument[]> {
    return orUnavailable(async () => (await this.known.get(keyOf(merchantId, payerId))) ?? []);
  }

  replace(merchantId: MerchantId, payerId: string, tokens: readonly InstrumentToken[]): Promise<StoreAnswer> {
    return this.change(merchantId, payerId, async (client) => {
      const stranger = await strangerAmong(client, merchantId, tokens);
      if (stranger !== null) return { kind: 'unknown', position: stranger };
      if (tokens.length > STORED_INSTRUMENTS_MAX) return { kind: 'full' };
      await client.query(REPLACE, [merchantId, payerId, tokens]);
      return { kind: 'stored', isNew: false, instruments: await listed(client, merchantId, payerId) };
    });
  }

  add(merchantId: MerchantId, payerId: string, token: InstrumentToken): Promise<StoreAnswer> {
    return this.change(merchantId, payerId, async (client) => {
      if ((await strangerAmong(client, merchantId, [token])) !== null) return { kind: 'unknown', position: 0 };
      const { rows } = await client.query<{ stored: number; known: boolean }>(STANDING, [merchantId, payerId, token]);
      const { known, stored } = rows[0]!;
      if (!known && stored >= STORED_INSTRUMENTS_MAX) return { kind: 'full' };
      if (!known) await client.query(ADD, [merchantId, payerId, token]);
      return { kind: 'stored', isNew: !known, instruments: await listed(client, merchantId, payerId) };
    });
  }

  remove(merchantId: MerchantId, payerId: string, token: InstrumentToken): Promise<boolean> {
    return this.change(merchantId, payerId, async (client) => {
      const { rowCount } = await client.query(REMOVE, [merchantId, payerId, token]);
      return rowCount === 1;
    });
  }

  private async change<T>(
    merchantId: MerchantId,
    payerId: string,
    work: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    return orUnavailable(async () => {
      const client = await this.pool.connect();
      try {
        await client.query('begin');
        await client.query(LOCK, [merchantId, payerId]);
        const answer = await work(client);
        await client.query('commit');
        client.release();
        return answer;
      } catch (error) {
        // What was begun ends with its connection.
        client.release(true);
        throw error;
      } finally {
        this.known.forget(keyOf(merchantId, payerId));
      }
    });
  }
}

async function strangerAmong(
  client: PoolClient,
  merchantId: MerchantId,
  tokens: readonly InstrumentToken[],
): Promise<number | null> {
  const { rows } = await client.query<{ position: number }>(STRANGERS, [merchantId, tokens]);
  return rows[0]?.position ?? null;
}

async function listed(
  client: PoolClient,
  merchantId: MerchantId,
  payerId: string,
): Promise<readonly StoredInstrument[]> {
  const { rows } = await client.query<StoredRow>(LIST.text, [merchantId, payerId]);
  return rows.map(storedOf);
}

function storedOf({ added_at, channel_id, token }: StoredRow): StoredInstrument {
  return { token, channelId: channel_id, addedAt: added_at };
}

/** Neither has spaces. */
function keyOf(merchantId: MerchantId, payerId: string): string {
  return `${merchantId} ${payerId}`;
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
  }
}
