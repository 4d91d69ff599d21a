// What becomes of a call to a bank? The bank simulator's own capacity model, under a caller with a deadline: an answer, *busy*, or silence.
// Silence leaves an unknown, which holds a place at the bank until its fate is known.
import type { CallClass } from '#policy';
import { abandon, advance, createCapacity, nextEventMs, offer } from '../bank-capacity';
import { reconfigure } from '../bank-capacity';
import type { BankCapacityConfig } from '../bank-capacity-config';
import type { BankCapacity } from '../bank-capacity-state';
import type { Random } from '../prng';
import type { Agenda } from './agenda';

/** First inquiry after an unknown (libs/policy schedules.ts), and how soon after the bank is done the next one finds it. */
const INQUIRY_MS = 1_000;

/** Bank's receipt lies so long after the worker's permission to send: the commit before the bytes leave varies, then the road. */
const ROAD_MS: readonly [number, number] = [2, 12];

type Done = (kind: CallClass, sentMs: number) => void;

interface Call {
  readonly sentMs: number;
  done: Done | null;
}

/** One bank behind one channel. */
export class BankLine {
  readonly bank: BankCapacity;
  /** Attempts whose fate is unknown. */
  heldByUnknown = 0;
  /** When each request reached the bank, ms: what a contract counts. Filled only where asked for. */
  readonly receipts: number[] = [];
  /** Calls answered after, or never within, our deadline. */
  unknowns = 0;
  private readonly calls = new Map<number, Call>();
  private nextId = 1;
  private wakesAtMs = Infinity;

  constructor(
    private readonly agenda: Agenda,
    config: BankCapacityConfig,
    private readonly timeoutMs: number,
    private readonly random: Random,
    private readonly keepReceipts: boolean,
  ) {
    this.bank = createCapacity(config, agenda.nowMs);
  }

  /** Sends one payment now. `done` is told how it ended, and when it left. */
  send(done: Done): void {
    const id = this.nextId;
    this.nextId += 1;
    const sentMs = this.agenda.nowMs;
    this.calls.set(id, { sentMs, done });
    const roadMs = ROAD_MS[0] + (ROAD_MS[1] - ROAD_MS[0]) * this.random();
    this.agenda.after(roadMs, () => this.arrive(id));
    this.agenda.after(this.timeoutMs, () => this.giveUp(id));
  }

  change(config: BankCapacityConfig): void {
    reconfigure(this.bank, config, this.agenda.nowMs);
    this.wake();
  }

  private arrive(id: number): void {
    const now = this.agenda.nowMs;
    if (this.keepReceipts) this.receipts.push(now);
    const result = offer(this.bank, id, now, this.random);
    if (result.kind === 'busy') this.agenda.after(result.delayMs, () => this.answer(id, 'busy'));
    this.collect();
  }

  private answer(id: number, kind: CallClass): void {
    const call = this.calls.get(id);
    if (call === undefined) return;
    this.calls.delete(id);
    if (call.done === null) {
      this.agenda.after(INQUIRY_MS, () => (this.heldByUnknown -= 1));
      return;
    }
    call.done(kind, call.sentMs);
  }

  private giveUp(id: number): void {
    const call = this.calls.get(id);
    if (call === undefined || call.done === null) return;
    const { done } = call;
    call.done = null;
    this.unknowns += 1;
    this.heldByUnknown += 1;
    const where = abandon(this.bank, id, this.agenda.nowMs);
    if (where !== 'in_service') {
      this.calls.delete(id);
      this.agenda.after(INQUIRY_MS, () => (this.heldByUnknown -= 1));
    }
    this.collect();
    done('dropped', call.sentMs);
  }

  private collect(): void {
    for (const { id, delayMs } of advance(this.bank, this.agenda.nowMs)) {
      if (this.calls.has(id)) this.agenda.after(delayMs, () => this.answer(id, 'worked'));
    }
    this.wake();
  }

  /** One wake-up at the bank's next event; an earlier one that is no longer needed finds nothing and asks again. */
  private wake(): void {
    const atMs = nextEventMs(this.bank);
    if (atMs >= this.wakesAtMs || atMs === Infinity) return;
    this.wakesAtMs = atMs;
    this.agenda.at(atMs, () => {
      if (this.wakesAtMs > this.agenda.nowMs) return;
      this.wakesAtMs = Infinity;
      this.collect();
    });
  }
}
