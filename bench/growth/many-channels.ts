/** Another number of channels than the sandbox's: quick-pay of so many banks, all played by the simulator's eight. */
import type { Engines } from '../engines.ts';

const PLAYERS = ['icbc', 'abc', 'boc', 'ccb', 'cmb', 'cib', 'psbc', 'bocom'];

export interface ManyChannels {
  readonly tokens: readonly string[];
  prepare(query: Engines['query'], bankUrl: string): Promise<void>;
}

export function manyChannels(count: number): ManyChannels {
  const banks = Array.from({ length: count }, (_, at) => `b${String(at + 1).padStart(3, '0')}`);
  return {
    tokens: banks.map((bank) => `tok_${bank}`),
    async prepare(query, bankUrl) {
      const rows = banks.map((bank, at) => ({
        bank,
        channel: `${bank}.quickpay`,
        token: `tok_${bank}`,
        url: `${bankUrl}/banks/${PLAYERS[at % PLAYERS.length]}.quickpay`,
        bank_token: `tok_${PLAYERS[at % PLAYERS.length]}_quickpay_ok`,
      }));
      // The sandbox's own go: nobody has used them yet.
      await query('truncate channels, banks cascade');
      for (const text of STEPS) await query(`with r as (${INPUT}) ${text}`, [JSON.stringify(rows)]);
    },
  };
}

const INPUT = `select * from jsonb_to_recordset($1::jsonb)
  as i(bank text, channel text, token text, url text, bank_token text)`;

/** What the banks have agreed to is more than is offered, as in the other parts. */
const STEPS = [
  `insert into banks (id, name_zh, name_en) select bank, bank, bank from r`,
  `insert into channels (id, bank_id, product, connector, currencies)
   select channel, bank, 'quickpay', 'rest', array['CNY'] from r`,
  `insert into channel_lines (channel_id, line_id, base_url) select channel, 'main', url from r`,
  `insert into channel_contracts (channel_id, rate_per_second, burst, in_flight_max, amount_min, amount_max)
   select channel, 1000000, 1000000, 512, 1, 5000000 from r`,
  `insert into channel_limits (channel_id, revision, rate_per_second, burst, in_flight_max, longest_wait_ms, timeout_ms,
     amount_min, amount_max, changed_by, reason)
   select channel, 1, 1000000, 1000000, 512, 2000, 5000, 1, 5000000, 'bench', 'banks are not what is measured' from r`,
  `insert into instruments (token, merchant_id, channel_id, bank_token) select token, 'mer_sandbox', channel, bank_token from r`,
];
