/** Operations on channels as operators see them: how they are doing, and their limits. */
import { AdminChannelDetailResponse, AdminChannelListResponse } from '../admin/admin-channel.response';
import {
  ChangeLimitsRequest,
  EndRequest,
  ReplaceLimitsRequest,
  RollBackLimitsRequest,
} from '../admin/change-limits.request';
import { LimitRevisionListResponse, LimitsResponse } from '../admin/limits.response';
import { EXAMPLE_WHY } from '../admin/why';
import type { AnswerDescription, OperationDescription, ParameterDescription } from './operation';
import {
  EXAMPLE_ACKNOWLEDGED,
  EXAMPLE_ADMIN_CHANNEL,
  EXAMPLE_CHANGED,
  EXAMPLE_CONTROLLER,
  EXAMPLE_LIMITS,
  EXAMPLE_REVISIONS,
} from './operator-examples';
import { CHANNEL_ID, LIMIT, WITH_BODY, WITH_KEY, idOf, startingAfter } from './operator-parameters';

const IF_MATCH: ParameterDescription = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The `ETag` of the limits you have seen. Whoever is second is told so (412) and looks again.',
  schema: { type: 'string', pattern: '^"[1-9][0-9]{0,8}"$' },
  example: '"8"',
};

const ETAG = { ETag: '`latest_revision` in quotes, for `If-Match`.' };

const CHANGED: AnswerDescription = {
  status: 200,
  description:
    'Written. It acts on every process within a second; the answer waits so long and `acknowledged` says on which it does.',
  body: LimitsResponse,
  examples: { override: EXAMPLE_CHANGED },
  headers: ETAG,
};

/** What a change of limits may meet. */
const WITH_CHANGE = [
  ...WITH_KEY,
  ...WITH_BODY,
  'not_found',
  'revision_required',
  'revision_conflict',
  'above_contract',
  'limit_changes_full',
] as const;

export const LIMIT_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'listAdminChannels',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/channels',
    key: 'operator',
    summary: 'Every channel, with what was set, what was found, and what holds',
    description:
      'Configured limits with whose word they are and until when, the contract above them, what an operator has ordered, and the ' +
      'controller’s last word: adaptive and effective limits by operation, level, backlog, waiting time, breaker, headroom, and why. ' +
      'Answered from memory. `acknowledged` says which processes act on the newest limits and orders.',
    answers: [
      {
        status: 200,
        description: 'All of them, by id.',
        body: AdminChannelListResponse,
        examples: {
          channels: {
            object: 'list',
            data: [EXAMPLE_ADMIN_CHANNEL],
            has_more: false,
            controller: EXAMPLE_CONTROLLER,
            acknowledged: EXAMPLE_ACKNOWLEDGED,
          },
        },
      },
    ],
    errors: WITH_KEY,
  },
  {
    id: 'getAdminChannel',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/channels/{id}',
    key: 'operator',
    summary: 'One channel, as operators see it',
    description: 'See the list.',
    parameters: [CHANNEL_ID],
    answers: [
      {
        status: 200,
        description: 'The channel.',
        body: AdminChannelDetailResponse,
        examples: {
          channel: { ...EXAMPLE_ADMIN_CHANNEL, controller: EXAMPLE_CONTROLLER, acknowledged: EXAMPLE_ACKNOWLEDGED },
        },
      },
    ],
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'getChannelLimits',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/channels/{id}/limits',
    key: 'operator',
    summary: 'A channel’s limits: in force, ahead, and by contract',
    description:
      'Read from the journal. `ahead` is what follows by itself: the end of an override, a scheduled change. `pending` is what may be ' +
      'called off.',
    parameters: [CHANNEL_ID],
    answers: [
      {
        status: 200,
        description: 'The limits.',
        body: LimitsResponse,
        examples: { limits: EXAMPLE_LIMITS },
        headers: ETAG,
      },
    ],
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'changeChannelLimits',
    tag: 'operators',
    method: 'patch',
    path: '/v1/admin/channels/{id}/limits',
    key: 'operator',
    summary: 'Change some limits, for good or for a while, now or later',
    description:
      'Sets what `limits` names and leaves the rest. With `until` it is an override: when it ends, by itself, the former limits return as ' +
      'a new revision, and what somebody else changed for good meanwhile stays. With `effective_from` it is scheduled. Lowering is always ' +
      'allowed; nothing is raised above the contract. Who did it and why goes into the audit chain in the same transaction.',
    parameters: [CHANNEL_ID, IF_MATCH],
    body: {
      body: ChangeLimitsRequest,
      as: 'application/json',
      examples: {
        override: { limits: { in_flight_max: 100 }, until: '2026-11-11T00:30:00+08:00', reason: EXAMPLE_WHY },
        scheduled: {
          limits: { rate_per_second: 600 },
          effective_from: '2026-11-10T23:50:00+08:00',
          reason: 'Agreed with ICBC for midnight',
        },
      },
    },
    answers: [CHANGED],
    errors: WITH_CHANGE,
  },
  {
    id: 'replaceChannelLimits',
    tag: 'operators',
    method: 'put',
    path: '/v1/admin/channels/{id}/limits',
    key: 'operator',
    summary: 'Set all limits of a channel',
    description: 'As PATCH, with all members given.',
    parameters: [CHANNEL_ID, IF_MATCH],
    body: {
      body: ReplaceLimitsRequest,
      as: 'application/json',
      examples: {
        all: { limits: EXAMPLE_LIMITS.in_force.limits, reason: 'New limits after the rehearsal of 7 November' },
      },
    },
    answers: [CHANGED],
    errors: WITH_CHANGE,
  },
  {
    id: 'rollBackChannelLimits',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/channels/{id}/limits/rollback',
    key: 'operator',
    summary: 'Bring back the limits of a former revision',
    description:
      'Writes a new revision with all values of the named one, at once, and ends the overrides in force; what is scheduled stays. With ' +
      '`until` it is itself an override.',
    parameters: [CHANNEL_ID, IF_MATCH],
    body: {
      body: RollBackLimitsRequest,
      as: 'application/json',
      examples: { former: { revision: 3, reason: 'The new limits made it worse' } },
    },
    answers: [CHANGED],
    errors: [...WITH_CHANGE, 'revision_unknown'],
  },
  {
    id: 'callOffLimitChange',
    tag: 'operators',
    method: 'post',
    path: '/v1/admin/channels/{id}/limits/changes/{change}/call_off',
    key: 'operator',
    summary: 'End an override early, or a scheduled change before it begins',
    description: 'What it had set returns to what holds without it.',
    parameters: [CHANNEL_ID, idOf('change', 'chg_12', 'change'), IF_MATCH],
    body: { body: EndRequest, as: 'application/json', examples: { over: { reason: 'ICBC is well again' } } },
    answers: [CHANGED],
    errors: [...WITH_KEY, ...WITH_BODY, 'not_found', 'revision_required', 'revision_conflict', 'change_settled'],
  },
  {
    id: 'listLimitRevisions',
    tag: 'operators',
    method: 'get',
    path: '/v1/admin/channels/{id}/limits/revisions',
    key: 'operator',
    summary: 'The history of a channel’s limits',
    description:
      'Newest first; those that lie ahead are in it. One that a newer one overtook before its time never came into force.',
    parameters: [CHANNEL_ID, LIMIT, { ...startingAfter('8'), description: 'The last revision of the page before.' }],
    answers: [
      {
        status: 200,
        description: 'A page.',
        body: LimitRevisionListResponse,
        examples: { override: EXAMPLE_REVISIONS },
      },
    ],
    errors: [...WITH_KEY, 'not_found', 'parameter_invalid', 'card_number_forbidden'],
  },
];
