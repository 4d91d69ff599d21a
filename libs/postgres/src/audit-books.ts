/**
 * Reads the journal for an audit: all of it, page by page in the order of acceptance, in one snapshot, so that what moves meanwhile
 * cannot look like a gap. It reads through a connection of its own that may not write.
 */
import type { AttemptState, PaymentState, RefundState } from '#domain';
import { Client } from 'pg';

/** Payments per page: a few megabytes with attempts and events, one round trip per thousand payments. */
const PAGE = 1_000;

export interface AuditedPayment {
  readonly id: string;
  readonly merchantId: string;
  readonly merchantOrderNo: string;
  readonly idempotencyKey: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly acceptedAtMs: number;
  readonly expiresAtMs: number;
  readonly instruments: readonly { readonly token: string; readonly channelId: string; readonly bankToken: string }[];
  readonly head: {
    readonly state: PaymentState;
    readonly version: number;
    readonly leg: number;
    readonly channelId: string;
    readonly keptLeg: number | null;
    readonly capturedMinor: number;
    readonly refundedMinor: number;
  } | null;
}

export interface AuditedAttempt {
  readonly paymentId: string;
  readonly leg: number;
  readonly channelId: string;
  readonly instrumentToken: string;
  readonly bankToken: string | null;
  readonly bankReference: string;
  readonly state: AttemptState;
  readonly epoch: number;
  readonly sendNo: number;
  readonly dispatchedAtMs: number;
  readonly sendByMs: number;
  readonly bankTransactionId: string | null;
  readonly actionExpiresAtMs: number | null;
}

export interface AuditedEvent {
  readonly paymentId: string;
  readonly version: number;
  readonly type: string;
  readonly state: PaymentState;
  readonly leg: number;
}

export interface AuditedRefund {
  readonly id: string;
  readonly paymentId: string;
  readonly leg: number;
  readonly kind: 'merchant' | 'late_success';
  readonly amountMinor: number;
  readonly state: RefundState;
  readonly bankReference: string;
}

/** A webhook that its receiver has not taken. `dead`: it is tried no more. */
export interface AuditedUntold {
  readonly paymentId: string;
  readonly version: number;
  readonly dead: boolean;
  readonly dueAtMs: number;
}

/** Payments with everything the journal holds about them. */
export interface AuditedPage {
  readonly payments: readonly AuditedPayment[];
  readonly attempts: readonly AuditedAttempt[];
  readonly events: readonly AuditedEvent[];
  readonly refunds: readonly AuditedRefund[];
}

export interface AuditedLimits {
  readonly channelId: string;
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly inFlightMax: number;
}

export interface JournalStanding {
  readonly payments: number;
  /** Not final or settled, refunds and reversals too, and neither the payer nor a person is to move next: we are, or the bank is. */
  readonly underWay: number;
  /** Not final, whoever is to move next; an amount that two persons must settle is not counted. */
  readonly open: number;
  /** Sum of all versions: it rises with whatever happens to any payment. */
  readonly moves: number;
  /** The moment of the count on the journal's clock, ms since 1970: a payer's deadline that passes later is nobody's delay yet. */
  readonly atMs: number;
}

export class AuditBooks {
  private constructor(private readonly client: Client) {}

  /** @throws if PostgreSQL does not answer */
  static async open(databaseUrl: string): Promise<AuditBooks> {
    const client = new Client({ connectionString: databaseUrl, application_name: 'sluice-audit' });
    await client.connect();
    await client.query('set default_transaction_read_only = on');
    return new AuditBooks(client);
  }

  /** Names this journal, whatever its address: logs of another journal prove nothing about it. Null before it is seeded. */
  async identity(): Promise<string | null> {
    const { rows } = await this.client.query<{ born: string | null }>(
      `select to_char(min(created_at) at time zone 'UTC', 'YYYYMMDDHH24MISSUS') as born from merchants`,
    );
    return rows[0]?.born ?? null;
  }

  /** Where the whole journal stands, in one scan of its heads. */
  async standing(): Promise<JournalStanding> {
    const { rows } = await this.client.query<JournalStanding>(STANDING);
    return rows[0]!;
  }

  /** What banks have agreed to. Where no contract is on record: the most that any revision allowed. */
  async limits(): Promise<AuditedLimits[]> {
    const { rows } = await this.client.query<AuditedLimits>(
      `select l.channel_id as "channelId", coalesce(max(k.rate_per_second), max(l.rate_per_second)) as "ratePerSecond",
         coalesce(max(k.burst), max(l.burst)) as burst, coalesce(max(k.in_flight_max), max(l.in_flight_max)) as "inFlightMax"
       from channel_limits l left join channel_contracts k on k.channel_id = l.channel_id group by l.channel_id`,
    );
    return rows;
  }

  /** Every delivery that is pending or was given up. */
  async *untold(): AsyncGenerator<AuditedUntold> {
    for (let after: readonly [string, string, number] = ['', '', 0]; ;) {
      const { rows } = await this.client.query<AuditedUntold & { endpoint: string }>(UNTOLD, [...after, PAGE]);
      for (const { endpoint: _endpoint, ...row } of rows) yield row;
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = [last.endpoint, last.paymentId, last.version];
    }
  }

  /** Every payment that is there when it begins. */
  async *pages(): AsyncGenerator<AuditedPage> {
    await this.client.query('begin isolation level repeatable read, read only');
    try {
      let after = 0;
      for (;;) {
        const { rows } = await this.client.query<PaymentRow>(PAYMENTS, [after, PAGE]);
        const last = rows.at(-1);
        if (last === undefined) return;
        after = last.seq;
        const ids = rows.map((row) => row.id);
        const attempts = await this.client.query<AuditedAttempt>(ATTEMPTS, [ids]);
        const events = await this.client.query<AuditedEvent>(EVENTS, [ids]);
        const refunds = await this.client.query<AuditedRefund>(REFUNDS, [ids]);
        yield { payments: rows.map(paymentOf), attempts: attempts.rows, events: events.rows, refunds: refunds.rows };
      }
    } finally {
      await this.client.query('rollback');
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Microseconds survive: a double holds today's ms since 1970 with four digits behind the point. */
const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

const STANDING = `
select count(*)::float8 as payments, coalesce(sum(h.version), 0)::float8 as moves, ${ms('now()')} as "atMs",
  count(*) filter (where h.state not in ('succeeded', 'failed', 'canceled', 'expired')
    and a.state is distinct from 'integrity_failure')::float8 as open,
  count(*) filter (where h.state in ('queued', 'processing', 'unknown', 'requires_action')
    and a.state is distinct from 'integrity_failure'
    and not (h.state = 'requires_action' and coalesce(a.action_expires_at > now(), false)))::float8
  + (select count(*) from refunds where next_action_at is not null)
  + (select count(*) from reversals where next_action_at is not null) as "underWay"
from payment_heads h
left join attempts a on a.payment_id = h.payment_id and a.leg = h.leg and h.state in ('unknown', 'requires_action', 'processing')`;

const PAYMENTS = `
select p.accepted_seq::float8 as seq, p.id, p.merchant_id as "merchantId", p.merchant_order_no as "merchantOrderNo",
  p.idempotency_key as "idempotencyKey", p.amount_minor::float8 as "amountMinor", p.currency,
  ${ms('p.accepted_at')} as "acceptedAtMs", ${ms('p.expires_at')} as "expiresAtMs", p.instruments,
  h.state, h.version, h.leg, h.channel_id as "channelId", h.kept_leg as "keptLeg",
  h.captured_minor::float8 as "capturedMinor", h.refunded_minor::float8 as "refundedMinor"
from payments p left join payment_heads h on h.payment_id = p.id
where p.accepted_seq > $1 order by p.accepted_seq limit $2`;

const ATTEMPTS = `
select payment_id as "paymentId", leg, channel_id as "channelId", instrument_token as "instrumentToken",
  (select i.bank_token from instruments i where i.token = attempts.instrument_token) as "bankToken", bank_reference as "bankReference", state, epoch::float8 as epoch, send_no as "sendNo",
  ${ms('dispatched_at')} as "dispatchedAtMs", ${ms('send_by')} as "sendByMs",
  bank_transaction_id as "bankTransactionId", ${ms('action_expires_at')} as "actionExpiresAtMs"
from attempts where payment_id = any ($1) order by payment_id, leg`;

const EVENTS = `
select payment_id as "paymentId", version, type, state, leg
from payment_events where payment_id = any ($1) order by payment_id, version`;

const REFUNDS = `
select id, payment_id as "paymentId", leg, kind, amount_minor::float8 as "amountMinor", state, bank_reference as "bankReference"
from refunds where payment_id = any ($1) order by payment_id, created_at, id`;

const UNTOLD = `
select endpoint_id as endpoint, payment_id as "paymentId", version, state = 'dead' as dead, ${ms('next_attempt_at')} as "dueAtMs"
from webhook_deliveries
where state <> 'delivered' and (endpoint_id, payment_id, version) > ($1, $2, $3) order by endpoint_id, payment_id, version limit $4`;

interface PaymentRow extends Omit<AuditedPayment, 'head'> {
  readonly seq: number;
  readonly state: PaymentState | null;
  readonly version: number;
  readonly leg: number;
  readonly channelId: string;
  readonly keptLeg: number | null;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

function paymentOf(row: PaymentRow): AuditedPayment {
  const { seq: _seq, state, version, leg, channelId, keptLeg, capturedMinor, refundedMinor, ...asked } = row;
  const head = state === null ? null : { state, version, leg, channelId, keptLeg, capturedMinor, refundedMinor };
  return { ...asked, head };
}
