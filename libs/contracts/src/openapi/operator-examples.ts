/** Examples of what operators see and do: one channel, from an override before midnight to a maintenance window the night after. */
import type { AcknowledgedResponse } from '../admin/acknowledged.response';
import type { AdminChannelResponse, ControllerResponse } from '../admin/admin-channel.response';
import type { AuditEntryResponse } from '../admin/audit.response';
import type { LimitRevisionResponse, LimitsResponse } from '../admin/limits.response';
import type { LiveEventResponse } from '../admin/live.response';
import type { OrderResponse } from '../admin/order.response';
import { EXAMPLE_WHY } from '../admin/why';
import { renderReason } from '../payments/reason.response';
import { EXAMPLE_CHANNEL } from './examples';

const VALUES = {
  rate_per_second: 800,
  burst: 80,
  in_flight_max: 200,
  longest_wait_ms: 2_000,
  timeout_ms: 5_000,
  amount_min: 1,
  amount_max: 5_000_000,
};
const CONTRACT = { rate_per_second: 800, burst: 80, in_flight_max: 200, amount_min: 1, amount_max: 5_000_000 };
const BEGIN = '2026-11-10T15:50:00.000Z';
const END = '2026-11-10T16:30:00.000Z';

export const EXAMPLE_ACKNOWLEDGED: AcknowledgedResponse = {
  version: 57,
  workers_acting: 1,
  workers: 2,
  processes: [
    { id: 'worker-1', kind: 'worker', version: 57, acts: true, snapshot_seq: 4211, silent_ms: 90 },
    { id: 'worker-2', kind: 'worker', version: 56, acts: false, snapshot_seq: 4211, silent_ms: 140 },
  ],
};

export const EXAMPLE_CONTROLLER: ControllerResponse = { id: 'worker-1', term: 3, seq: 4211, age_ms: 140 };

const OVERRIDE: LimitRevisionResponse = {
  revision: 8,
  object: 'limit_revision',
  limits: { ...VALUES, in_flight_max: 100 },
  cause: 'override',
  effective_from: BEGIN,
  change: 'chg_12',
  by: 'Li Wei',
  reason: EXAMPLE_WHY,
  created_at: BEGIN,
};
const RETURN: LimitRevisionResponse = {
  ...OVERRIDE,
  revision: 9,
  limits: VALUES,
  cause: 'return',
  effective_from: END,
};

export const EXAMPLE_REVISIONS = { object: 'list', data: [RETURN, OVERRIDE], has_more: true };

export const EXAMPLE_LIMITS: LimitsResponse = {
  channel: 'icbc.quickpay',
  object: 'channel_limits',
  latest_revision: 9,
  in_force: OVERRIDE,
  ahead: [RETURN],
  pending: [
    {
      id: 'chg_12',
      limits: { in_flight_max: 100 },
      effective_from: BEGIN,
      until: END,
      rolls_back_to: null,
      by: 'Li Wei',
      reason: EXAMPLE_WHY,
      created_at: BEGIN,
    },
  ],
  contract: CONTRACT,
};

export const EXAMPLE_CHANGED: LimitsResponse = { ...EXAMPLE_LIMITS, acknowledged: EXAMPLE_ACKNOWLEDGED };

const TRACKED = renderReason({ code: 'limit_tracked' });
const NOT_NEEDED = renderReason({ code: 'limit_not_needed' });

export const EXAMPLE_ADMIN_CHANNEL: AdminChannelResponse = {
  id: 'icbc.quickpay',
  object: 'admin_channel',
  bank: EXAMPLE_CHANNEL.bank,
  product: 'quickpay',
  enabled: true,
  currencies: ['CNY'],
  fee_basis_points: 20,
  contract: CONTRACT,
  limits: {
    revision: 8,
    values: OVERRIDE.limits,
    cause: 'override',
    by: 'Li Wei',
    reason: EXAMPLE_WHY,
    since: BEGIN,
    until: END,
  },
  order: null,
  announced: { starts_at: '2026-11-11T18:00:00.000Z', ends_at: '2026-11-11T20:00:00.000Z' },
  flow: {
    level: 'busy',
    limits: {
      pay: { configured: 100, adaptive: 91.4, effective: 89, reason: TRACKED },
      inquiry: { configured: 10, adaptive: 10, effective: 10, reason: NOT_NEEDED },
      giving_back: { configured: 5, adaptive: 5, effective: 5, reason: NOT_NEEDED },
    },
    revision: 8,
    rate_per_second: 800,
    in_flight: 88,
    held_by_unknown: 2,
    backlog: 412,
    drain_per_second: 371.5,
    headroom_per_second: 0,
    round_trip_ms: 236,
    eta_ms: { p50: 1_350, p90: 1_720 },
    success_rate: 0.986,
    answers: 20_411,
    breaker: { state: 'closed', for_ms: 81_400, reopens_in_ms: null, reason: renderReason({ code: 'breaker_closed' }) },
    reason: renderReason({ code: 'channel_busy' }),
  },
};

export const EXAMPLE_ORDER: OrderResponse = {
  id: 'ord_31',
  object: 'order',
  target: 'icbc.quickpay',
  hold: 'isolate',
  state: 'in_force',
  by: 'Li Wei',
  reason: 'ICBC books twice; nothing more goes there until they have found out why',
  starts_at: '2026-11-10T16:02:11.482Z',
  ends_at: null,
  drains_at: '2026-11-10T16:02:11.482Z',
  created_at: '2026-11-10T16:02:11.482Z',
  released_at: null,
  released_by: null,
  release_reason: null,
};

export const EXAMPLE_GIVEN: OrderResponse = { ...EXAMPLE_ORDER, acknowledged: EXAMPLE_ACKNOWLEDGED };

export const EXAMPLE_RELEASED: OrderResponse = {
  ...EXAMPLE_ORDER,
  state: 'over',
  released_at: '2026-11-10T16:20:40.003Z',
  released_by: 'Zhang San',
  release_reason: 'ICBC has found it and corrects it today',
};

export const EXAMPLE_WINDOW: OrderResponse = {
  ...EXAMPLE_ORDER,
  id: 'mwn_32',
  object: 'maintenance_window',
  hold: 'maintenance',
  state: 'ahead',
  reason: 'Monthly window, announced by ICBC on 2 November',
  starts_at: '2026-11-11T18:00:00.000Z',
  ends_at: '2026-11-11T20:00:00.000Z',
  drains_at: '2026-11-11T17:55:00.000Z',
};

export const EXAMPLE_CANCELED_WINDOW: OrderResponse = {
  ...EXAMPLE_WINDOW,
  state: 'over',
  released_at: '2026-11-11T09:00:00.000Z',
  released_by: 'Zhang San',
  release_reason: 'ICBC has moved it to December',
};

export const EXAMPLE_AUDIT_ENTRY: AuditEntryResponse = {
  id: 'aud_118',
  object: 'audit_entry',
  at: BEGIN,
  actor: 'operator:Li Wei',
  action: 'limits.changed',
  subject: 'icbc.quickpay',
  reason: EXAMPLE_WHY,
  facts: { change: 12, sets: { inFlightMax: 100 }, before: { revision: 7, inFlightMax: 200 } },
  hash: '2f7c9a0d5f6e1b3c8d4a7e902b16c5f3a8d9e0714b2c6f5d3e8a9017c4b6d2f1',
  prev_hash: '9b1de07a4c3f5826e1d7b90a6c4f2e8d3a5b7c9016f4e2d8b3a7c5901e6d4f2a',
};

const LIVE: LiveEventResponse = {
  object: 'live',
  at: '2026-11-10T16:00:37.000Z',
  channels: [EXAMPLE_ADMIN_CHANNEL],
  gone: [],
  controller: EXAMPLE_CONTROLLER,
  acknowledged: EXAMPLE_ACKNOWLEDGED,
  orders: [EXAMPLE_WINDOW],
  totals: {
    accepted_per_second: 1820.4,
    succeeded_per_second: 1764.2,
    failed_per_second: 21.8,
    refused_per_second: 96.4,
    backlog: 412,
    in_flight: 1_204,
  },
  alerts: { open_worklist: { long_unknown: 2 } },
};

/** As it goes over the wire. */
export const EXAMPLE_LIVE = [
  'retry: 1000',
  '',
  `id: q043d4m80jktghe4-17\nevent: snapshot\ndata: ${JSON.stringify(LIVE)}`,
  '',
  `id: q043d4m80jktghe4-18\nevent: delta\ndata: ${JSON.stringify({ ...LIVE, at: '2026-11-10T16:00:38.000Z', channels: [] })}`,
  '',
].join('\n');
