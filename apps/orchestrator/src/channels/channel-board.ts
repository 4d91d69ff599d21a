/**
 * `/v1/channels/stream` for all its readers: one look a second, rendered once, told to everybody.
 *
 *   open ──▶ event `channels` with all of them ──▶ each second one with those that changed, or a comment where none did
 *
 * It is a state, not a history: a reader that comes back begins with all of them again, so events have no ids.
 */
import type { ChannelResponse } from '#contracts';
import type { EventSink } from '../watch/event-stream';

/** Between two looks, ms: cashier pages decide by what they show. */
export const LOOK_EVERY_MS = 1_000;
/** A reader this far behind is cut off: 300 channels are 200 kB. */
const UNREAD_MAX_BYTES = 1_024 * 1_024;
/** One per checkout server, and some pages: each holds a socket and what it has not read. */
const STREAMS_MAX = 1_000;
/** A change of the estimate below this is none, ms: it moves with every payment. */
const ETA_STEP_MS = 100;

export class ChannelBoard {
  private readonly sinks = new Set<EventSink>();
  private told = new Map<string, string>();
  private leaving = false;

  constructor(private readonly look: () => readonly ChannelResponse[]) {}

  get size(): number {
    return this.sinks.size;
  }

  hasRoom(): boolean {
    return !this.leaving && this.sinks.size < STREAMS_MAX;
  }

  /** @returns what to do when the reader hangs up */
  open(sink: EventSink): () => void {
    this.sinks.add(sink);
    this.tell(sink, frame(this.look()));
    return () => this.drop(sink);
  }

  /** Nothing is looked at while nobody reads. */
  tick(): void {
    if (this.sinks.size === 0) {
      this.told.clear();
      return;
    }
    const now = this.look();
    const changed = now.filter((channel) => this.told.get(channel.id) !== keyOf(channel));
    this.told = new Map(now.map((channel) => [channel.id, keyOf(channel)]));
    const text = changed.length > 0 ? frame(changed) : ': nothing changed\n\n';
    for (const sink of [...this.sinks]) this.tell(sink, text);
  }

  /** Readers come back to another process. @param retryMs when each should; spread by the caller */
  leaveAll(retryMs: () => number): void {
    this.leaving = true;
    for (const sink of [...this.sinks]) {
      sink.write(`retry: ${retryMs()}\n\n`);
      this.sinks.delete(sink);
      sink.end();
    }
  }

  private tell(sink: EventSink, text: string): void {
    if (sink.write(text) > UNREAD_MAX_BYTES) this.drop(sink);
  }

  private drop(sink: EventSink): void {
    if (this.sinks.delete(sink)) sink.destroy();
  }
}

function frame(channels: readonly ChannelResponse[]): string {
  return `event: channels\ndata: ${JSON.stringify({ channels })}\n\n`;
}

/** What counts as a change. */
function keyOf({ enabled, eta_ms, level, limits, maintenance, reason }: ChannelResponse): string {
  const step = (ms: number): number => Math.round(ms / ETA_STEP_MS);
  const eta = eta_ms && [step(eta_ms.p50), step(eta_ms.p90)];
  return JSON.stringify([enabled, level, reason?.code, eta, limits, maintenance]);
}
