/**
 * One channel of a simulated bank: its settings, its service desk, what is inside it, and its share of chance.
 * The operations (`pay.ts`, `inquire.ts`, `undo.ts`, `orders.ts`) are functions over it.
 */
import { type BehaviourName, type Random, seededRandom, splitSeed } from '#simulation';
import type { Agenda } from '../agenda';
import type { Ledger } from '../books/ledger';
import type { Records } from '../books/records';
import { answer, type Answer, type Reply } from '../protocol/answer';
import { behaviourOf, type Delivery, type Fate, FATES } from '../protocol/fates';
import type { PayMessage } from '../protocol/messages';
import { type ChannelSettings, defaultSettings } from './channel-settings';
import type { Notifier } from './notifier';
import { ServiceDesk } from './service-desk';

/** What all channels share. */
export interface World {
  /** Wall clock, ms since 1970: `send_by` and bookings. */
  readonly wallMs: () => number;
  /** Monotonic clock, ms: capacity and delays. */
  readonly nowMs: () => number;
  readonly agenda: Agenda;
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly seed: number;
  readonly actionUrl: (channel: string, reference: string) => string;
}

/** A payment inside the bank, not decided yet. */
export interface PayVisit {
  readonly message: PayMessage;
  readonly receivedMs: number;
  readonly behaviour: BehaviourName | null;
  readonly reply: Reply;
}

/** References remembered for behaviours that strike only the first time: beyond this the oldest are forgotten. */
const FIRST_ARRIVALS_MAX = 100_000;

export class Channel {
  settings: ChannelSettings;
  readonly desk: ServiceDesk<PayVisit>;
  /** Undecided payments by reference; the last one where duplicates are not recognised. */
  readonly inside = new Map<string, PayVisit>();
  /** Operation → word → how often it was said. */
  readonly said = new Map<string, Map<string, number>>();
  private readonly arrivals = new Map<string, number>();
  private readonly mixSeed: number;

  constructor(
    readonly id: string,
    readonly world: World,
    onServed: (channel: Channel, visit: PayVisit, delayMs: number) => void,
  ) {
    this.settings = defaultSettings(id);
    this.mixSeed = splitSeed(world.seed, `mix ${id}`);
    const random: Random = seededRandom(world.seed, `service ${id}`);
    this.desk = new ServiceDesk(this.settings.capacity, random, world.nowMs, (visit, delayMs) =>
      onServed(this, visit, delayMs),
    );
  }

  get isGateway(): boolean {
    return this.id.endsWith('.gateway');
  }

  get records(): Records {
    return this.world.ledger.of(this.id);
  }

  configure(settings: ChannelSettings): void {
    if (settings.capacity !== this.settings.capacity) this.desk.reconfigure(settings.capacity);
    this.settings = settings;
  }

  /** The answer of a closed bank; null if it is open. */
  closedAnswer(): Answer | null {
    const { maintenance } = this.settings;
    if (maintenance === null) return null;
    if (maintenance.untilMs === null) return answer('CLOSED', '90');
    const leftMs = maintenance.untilMs - this.world.wallMs();
    return leftMs > 0 ? answer('CLOSED', '90', { retry_after_ms: Math.ceil(leftMs) }) : null;
  }

  /**
   * The behaviour of a payment; null if the instrument is not of this channel. The error mix draws by reference, not by
   * order of arrival: a resend meets the same fate, and a run repeats under its seed whatever the timing.
   */
  behaviourFor(instrument: string, reference: string): BehaviourName | null {
    const asked = behaviourOf(instrument, this.id);
    if (asked !== 'ok') return asked;
    const shares = Object.entries(this.settings.mix);
    if (shares.length === 0) return 'ok';
    let chance = splitSeed(this.mixSeed, reference) / 0x1_0000_0000;
    for (const [name, share] of shares) {
      if (chance < share) return name as BehaviourName;
      chance -= share;
    }
    return 'ok';
  }

  fateOf(behaviour: BehaviourName): Fate {
    return FATES[behaviour];
  }

  /** How often this key came before, counting this time: 1 for the first. */
  arrival(key: string): number {
    const times = (this.arrivals.get(key) ?? 0) + 1;
    if (times === 1 && this.arrivals.size >= FIRST_ARRIVALS_MAX) {
      this.arrivals.delete(this.arrivals.keys().next().value as string);
    }
    this.arrivals.set(key, times);
    return times;
  }

  /** Sends an answer once everything booked so far is in the ledger's file. */
  answerAfterWrite(reply: Reply, what: Answer, delayMs = 0, delivery: Delivery = 'plain'): void {
    this.world.ledger.afterWrite(() => {
      if (delayMs > 0) this.world.agenda.after(delayMs, () => reply.send(what, delivery));
      else reply.send(what, delivery);
    });
  }

  count(operation: string, word: string): void {
    let words = this.said.get(operation);
    if (words === undefined) this.said.set(operation, (words = new Map()));
    words.set(word, (words.get(word) ?? 0) + 1);
  }

  /** Forgets what is inside and what was counted, as after a restart with an empty book. */
  forget(): void {
    this.inside.clear();
    this.arrivals.clear();
    this.said.clear();
  }

  actionUrl = (reference: string): string => this.world.actionUrl(this.id, reference);
}
