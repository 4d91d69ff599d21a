// What a bank channel is at one instant, and what can be read off it. The words of the capacity model; the
// functions that move it are in bank-capacity.ts.
import type { BankCapacityConfig } from './bank-capacity-config';
import type { EventQueue } from './event-queue';

/** Why a bank answered *system busy*. */
export type BusyReason = 'queue_full' | 'shedding' | 'rate_cap' | 'collapsed';

/** A payment the bank has finished. Book at `finishedMs`; the answer leaves `delayMs` later. */
export interface Completion {
  readonly id: number;
  readonly offeredMs: number;
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly delayMs: number;
}

/** A payment inside the bank: waiting in a doubly linked list, so that it may leave from the middle, or in service. */
export interface Visit extends Completion {
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

/** A bank channel at one instant. Changed in place by the functions of bank-capacity.ts and by nothing else. */
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

/** The truth about the bank as of its last step, as a fresh copy. */
export function capacityFacts(bank: BankCapacity): CapacityFacts {
  const inService = bank.marks.size;
  const busySlots = Math.min(inService, bank.config.slots);
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
