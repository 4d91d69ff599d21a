// How does work move through the bank while time passes? At one common speed for everything in service, until
// the next payment is done or the bank changes by itself: a pause, a recovery, the hidden rate opening.
// Inside of the capacity model; its public face is bank-capacity.ts, where virtual time is explained.
import type { BankCapacityConfig } from './bank-capacity-config';
import type { BankCapacity, Visit } from './bank-capacity-state';

// Bound once: in a jest sandbox every look at a global costs more than the arithmetic.
const { floor, max, min } = Math;
const NEVER = Infinity;

/** Earliest instant at which the hidden rate lets one more through. */
function rateOpensMs(bank: BankCapacity): number {
  const cap = bank.config.rateCap;
  return cap === null ? -NEVER : bank.rateDueMs - ((cap.burst - 1) * 1000) / cap.perSecond;
}

/** Takes one from the hidden rate if it has one to give; always true without such a rate. */
export function takeRate(bank: BankCapacity): boolean {
  const cap = bank.config.rateCap;
  if (cap === null) return true;
  if (bank.nowMs < rateOpensMs(bank)) return false;
  bank.rateDueMs = max(bank.rateDueMs, bank.nowMs) + 1000 / cap.perSecond;
  return true;
}

function serviceLimit(config: BankCapacityConfig): number {
  return config.discipline === 'fifo' ? config.slots : config.slots + config.queueLimit;
}

/** Moves waiting payments into service as far as slots and a pacing rate allow. */
export function startWaiting(bank: BankCapacity): void {
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

/** Takes a payment out of the waiting list. */
export function unlink(bank: BankCapacity, visit: Visit): void {
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

/** Fells the bank if its load has reached what it cannot bear. */
export function fallIfOverloaded(bank: BankCapacity): void {
  const { collapse } = bank.config;
  if (collapse === null || bank.collapsed || loadOf(bank) < collapse.atLoad) return;
  bank.collapsed = true;
  bank.collapses += 1;
  bank.recoverFromMs = bank.nowMs + collapse.downMs;
}

/** Brings a collapsed bank back if its time is over and it has drained, or if it is forgiven. */
export function recover(bank: BankCapacity, forgiven: boolean): void {
  const { collapse } = bank.config;
  const back = collapse === null || (bank.nowMs >= bank.recoverFromMs && loadOf(bank) <= collapse.recoverAtLoad);
  if (forgiven || back) bank.collapsed = false;
}

/** Works out the common speed; to be called after anything that it depends on has changed. */
export function setSpeed(bank: BankCapacity): void {
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
export function lookAtPauses(bank: BankCapacity): void {
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

/** When the payment nearest to its mark will be done at the present speed, ms; never in a pause. */
export function completionMs(bank: BankCapacity): number {
  if (bank.rate === 0 || bank.marks.size === 0) return NEVER;
  return bank.nowMs + max(0, bank.marks.peekTime() - bank.virtual) / bank.rate;
}

/** The next instant at which the bank changes without a completion; idle banks have none worth waking for. */
export function changeMs(bank: BankCapacity): number {
  if (bank.visits.size === 0 && !bank.collapsed) return NEVER;
  let next = bank.pauseEdgeMs;
  if (bank.collapsed && bank.recoverFromMs > bank.nowMs && bank.recoverFromMs < next) next = bank.recoverFromMs;
  if (bank.config.rateCap?.beyond === 'wait' && bank.head !== null && bank.marks.size < serviceLimit(bank.config)) {
    next = min(next, max(bank.nowMs, rateOpensMs(bank)));
  }
  return next;
}

/** Every turn of the loop finishes a payment or passes an instant of change, so it ends. */
export function moveTo(bank: BankCapacity, nowMs: number): void {
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
