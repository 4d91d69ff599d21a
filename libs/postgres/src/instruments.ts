/** Instruments by token, and API keys by hash: looked up once, then remembered for a while, so that accepting a payment reads nothing. */
import { hash } from 'node:crypto';
import type { InstrumentBook } from '#dispatch';
import { JournalUnavailable } from '#dispatch';
import type { Instrument, InstrumentToken, MerchantId } from '#domain';
import type { Pool } from 'pg';
import { Remembered } from './remembered';

/** A token that is disabled or a key that is revoked is refused everywhere within this time, ms. */
const FRESH_MS = 30_000;
/** Remembered at most: an instrument is about 400 bytes, so 40 MB. */
const INSTRUMENTS_MAX = 100_000;
const KEYS_MAX = 10_000;

const FIND_INSTRUMENT = {
  name: 'find-instrument',
  text: 'select token, merchant_id, channel_id, bank_token from instruments where token = $1 and disabled_at is null',
};
const FIND_KEY = {
  name: 'find-api-key',
  text: 'select role, merchant_id, name from api_keys where key_hash = $1 and revoked_at is null',
};

export class PostgresInstrumentBook implements InstrumentBook {
  private readonly known: Remembered<Instrument>;

  constructor(pool: Pool, monotonicMs: () => number) {
    this.known = new Remembered(INSTRUMENTS_MAX, FRESH_MS, monotonicMs, async (token) => {
      const { rows } = await pool.query<{ merchant_id: string; channel_id: string; bank_token: string }>({
        ...FIND_INSTRUMENT,
        values: [token],
      });
      const row = rows[0];
      if (!row) return null;
      return {
        token: token as InstrumentToken,
        merchantId: row.merchant_id,
        channelId: row.channel_id as Instrument['channelId'],
        bankToken: row.bank_token,
      };
    });
  }

  async find(merchantId: MerchantId, token: InstrumentToken): Promise<Instrument | null> {
    const instrument = await orUnavailable(this.known.get(token));
    return instrument?.merchantId === merchantId ? instrument : null;
  }
}

/** Whose API key it is. */
export interface ApiKeyOwner {
  readonly role: 'merchant' | 'operator';
  /** null for an operator. */
  readonly merchantId: MerchantId | null;
  readonly name: string;
}

export class PostgresApiKeys {
  private readonly known: Remembered<ApiKeyOwner>;

  constructor(pool: Pool, monotonicMs: () => number) {
    this.known = new Remembered(KEYS_MAX, FRESH_MS, monotonicMs, async (hash) => {
      const values = [Buffer.from(hash, 'base64')];
      const { rows } = await pool.query<{ role: ApiKeyOwner['role']; merchant_id: MerchantId | null; name: string }>({
        ...FIND_KEY,
        values,
      });
      const row = rows[0];
      return row ? { role: row.role, merchantId: row.merchant_id, name: row.name } : null;
    });
  }

  /** The lookup is by hash, so that its time tells nothing about the key. @throws JournalUnavailable */
  find(apiKey: string): Promise<ApiKeyOwner | null> {
    return orUnavailable(this.known.get(hash('sha256', apiKey, 'base64')));
  }
}

async function orUnavailable<T>(answer: T | null | Promise<T | null>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    throw new JournalUnavailable(error instanceof Error ? error.message : String(error));
  }
}
