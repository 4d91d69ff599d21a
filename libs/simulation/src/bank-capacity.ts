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
import { EventQueue } from './event-queue';
import type { Random } from './prng';
import { drawWork } from './service-time';

/** Why a bank answered *system busy*. */
export type BusyReason = 'queue_full' | 'shedding' | 'rate_cap' | 'collapsed';

/** What the bank does with an offered payment: lets it in, or answers *busy* after `delayMs`. */
export type OfferResult = { kind: 'admitted' } | { kind: 'busy'; reason: BusyReason; delayMs: number };

/** A payment the bank has finished. Book at `finishedMs`; the answer leaves `delayMs` later. */
export interface Completion {
  readonly id: number;
  readonly offeredMs: number;
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly delayMs: number;
}

interface Visit extends Completion {
  work: number;
  startedMs: number;
  finishedMs: number;
  delayMs: number;
  waiting: boolean;
  before: Visit | null;
  after: Visit | null;
}

/** Counts and integrals since the start; all exact, none sampled. */
export interface CapacityFacts {
  readonly atMs: number;
  /** offered = served + busy (all reasons) + abandoned + inService + queued, at every instant. */
  readonly offered: number;
  readonly served: number;
  readonly busy: Readonly<Record<BusyReason, number>>;
  readonly abandoned: number;
  /** Payments being worked on; under processor sharing these may be more than the slots. */
  readonly inService: number;
  readonly queued: number;
  /** Slots in use now: min(inService, slots). */
  readonly busySlots: number;
  /** Payments inside beyond the slots: the bank's own queue, whatever its discipline. */
  readonly waiting: number;
  readonly collapsed: boolean;
  readonly paused: boolean;
  readonly collapses: number;
  /** Present speed of work, 1 = healthy. */
  readonly speed: number;
  /** ∫ busy slots dt, slot-ms: what the bank spent. */
  readonly busySlotMs: number;
  /** ∫ busy slots × speed dt, slot-ms: what came of it. The difference is lost to degradation, pauses and collapse. */
  readonly workedSlotMs: number;
  /** ∫ waiting dt, payment-ms; over admitted payments it is the mean wait (Little). */
  readonly waitingMs: number;
}

/** A bank channel at one instant. Changed in place by the functions below and by nothing else. */
export interface BankCapacity {
  config: BankCapacityConfig;
  nowMs: number;
  virtual: number;
  /** d(virtual)/dt per ms. */
  rate: number;
  speed: number;
  paused: boolean;
  pauseEdgeMs: number;
  collapsed: boolean;
  recoverFromMs: number;
  /** Theoretical arrival time of the hidden rate (GCRA), ms. */
  rateDueMs: number;
  readonly marks: EventQueue<Visit>;
  readonly visits: Map<number, Visit>;
  head: Visit | null;
  tail: Visit | null;
  queued: number;
  finished: Visit[];
  offered: number;
  served: number;
  readonly busy: Record<BusyReason, number>;
  abandoned: number;
  collapses: number;
  busySlotMs: number;
  workedSlotMs: number;
  waitingMs: number;
}

// Bound once: in a jest sandbox every look at a global costs more than the arithmetic.
const { floor, max, min } = Math;
const NEVER = Infinity;
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
    pauseEdgeMs: NEVER,
    collapsed: false,
    recoverFromMs: 0,
    rateDueMs: -NEVER,
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
  return done === undefined ? min(completionMs(bank), changeMs(bank)) : done.finishedMs;
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

/** The truth about the bank as of its last step, as a fresh copy. */
export function capacityFacts(bank: BankCapacity): CapacityFacts {
  const inService = bank.marks.size;
  const busySlots = min(inService, bank.config.slots);
  return {
    atMs: bank.nowMs,
    offered: bank.offered,
    served: bank.served,
    busy: { ...bank.busy },
    abandoned: bank.abandoned,
    inService,
    queued: bank.queued,
    busySlots,
    waiting: inService + bank.queued - busySlots,
    collapsed: bank.collapsed,
    paused: bank.paused,
    collapses: bank.collapses,
    speed: bank.speed,
    busySlotMs: bank.busySlotMs,
    workedSlotMs: bank.workedSlotMs,
    waitingMs: bank.waitingMs,
  };
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

/** Earliest instant at which the hidden rate lets one more through. */
function rateOpensMs(bank: BankCapacity): number {
  const cap = bank.config.rateCap;
  return cap === null ? -NEVER : bank.rateDueMs - ((cap.burst - 1) * 1000) / cap.perSecond;
}

function takeRate(bank: BankCapacity): boolean {
  const cap = bank.config.rateCap;
  if (cap === null) return true;
  if (bank.nowMs < rateOpensMs(bank)) return false;
  bank.rateDueMs = max(bank.rateDueMs, bank.nowMs) + 1000 / cap.perSecond;
  return true;
}

function serviceLimit(config: BankCapacityConfig): number {
  return config.discipline === 'fifo' ? config.slots : config.slots + config.queueLimit;
}

function startWaiting(bank: BankCapacity): void {
  const { config } = bank;
  const gated = config.rateCap?.beyond === 'wait';
  while (bank.head !== null && bank.marks.size < serviceLimit(config)) {
    if (gated && !takeRate(bank)) return;
    const visit = bank.head;
    unlink(bank, visit);
    visit.waiting = false;
    visit.startedMs = bank.nowMs;
    bank.marks.push(bank.virtual + visit.work, visit);
  }
}

function unlink(bank: BankCapacity, visit: Visit): void {
  if (visit.before === null) bank.head = visit.after;
  else visit.before.after = visit.after;
  if (visit.after === null) bank.tail = visit.before;
  else visit.after.before = visit.before;
  visit.before = null;
  visit.after = null;
  bank.queued -= 1;
}

/** Payments inside per slot; a bank without slots counts as one, so that the load stays a number. */
function loadOf(bank: BankCapacity): number {
  return (bank.marks.size + bank.queued) / max(1, bank.config.slots);
}

function fallIfOverloaded(bank: BankCapacity): void {
  const { collapse } = bank.config;
  if (collapse === null || bank.collapsed || loadOf(bank) < collapse.atLoad) return;
  bank.collapsed = true;
  bank.collapses += 1;
  bank.recoverFromMs = bank.nowMs + collapse.downMs;
}

function recover(bank: BankCapacity, forgiven: boolean): void {
  const { collapse } = bank.config;
  const back = collapse === null || (bank.nowMs >= bank.recoverFromMs && loadOf(bank) <= collapse.recoverAtLoad);
  if (forgiven || back) bank.collapsed = false;
}

function setSpeed(bank: BankCapacity): void {
  const { config } = bank;
  const inService = bank.marks.size;
  let speed = inService <= config.slots ? 1 : config.slots / inService;
  if (bank.paused) speed = 0;
  else if (bank.collapsed && config.collapse !== null) speed *= config.collapse.drainSpeed;
  else if (config.degradation.slope > 0) {
    const beyond = loadOf(bank) - config.degradation.kneeLoad;
    if (beyond > 0) speed *= max(config.degradation.floor, 1 / (1 + config.degradation.slope * beyond));
  }
  bank.speed = speed;
  bank.rate = speed / config.service.meanMs;
}

/** Whether a pause is on, and when that changes next. By cycle number, so that rounding cannot stall the clock. */
function lookAtPauses(bank: BankCapacity): void {
  const { pauses } = bank.config;
  bank.paused = false;
  bank.pauseEdgeMs = NEVER;
  if (pauses === null) return;
  let cycle = floor((bank.nowMs - pauses.firstAtMs) / pauses.everyMs);
  if (pauses.firstAtMs + (cycle + 1) * pauses.everyMs <= bank.nowMs) cycle += 1;
  if (pauses.firstAtMs + cycle * pauses.everyMs > bank.nowMs) cycle -= 1;
  const endMs = pauses.firstAtMs + cycle * pauses.everyMs + pauses.forMs;
  bank.paused = cycle >= 0 && bank.nowMs < endMs;
  bank.pauseEdgeMs = bank.paused ? endMs : pauses.firstAtMs + max(0, cycle + 1) * pauses.everyMs;
}

function completionMs(bank: BankCapacity): number {
  if (bank.rate === 0 || bank.marks.size === 0) return NEVER;
  return bank.nowMs + max(0, bank.marks.peekTime() - bank.virtual) / bank.rate;
}

/** The next instant at which the bank changes without a completion; idle banks have none worth waking for. */
function changeMs(bank: BankCapacity): number {
  if (bank.visits.size === 0 && !bank.collapsed) return NEVER;
  let next = bank.pauseEdgeMs;
  if (bank.collapsed && bank.recoverFromMs > bank.nowMs && bank.recoverFromMs < next) next = bank.recoverFromMs;
  if (bank.config.rateCap?.beyond === 'wait' && bank.head !== null && bank.marks.size < serviceLimit(bank.config)) {
    next = min(next, max(bank.nowMs, rateOpensMs(bank)));
  }
  return next;
}

/** Every turn of the loop finishes a payment or passes an instant of change, so it ends. */
function moveTo(bank: BankCapacity, nowMs: number): void {
  if (!(nowMs >= bank.nowMs))
    throw new RangeError(`time went back from ${bank.nowMs} to ${nowMs} ms; use one monotonic clock`);
  for (;;) {
    const doneMs = completionMs(bank);
    const nextMs = changeMs(bank);
    if (doneMs > nowMs && nextMs > nowMs) break;
    if (doneMs <= nextMs) {
      pass(bank, doneMs);
      finishFirst(bank);
    } else {
      pass(bank, nextMs);
      if (bank.nowMs >= bank.pauseEdgeMs) lookAtPauses(bank);
    }
    if (bank.collapsed) recover(bank, false);
    startWaiting(bank);
    setSpeed(bank);
  }
  pass(bank, nowMs);
  if (nowMs >= bank.pauseEdgeMs) {
    lookAtPauses(bank);
    setSpeed(bank);
  }
}

/** Time passes at constant speed. */
function pass(bank: BankCapacity, toMs: number): void {
  const elapsedMs = toMs - bank.nowMs;
  if (elapsedMs <= 0) return;
  const inService = bank.marks.size;
  if (inService + bank.queued > 0) {
    const { slots } = bank.config;
    const busySlots = inService < slots ? inService : slots;
    bank.busySlotMs += busySlots * elapsedMs;
    // speed counts per payment; times payments in service it is the work of all slots together.
    bank.workedSlotMs += inService * bank.speed * elapsedMs;
    bank.waitingMs += (inService + bank.queued - busySlots) * elapsedMs;
    bank.virtual += bank.rate * elapsedMs;
  }
  bank.nowMs = toMs;
}

function finishFirst(bank: BankCapacity): void {
  bank.virtual = max(bank.virtual, bank.marks.peekTime()); // land exactly on the mark, whatever rounding said
  const visit = bank.marks.pop() as Visit;
  bank.visits.delete(visit.id);
  visit.finishedMs = bank.nowMs;
  visit.delayMs = bank.config.answerDelayMs;
  bank.served += 1;
  bank.finished.push(visit);
}
