/** What a fault is: a small file of its own that breaks one thing, puts it right again, and can prove that it was broken. */
import type { Step } from '#dispatch';
import type { BankControl } from './bank-control';
import type { Keeper } from './keeper';
import type { PrivateProduct, ProcessName } from './private-product';
import type { Receiver } from '../webhook-sink/receiver';

/** One fault of a schedule. Which of the fields count is each kind's own matter; `npm run chaos -- --list` says. */
export interface PlannedFault {
  readonly fault: string;
  /** From the first payment on, s. */
  readonly at_s: number;
  /** How long it lasts, s. */
  readonly for_s?: number;
  readonly process?: ProcessName;
  readonly step?: Step;
  /** The n-th time the step is reached. */
  readonly times?: number;
  /** A channel or a pattern: `ccb.quickpay`, `icbc.*`. */
  readonly channel?: string;
  /** What the bank does to payments that expect an ordinary yes, or the receiver to deliveries. */
  readonly behaviour?: string;
  /** Clock jump, s; negative: back. */
  readonly jump_s?: number;
}

/** What became of a fault. `seen`: what proves that it happened, or why it did not. */
export interface Sighting {
  readonly outcome: 'happened' | 'not_seen' | 'skipped';
  readonly seen: string;
}

export interface BankPause {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface FaultContext {
  readonly product: PrivateProduct;
  /** Folder of the processes' logs. */
  readonly logs: string;
  readonly keeper: Keeper;
  readonly banks: BankControl;
  readonly receiver: Receiver;
  /** When the banks stood still, ms since 1970: what lay in their sockets meanwhile arrived late through no fault of ours. */
  readonly bankPauses: BankPause[];
  /** The run's own chance. */
  readonly random: () => number;
  /** Fires when the load ends: a fault that still waits for its moment gives up, and puts right what it had prepared. */
  readonly loadEnds: AbortSignal;
}

export interface FaultKind {
  readonly name: string;
  /** One line for `--list`: what it does, which fields it reads. */
  readonly what: string;
  /** Breaks, waits, mends. Resolves when everything is as before. @throws when it could not be done: the run is void */
  inject(planned: PlannedFault, context: FaultContext): Promise<Sighting>;
  /** A random one, at this moment; null: not in random schedules. */
  draw: ((atS: number, random: () => number) => PlannedFault) | null;
}

export const happened = (seen: string): Sighting => ({ outcome: 'happened', seen });
export const notSeen = (seen: string): Sighting => ({ outcome: 'not_seen', seen });
export const skipped = (seen: string): Sighting => ({ outcome: 'skipped', seen });

/** One of a list. */
export function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.min(list.length - 1, Math.floor(random() * list.length))];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

/** A number between two, with one decimal. */
export function between(low: number, high: number, random: () => number): number {
  return Math.round((low + random() * (high - low)) * 10) / 10;
}
