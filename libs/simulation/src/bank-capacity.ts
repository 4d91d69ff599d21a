// When will this bank answer, if at all? A queue in front of slots, as a state machine that is moved only
// by its caller: offer a payment, move time forward, read who is done. The bank simulator drives it with
// real timers, the discrete-event simulation with its event queue; both see the same bank.
//
// One idea makes it cheap and lets every setting change at any moment: *virtual time*. All payments in
// service advance at one common speed, so a payment needs `work` units of virtual time and is done when
// the virtual clock reaches its mark. The heap of marks never changes, only the speed of the clock:
//
//   speed = min(1, slots / in service) × degradation(load)      0 in a pause, drainSpeed while collapsed
//   d(virtual)/dt = speed / mean service time
//
// Processor sharing is that formula with everybody in service; fewer slots, a slower mean, a pause or a
// collapse act on running payments at once and in O(1). A step costs a heap operation, under 1 µs.
import type { BankCapacityConfig } from './bank-capacity-config';
import type { BankCapacity, BusyReason, Completion, Visit } from './bank-capacity-state';
import {
  changeMs,
  completionMs,
  fallIfOverloaded,
  lookAtPauses,
  moveTo,
  recover,
  setSpeed,
  startWaiting,
  takeRate,
  unlink,
} from './bank-work';
import { EventQueue } from './event-queue';
import type { Random } from './prng';
import { drawWork } from './service-time';

/** What the bank does with an offered payment: lets it in, or answers *busy* after `delayMs`. */
export type OfferResult = { kind: 'admitted' } | { kind: 'busy'; reason: BusyReason; delayMs: number };

const NOTHING: readonly Completion[] = [];
const ADMITTED: OfferResult = { kind: 'admitted' };

/** An idle bank channel whose clock stands at `nowMs` (any origin; the caller's clock must never go back). */
export function createCapacity(config: BankCapacityConfig, nowMs = 0): BankCapacity {
  const bank: BankCapacity = {
    config,
    nowMs,
    virtual: 0,
    rate: 0,
    speed: 0,
    paused: false,
    pauseEdgeMs: Infinity,
    collapsed: false,
    recoverFromMs: 0,
    rateDueMs: -Infinity,
    marks: new EventQueue(),
    visits: new Map(),
    head: null,
    tail: null,
    queued: 0,
    finished: [],
    offered: 0,
    served: 0,
    busy: { queue_full: 0, shedding: 0, rate_cap: 0, collapsed: 0 },
    abandoned: 0,
    collapses: 0,
    busySlotMs: 0,
    workedSlotMs: 0,
    waitingMs: 0,
  };
  lookAtPauses(bank);
  setSpeed(bank);
  return bank;
}

/**
 * A payment reaches the bank. `id` must not be inside already (throws: duplicates are the caller's business).
 * Payments that finish on the way to `nowMs` are kept for the next `advance`.
 */
export function offer(bank: BankCapacity, id: number, nowMs: number, random: Random): OfferResult {
  moveTo(bank, nowMs);
  if (bank.visits.has(id)) throw new Error(`payment ${id} is already inside the bank; offer each id once at a time`);
  bank.offered += 1;
  const reason = refusal(bank, random);
  if (reason !== null) {
    bank.busy[reason] += 1;
    return { kind: 'busy', reason, delayMs: bank.config.busyAnswerMs };
  }
  const visit: Visit = {
    id,
    offeredMs: nowMs,
    startedMs: 0,
    finishedMs: 0,
    delayMs: 0,
    work: drawWork(bank.config.service, random),
    waiting: true,
    before: bank.tail,
    after: null,
  };
  bank.visits.set(id, visit);
  if (bank.tail === null) bank.head = visit;
  else bank.tail.after = visit;
  bank.tail = visit;
  bank.queued += 1;
  startWaiting(bank);
  fallIfOverloaded(bank);
  setSpeed(bank);
  return ADMITTED;
}

/** Moves time to `nowMs` and returns the payments finished since the last call, in order of `finishedMs`. */
export function advance(bank: BankCapacity, nowMs: number): readonly Completion[] {
  moveTo(bank, nowMs);
  if (bank.finished.length === 0) return NOTHING;
  const finished = bank.finished;
  bank.finished = [];
  return finished;
}

/**
 * When to call `advance` next, ms: the next completion, or a moment at which the bank changes by itself (a pause,
 * a recovery); `Infinity` if nothing will happen without a new offer. Ask again after every other call.
 */
export function nextEventMs(bank: BankCapacity): number {
  const done = bank.finished[0];
  return done === undefined ? Math.min(completionMs(bank), changeMs(bank)) : done.finishedMs;
}

/**
 * New settings, at once: payments in service go on at the new mean and share fewer slots, or waiting ones take
 * new slots. What was let in stays in, even beyond a shorter queue. A pending collapse ends with the old settings.
 */
export function reconfigure(bank: BankCapacity, config: BankCapacityConfig, nowMs: number): void {
  moveTo(bank, nowMs);
  bank.config = config;
  if (bank.collapsed) recover(bank, config.collapse === null);
  lookAtPauses(bank);
  startWaiting(bank);
  fallIfOverloaded(bank);
  setSpeed(bank);
}

/**
 * The caller gives up on a payment. One that waits leaves the queue (`left`); one in service is finished all the
 * same and will be reported, as banks do (`in_service`); `not_inside` if it was never here or is done.
 */
export function abandon(bank: BankCapacity, id: number, nowMs: number): 'left' | 'in_service' | 'not_inside' {
  moveTo(bank, nowMs);
  const visit = bank.visits.get(id);
  if (visit === undefined) return 'not_inside';
  if (!visit.waiting) return 'in_service';
  bank.visits.delete(id);
  unlink(bank, visit);
  bank.abandoned += 1;
  if (bank.collapsed) recover(bank, false);
  setSpeed(bank);
  return 'left';
}

function refusal(bank: BankCapacity, random: Random): BusyReason | null {
  const { config } = bank;
  if (bank.collapsed && config.collapse?.refuses === true) return 'collapsed';
  const waiting = bank.marks.size + bank.queued - config.slots;
  if (waiting >= config.queueLimit) return 'queue_full';
  if (waiting >= config.busyFromQueue) {
    const share = (waiting + 1 - config.busyFromQueue) / (config.queueLimit + 1 - config.busyFromQueue);
    if (random() < share) return 'shedding';
  }
  if (config.rateCap?.beyond === 'busy' && !takeRate(bank)) return 'rate_cap';
  return null;
}
