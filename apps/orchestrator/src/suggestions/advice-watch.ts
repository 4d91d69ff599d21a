/**
 * Tells payers who wait that their wait got worse, and what would be quicker, on the streams of their payments.
 *
 *   every second ──▶ open streams of payments that wait ──▶ worse than was told? ──▶ `event: payment.suggestions`
 *
 * One timer for all of them. At most so many are told in one look, and nobody twice within five seconds (worsening.ts): each word may hold
 * headroom. Who is left over is looked at first the next time.
 */
import { type NameChannel, type PaymentSuggestionsResponse, renderQueuePlace, renderSuggestions } from '#contracts';
import {
  type AdvisePayer,
  type Clock,
  type FlowView,
  type Log,
  type Occasion,
  type PaymentJournal,
  declined,
  placeInQueue,
  whyLeave,
} from '#dispatch';
import type { Payment, QueuePlace } from '#domain';
import { type Outlook, isWorse } from '#policy';
import type { EventStream } from '../watch/event-stream';
import type { OpenStreams } from '../watch/open-streams';

/** Between two looks, ms. */
export const ADVISE_EVERY_MS = 1_000;
/** Told in one look: a look stays within some milliseconds, and 5,000 streams are through in half a minute. */
const TOLD_MAX = 200;

interface Told {
  /** The leg or the state moved: what was told before was about something else. */
  readonly version: number;
  readonly outlook: Outlook;
  readonly atMs: number;
}

export interface AdviceWatchParts {
  readonly streams: OpenStreams;
  readonly advise: AdvisePayer;
  readonly flow: FlowView;
  readonly journal: Pick<PaymentJournal, 'triedInstruments'>;
  readonly nameOf: NameChannel;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}

export class AdviceWatch {
  private readonly told = new WeakMap<EventStream, Told>();
  private looking = false;

  constructor(private readonly parts: AdviceWatchParts) {}

  /** Never throws. A look that is still reading is not joined by another. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      const due = this.findDue();
      for (const [stream, payment] of due) await this.tell(stream, payment);
    } catch (error) {
      this.parts.log.warn('Payers who wait could not be advised; the next look tries again', { error: String(error) });
    } finally {
      this.looking = false;
    }
  }

  private findDue(): readonly (readonly [EventStream, Payment])[] {
    const due: (readonly [EventStream, Payment, number])[] = [];
    for (const stream of this.parts.streams.all()) {
      const payment = stream.open;
      if (!payment || payment.routingMode !== 'suggest' || payment.instruments.length < 2) continue;
      const atMs = this.dueSince(stream, payment);
      if (atMs !== null) due.push([stream, payment, atMs]);
    }
    // Who has waited longest for a word comes first.
    due.sort((a, b) => a[2] - b[2]);
    return due.slice(0, TOLD_MAX).map(([stream, payment]) => [stream, payment]);
  }

  /** When it was told last, where it is worth a word now; null otherwise. */
  private dueSince(stream: EventStream, payment: Payment): number | null {
    const nowMs = this.parts.clock.monotonicMs();
    const told = this.told.get(stream);
    const outlook = this.outlookOf(payment);
    if (told?.version === payment.head.version)
      return isWorse(told.outlook, outlook, nowMs - told.atMs) ? told.atMs : null;
    // Seen for the first time: a declined payer is told at once what else there is; one who waits knows the answer to the POST.
    if (payment.head.state === 'requires_payment_method') return nowMs;
    this.told.set(stream, { version: payment.head.version, outlook, atMs: nowMs });
    return null;
  }

  private async tell(stream: EventStream, payment: Payment): Promise<void> {
    const { advise, clock, journal } = this.parts;
    const { head } = payment;
    const tried = head.version > 1 ? await journal.triedInstruments(payment.id) : [];
    // It may have gone to a bank while it was looked up: then nothing is said, and nothing held.
    if (stream.open?.head.version !== head.version) return;
    const place = this.placeOf(payment);
    const suggestions = advise.offer(
      {
        ...payment,
        chosen: head.instrumentToken,
        tried: new Set(tried),
        unknownOpen: false,
        staysFor: place?.etaMs ?? null,
      },
      declined(payment) ?? this.occasionOf(payment),
    );
    this.told.set(stream, { version: head.version, outlook: this.outlookOf(payment), atMs: clock.monotonicMs() });
    const data: PaymentSuggestionsResponse = {
      payment: payment.id,
      queue: place && renderQueuePlace(place),
      suggestions: renderSuggestions(suggestions, this.parts.nameOf),
    };
    stream.tell('payment.suggestions', data);
  }

  private occasionOf({ head: { channelId } }: Payment): Occasion {
    const { flow } = this.parts;
    const known = flow.get(channelId);
    const wait = flow.expect(channelId);
    if (known && wait) return { why: whyLeave(known, wait), mayWait: true };
    return { why: { code: `channel_${known?.level ?? 'closed'}`, channel: channelId }, mayWait: false };
  }

  private outlookOf(payment: Payment): Outlook {
    const level = this.parts.flow.get(payment.head.channelId)?.level ?? 'normal';
    return { level, p90Ms: this.placeOf(payment)?.etaMs.p90 ?? null };
  }

  private placeOf(payment: Payment): QueuePlace | null {
    return placeInQueue(payment, this.parts.flow, this.parts.clock.epochMs());
  }
}
