import type { ChannelHold, ChannelId } from '#domain';
import { mayAsk } from './may-ask';
import type { ChannelEntry, ChannelRegistry } from './ports/channel-registry';

const ICBC = 'icbc.b2c' as ChannelId;

it('looks at the channel when the question is about to leave, not when it was thought of', () => {
  let hold: ChannelHold | null = null;
  const order = () => hold && { channelId: ICBC, hold, by: 'Li Wei', why: 'fraud', since: 0, until: null };
  const channels = { get: () => ({ order: order() }) as unknown as ChannelEntry } as unknown as ChannelRegistry;
  const ask = mayAsk(channels, ICBC);
  expect(ask()).toBe(true);
  hold = 'pause';
  expect(ask()).toBe(true);
  hold = 'kill';
  expect(ask()).toBe(false);
});
