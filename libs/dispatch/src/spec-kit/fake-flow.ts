/** For specs: channels in memory, and a flow that says what the spec says, counting what it is told. */
import type { ChannelId } from '#domain';
import type { ChannelFlow, DoorPlan } from '#policy';
import type { ChannelEntry, ChannelRegistry } from '../ports/channel-registry';
import { type DoorAnswer, type Entrant, type ExpectedWait, type FlowView, NO_FLOW } from '../ports/flow-view';

/** A channel in good health: 100 payments a second, two seconds worth waiting, a bank that has three to answer. */
export function channelOf(id: string, changes: Partial<ChannelEntry> = {}): ChannelEntry {
  const channelId = id as ChannelId;
  const [bankId, product] = id.split('.') as [string, ChannelEntry['channel']['product']];
  const numbers = { ratePerSecond: 100, burst: 10, inFlightMax: 50, amountMin: 1, amountMax: 1_000_000 };
  return {
    channel: {
      id: channelId,
      bankId,
      product,
      connector: 'rest',
      currencies: ['CNY'],
      enabled: true,
      feeBasisPoints: 20,
    },
    bank: { id: bankId, name: { 'zh-CN': bankId, en: bankId } },
    lines: [],
    limits: { channelId, revision: 1, longestWaitMs: 2_000, timeoutMs: 3_000, ...numbers },
    order: null,
    announced: null,
    ...changes,
  } as ChannelEntry;
}

export function registryOf(...entries: readonly ChannelEntry[]): ChannelRegistry {
  const byId = new Map(entries.map((entry) => [entry.channel.id, entry]));
  return { get: (id) => byId.get(id), all: () => entries, version: () => 1, nowMs: () => 0 };
}

export const WELL: ExpectedWait = { ahead: 0, pointMs: 250, roundTripMs: 250, p50Ms: 250, p90Ms: 450 };
export const SLOW: ExpectedWait = { ahead: 150, pointMs: 1_750, roundTripMs: 250, p50Ms: 1_750, p90Ms: 2_600 };

export interface SaidOfChannel {
  readonly answer?: DoorAnswer;
  readonly wait?: ExpectedWait;
  readonly level?: ChannelFlow['level'];
  readonly breaker?: ChannelFlow['breaker']['state'];
  readonly hold?: ChannelFlow['hold'];
  readonly headroomPerSecond?: number;
  readonly offerBudget?: number;
}

export interface ToldFlow extends FlowView {
  /** Who asked, in order. */
  readonly asked: Entrant[];
  readonly noted: string[];
}

export function flowOf(said: Readonly<Record<string, SaidOfChannel>>): ToldFlow {
  const asked: Entrant[] = [];
  const noted: string[] = [];
  const waitOn = (id: ChannelId): ExpectedWait | null => (said[id] ? (said[id].wait ?? WELL) : null);
  return {
    ...NO_FLOW,
    asked,
    noted,
    ageMs: () => 200,
    get: (id) => (said[id] ? channelFlow(id, said[id]) : null),
    planOf: (id) => (said[id] ? ({ offerBudget: said[id].offerBudget ?? 10 } as DoorPlan) : null),
    expect: waitOn,
    ask(entrant) {
      asked.push(entrant);
      const one = said[entrant.channelId];
      return one ? (one.answer ?? { kind: 'admit', wait: waitOn(entrant.channelId)! }) : null;
    },
    noteDemand: ({ channelId }, admitted) => void noted.push(`${channelId} ${admitted ? 'in' : 'out'}`),
  };
}

function channelFlow(channelId: ChannelId, said: SaidOfChannel): ChannelFlow {
  const { breaker = 'closed', headroomPerSecond = 20, hold = null, level = 'normal', wait = WELL } = said;
  return {
    channelId,
    level,
    hold,
    breaker: { state: breaker, forMs: 0, reopensInMs: null, reason: { code: `breaker_${breaker}` } },
    backlog: wait.ahead,
    wait: { ...wait, drainPerSecond: 100, opensInMs: 0, corrections: [] },
    successRate: 0.99,
    headroomPerSecond,
  } as unknown as ChannelFlow;
}

/** What a full channel's door says. */
export const SATURATED: DoorAnswer = {
  kind: 'refuse',
  code: 'channel_saturated',
  reason: { code: 'queue_full', channel: 'icbc.quickpay', wait_ms: 1_900 },
  retryAfterMs: 1_900,
  wait: SLOW,
};
