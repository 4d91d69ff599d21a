/**
 * The shell around a channel's capacity model: real requests in, real time moves it, finished ones out.
 * The model (`#simulation`) is pure and knows when it will change next, so one timer per channel is enough
 * however many requests are inside. A timer that fires late loses no capacity: the model finishes each
 * payment at its exact time, only the news of it is late.
 */
import {
  advance,
  type BankCapacity,
  type BankCapacityConfig,
  type CapacityFacts,
  capacityFacts,
  createCapacity,
  nextEventMs,
  offer,
  type OfferResult,
  type Random,
  reconfigure,
} from '#simulation';

export class ServiceDesk<T> {
  private readonly bank: BankCapacity;
  private readonly inside = new Map<number, T>();
  private nextId = 1;
  private timer: NodeJS.Timeout | null = null;
  private armedForMs = Infinity;
  private closed = false;

  /**
   * @param nowMs a monotonic clock, ms
   * @param onServed the visitor is done; its answer may leave after `delayMs`
   */
  constructor(
    config: BankCapacityConfig,
    private readonly random: Random,
    private readonly nowMs: () => number,
    private readonly onServed: (visitor: T, delayMs: number) => void,
  ) {
    this.bank = createCapacity(config, nowMs());
  }

  /** Lets a visitor in, or says busy. */
  offer(visitor: T): OfferResult {
    const id = this.nextId;
    this.nextId += 1;
    const result = offer(this.bank, id, this.nowMs(), this.random);
    if (result.kind === 'admitted') this.inside.set(id, visitor);
    this.arm();
    return result;
  }

  reconfigure(config: BankCapacityConfig): void {
    reconfigure(this.bank, config, this.nowMs());
    this.arm();
  }

  /** The model's figures as of now. */
  facts(): CapacityFacts {
    this.run();
    return capacityFacts(this.bank);
  }

  /**
   * How long a question or an undo takes, ms, or `busy` while the bank is down and refuses. They hold no slot
   * (banks keep a lane for them), take a quarter of a payment's time, and slow down as the bank does.
   */
  sideWorkMs(): number | 'busy' {
    this.run(); // nobody moves the model of an empty bank: its last standstill may be long over
    const { config, collapsed, speed } = this.bank;
    if (collapsed && config.collapse?.refuses === true) return 'busy';
    // 5 s at most: a paused bank has speed 0, and nobody waits longer for the answer to a question.
    return config.answerDelayMs + Math.min(5000, config.service.meanMs / 4 / Math.max(speed, 0.01));
  }

  /** Everybody who is still inside, for a shutdown that wants to know. */
  get crowd(): number {
    return this.inside.size;
  }

  close(): void {
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.inside.clear();
  }

  private run(): void {
    for (const { id, delayMs } of advance(this.bank, this.nowMs())) {
      const visitor = this.inside.get(id);
      if (visitor === undefined) continue;
      this.inside.delete(id);
      this.onServed(visitor, delayMs);
    }
    if (!this.closed) this.arm();
  }

  private arm(): void {
    const nextMs = nextEventMs(this.bank);
    if (nextMs === Infinity || nextMs >= this.armedForMs) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.armedForMs = nextMs;
    const waitMs = Math.max(0, Math.ceil(nextMs - this.nowMs()));
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.armedForMs = Infinity;
        this.run();
      },
      Math.min(waitMs, 60_000), // pauses may be a day away, and setTimeout has a ceiling
    );
  }
}
