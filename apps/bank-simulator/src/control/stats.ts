/** The truth about the banks, which no client of a real bank ever sees: what they can do, do, and have said. */
import { trueCapacityPerSecond } from '#simulation';
import type { Channel } from '../bank/channel';
import type { Simulator } from '../bank/simulator';

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

export function channelStats(channel: Channel): Record<string, unknown> {
  const facts = channel.desk.facts();
  return {
    true_capacity_per_second: rounded(trueCapacityPerSecond(channel.settings.capacity)),
    slots: channel.settings.capacity.slots,
    in_service: facts.inService,
    busy_slots: facts.busySlots,
    waiting: facts.waiting,
    speed: rounded(facts.speed),
    collapsed: facts.collapsed,
    paused: facts.paused,
    collapses: facts.collapses,
    offered: facts.offered,
    served: facts.served,
    busy: facts.busy,
    busy_slot_seconds: rounded(facts.busySlotMs / 1000),
    worked_slot_seconds: rounded(facts.workedSlotMs / 1000),
    waiting_seconds: rounded(facts.waitingMs / 1000),
    said: Object.fromEntries([...channel.said].map(([operation, words]) => [operation, Object.fromEntries(words)])),
  };
}

export function simulatorStats(simulator: Simulator): Record<string, unknown> {
  const nowMs = Date.now();
  return {
    at: new Date(nowMs).toISOString(),
    up_seconds: rounded((nowMs - simulator.startedMs) / 1000),
    ledger_seq: simulator.ledger.lastSeq,
    notifications: simulator.notifier.facts(),
    channels: Object.fromEntries([...simulator.channels].map(([id, channel]) => [id, channelStats(channel)])),
  };
}
