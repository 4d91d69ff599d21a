/** Operations on channels, for whoever is about to choose one. */
import { ChannelListResponse, ChannelResponse } from '../channels/channel.response';
import { EXAMPLE_CHANNEL } from './examples';
import type { OperationDescription } from './operation';
import { EXAMPLE_CHANNELS_STREAM, EXAMPLE_CHANNEL_CONGESTED } from './suggestion-examples';

export const CHANNEL_OPERATIONS: readonly OperationDescription[] = [
  {
    id: 'listChannels',
    tag: 'channels',
    method: 'get',
    path: '/v1/channels',
    key: 'any',
    summary: 'All channels',
    description:
      'Banks, products, amount caps, and how each channel is doing: its level with the reason, how long a payment posted now takes, and ' +
      'maintenance that is announced. Answered from memory, at most a second old.',
    answers: [
      {
        status: 200,
        description: 'All of them, by id.',
        body: ChannelListResponse,
        examples: { channels: { object: 'list', data: [EXAMPLE_CHANNEL], has_more: false } },
      },
    ],
    errors: ['api_key_invalid', 'journal_unreadable'],
  },
  {
    id: 'streamChannels',
    tag: 'channels',
    method: 'get',
    path: '/v1/channels/stream',
    key: 'any',
    summary: 'Follow all channels',
    description:
      'Server-sent events, at most one a second: `event: channels` with all channels at first, then with those that changed. A comment ' +
      'where none did. One connection for a whole checkout server is enough; a reader that comes back begins with all of them again.',
    answers: [
      {
        status: 200,
        description: 'The stream.',
        as: 'text/event-stream',
        examples: { congesting: EXAMPLE_CHANNELS_STREAM },
      },
    ],
    errors: ['api_key_invalid', 'journal_unreadable', 'router_overloaded'],
  },
  {
    id: 'getChannel',
    tag: 'channels',
    method: 'get',
    path: '/v1/channels/{id}',
    key: 'any',
    summary: 'One channel',
    description: 'See the list.',
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'Bank, dot, product.',
        schema: { type: 'string' },
        example: 'icbc.quickpay',
      },
    ],
    answers: [
      {
        status: 200,
        description: 'The channel.',
        body: ChannelResponse,
        examples: { normal: EXAMPLE_CHANNEL, congested: EXAMPLE_CHANNEL_CONGESTED },
      },
    ],
    errors: ['api_key_invalid', 'journal_unreadable', 'not_found'],
  },
];
