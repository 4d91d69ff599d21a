/** Operations that stop and release channels, announce maintenance, show it all live, and say who did what. */
import { AuditListResponse } from '../admin/audit.response';
import { EndRequest } from '../admin/change-limits.request';
import { AnnounceMaintenanceRequest, GiveOrderRequest, ReleaseOrdersRequest } from '../admin/order.request';
import { OrderListResponse, OrderResponse, OrdersReleasedResponse } from '../admin/order.response';
import type { OperationDescription } from './operation';
import {
  EXAMPLE_ACKNOWLEDGED,
  EXAMPLE_AUDIT_ENTRY,
  EXAMPLE_CANCELED_WINDOW,
  EXAMPLE_GIVEN,
  EXAMPLE_LIVE,
  EXAMPLE_ORDER,
  EXAMPLE_RELEASED,
  EXAMPLE_WINDOW,
} from './operator-examples';
import { LIMIT, OPEN, TARGET, WITH_BODY, WITH_KEY, idOf, startingAfter } from './operator-parameters';

const WITH_QUERY = [...WITH_KEY, 'parameter_invalid', 'card_number_forbidden'] as const;
const WITH_ORDER = [...WITH_KEY, ...WITH_BODY, 'orders_full'] as const;
const WITH_END = [...WITH_KEY, ...WITH_BODY, 'not_found', 'order_over'] as const;

const filter = (name: string, description: string, example: string) =>
  ({ name, in: 'query', description, schema: { type: 'string' }, example }) as const;

export const ORDER_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'giveOrder',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/orders',
    key: 'operator',
    summary: 'Drain, pause, isolate or kill a channel, a bank, or everything',
    description:
      'Acts on every process within a second, until it is released or, with `until`, ends by itself. Where several orders stand, the ' +
      'strongest is in force: kill, isolate, maintenance, pause, drain. Refused payers hear `channel_draining`, `channel_breaker_open` ' +
      '(isolated), `channel_maintenance` or `channel_closed` (killed). Calls that are under way are never cut off. Giving the same order ' +
      'again gives the one that stands (200).',
    body: {
      body: GiveOrderRequest,
      as: 'application/json',
      examples: {
        isolate: { target: 'icbc.quickpay', hold: 'isolate', reason: EXAMPLE_ORDER.reason },
        drain_for_a_while: {
          target: 'icbc',
          hold: 'drain',
          until: '2026-11-11T00:30:00+08:00',
          reason: 'Until the second site of ICBC is back',
        },
        kill_switch: { target: 'everything', hold: 'kill', reason: 'Two sites dispatch at once' },
      },
    },
    answers: [
      { status: 201, description: 'Given.', body: OrderResponse, examples: { given: EXAMPLE_GIVEN } },
      {
        status: 200,
        description: 'The same order stands already.',
        body: OrderResponse,
        examples: { standing: EXAMPLE_GIVEN },
      },
    ],
    errors: WITH_ORDER,
  },
  {
    id: 'listOrders',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/orders',
    key: 'operator',
    summary: 'Orders, newest first',
    description: 'Maintenance windows have a list of their own.',
    parameters: [OPEN, TARGET, filter('hold', 'Only of this kind.', 'kill'), LIMIT, startingAfter('ord_31')],
    answers: [
      {
        status: 200,
        description: 'A page.',
        body: OrderListResponse,
        examples: { open: { object: 'list', data: [EXAMPLE_ORDER], has_more: false } },
      },
    ],
    errors: WITH_QUERY,
  },
  {
    id: 'releaseOrder',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/orders/{id}/release',
    key: 'operator',
    summary: 'End one order',
    description: 'Others about the same channel stay.',
    parameters: [idOf('order', 'ord_31')],
    body: {
      body: EndRequest,
      as: 'application/json',
      examples: { released: { reason: EXAMPLE_RELEASED.release_reason } },
    },
    answers: [{ status: 200, description: 'Released.', body: OrderResponse, examples: { released: EXAMPLE_RELEASED } }],
    errors: WITH_END,
  },
  {
    id: 'releaseOrders',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/orders/release',
    key: 'operator',
    summary: 'Release a channel, a bank, or everything',
    description:
      'Ends all drains, pauses and isolations (or the kinds that `holds` names) about exactly this target. Orders about its bank, or about ' +
      'everything, stay, and a kill switch is released only where it is named. Where nothing stood, nothing is changed.',
    body: {
      body: ReleaseOrdersRequest,
      as: 'application/json',
      examples: {
        channel: { target: 'icbc.quickpay', reason: EXAMPLE_RELEASED.release_reason },
        kill_switch: { target: 'everything', holds: ['kill'], reason: 'Only one site dispatches again' },
      },
    },
    answers: [
      {
        status: 200,
        description: 'What ended.',
        body: OrdersReleasedResponse,
        examples: {
          released: { object: 'orders_released', released: [EXAMPLE_RELEASED], acknowledged: EXAMPLE_ACKNOWLEDGED },
        },
      },
    ],
    errors: [...WITH_KEY, ...WITH_BODY],
  },
  {
    id: 'announceMaintenance',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/maintenance_windows',
    key: 'operator',
    summary: 'Announce a maintenance window',
    description:
      'Payers are told of it beforehand (`maintenance` in `GET /v1/channels`). From its begin to its end nothing comes in and nothing is ' +
      'sent, on every process at once and without anybody doing anything; with `drain_minutes` nothing new comes in for so long before. ' +
      'Times are PostgreSQL’s.',
    body: {
      body: AnnounceMaintenanceRequest,
      as: 'application/json',
      examples: {
        monthly: {
          target: 'icbc',
          starts_at: '2026-11-12T02:00:00+08:00',
          ends_at: '2026-11-12T04:00:00+08:00',
          drain_minutes: 5,
          reason: EXAMPLE_WINDOW.reason,
        },
      },
    },
    answers: [{ status: 201, description: 'Announced.', body: OrderResponse, examples: { announced: EXAMPLE_WINDOW } }],
    errors: WITH_ORDER,
  },
  {
    id: 'listMaintenance',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/maintenance_windows',
    key: 'operator',
    summary: 'Maintenance windows, newest first',
    description: 'Past ones are in it, and canceled ones.',
    parameters: [OPEN, TARGET, LIMIT, startingAfter('mwn_32')],
    answers: [
      {
        status: 200,
        description: 'A page.',
        body: OrderListResponse,
        examples: { open: { object: 'list', data: [EXAMPLE_WINDOW], has_more: false } },
      },
    ],
    errors: WITH_QUERY,
  },
  {
    id: 'cancelMaintenance',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/maintenance_windows/{id}/cancel',
    key: 'operator',
    summary: 'Cancel a maintenance window, before it begins or within it',
    description: 'Within it the channel is released at once.',
    parameters: [idOf('window', 'mwn_32')],
    body: {
      body: EndRequest,
      as: 'application/json',
      examples: { moved: { reason: EXAMPLE_CANCELED_WINDOW.release_reason } },
    },
    answers: [
      { status: 200, description: 'Canceled.', body: OrderResponse, examples: { canceled: EXAMPLE_CANCELED_WINDOW } },
    ],
    errors: WITH_END,
  },
  {
    id: 'streamLive',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/live',
    key: 'operator',
    summary: 'The whole world, once a second',
    description:
      'Server-sent events over one connection. First `event: snapshot` with all channels, then every second `event: delta` with those that ' +
      'changed and with orders, acknowledgements, totals and alerts whole; also when nothing changed, so silence means trouble. Replace a ' +
      'channel by the newer one, remove those in `gone`. Come back with `Last-Event-ID` and you get the deltas you missed, or a snapshot ' +
      'where they are no longer kept (a minute) or another process answers. Whoever falls 4 MiB behind is told `event: dropped` ' +
      '(`stream_too_slow`) and disconnected. An `at` older than 3 s is a frozen picture.',
    parameters: [
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'The last id you have seen.',
        schema: { type: 'string' },
        example: 'q043d4m80jktghe4-17',
      },
    ],
    answers: [{ status: 200, description: 'The stream.', as: 'text/event-stream', examples: { live: EXAMPLE_LIVE } }],
    errors: [...WITH_KEY, 'router_overloaded'],
  },
  {
    id: 'listAudit',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/audit',
    key: 'operator',
    summary: 'What people did, newest first',
    description:
      'Every change of limits, every order and window, every settled item of the worklist, each with the hash of the one before it. ' +
      '`npm run audit` checks the chain.',
    parameters: [
      filter('subject', 'Only about this channel, bank, `everything`, or item.', 'icbc.quickpay'),
      filter('action', 'Only this action.', 'limits.changed'),
      filter('actor', 'Only by this actor.', 'operator:Li Wei'),
      LIMIT,
      startingAfter('aud_118'),
    ],
    answers: [
      {
        status: 200,
        description: 'A page.',
        body: AuditListResponse,
        examples: { page: { object: 'list', data: [EXAMPLE_AUDIT_ENTRY], has_more: true } },
      },
    ],
    errors: WITH_QUERY,
  },
];
