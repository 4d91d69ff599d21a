/**
 * What an operator has ordered about a channel, beside its limits. Each is a hard stop of its own kind, with a name, a reason and, where
 * it is not for good, an end.
 *
 * `drain`: no payment comes in; what waits is carried out. `pause`: payments come in and wait; nothing is sent. `isolate`: nothing comes in
 * and nothing is sent until somebody releases it (the breaker's own state, held by a person). `maintenance`: as isolate, announced to
 * payers, within a window. `kill`: as isolate, at once and above everything else. Inquiries and reversals go on under all of them but
 * `kill`.
 */
import type { ChannelId } from './ids';
import type { EpochMs } from './time';

export const CHANNEL_HOLDS = ['drain', 'pause', 'isolate', 'maintenance', 'kill'] as const;
export type ChannelHold = (typeof CHANNEL_HOLDS)[number];

export interface ChannelOrder {
  readonly channelId: ChannelId;
  readonly hold: ChannelHold;
  /** Who ordered it. */
  readonly by: string;
  readonly why: string;
  readonly since: EpochMs;
  /** When it ends by itself; `null`: when somebody releases it. */
  readonly until: EpochMs | null;
}
