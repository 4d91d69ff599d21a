/**
 * The live stream of all operators' consoles: one picture a second, rendered once, told to everybody.
 *
 *   open      ──▶ event `snapshot`: all channels                  id: <board>-<n>
 *   each tick ──▶ event `delta`: those that changed since n       id: <board>-<n+1>
 *   resumed with Last-Event-ID <board>-<k>, k among the last minute's ──▶ the deltas after k; otherwise a snapshot
 *
 * A delta goes out every second also when nothing changed, so that silence always means trouble. While nobody watches, nothing is done.
 */
import type { LiveEventResponse } from '#contracts';
import type { Log } from '#dispatch';
import type { EventSink } from '../watch/event-stream';

/** Between two pictures, ms: what an operator sees is at most so old, plus the controller's own tick. */
export const LIVE_EVERY_MS = 1_000;
/** Deltas kept for readers who lost their line: a minute, or less where they are large. */
const KEPT_MAX = 60;
const KEPT_MAX_CHARACTERS = 8_000_000;
/** A reader this far behind is cut off: a snapshot of 300 channels is under a megabyte, a delta a tenth of it. */
const UNREAD_MAX_BYTES = 4 * 1_024 * 1_024;
/** The last event may take so long to go out to a reader that is cut off, ms; then its socket is destroyed. */
const LAST_WORDS_MS = 2_000;
/** Consoles of one process; each may hold a few megabytes unread. */
const STREAMS_MAX = 100;

interface Delta {
  readonly seq: number;
  readonly text: string;
}

export interface LiveBoardParts {
  readonly take: () => Promise<LiveEventResponse>;
  /** Tells this board's events from those of another process or start. */
  readonly boardId: string;
  readonly log: Pick<Log, 'error'>;
}

export class LiveBoard {
  private readonly sinks = new Set<EventSink>();
  private picture: LiveEventResponse | null = null;
  /** Of the picture's channels, by id: rendered once, for the delta, for snapshots, and to see what changed. */
  private texts = new Map<string, string>();
  private kept: Delta[] = [];
  private seq = 0;
  private taking: Promise<void> | null = null;
  private leaving = false;

  constructor(private readonly parts: LiveBoardParts) {}

  get size(): number {
    return this.sinks.size;
  }

  hasRoom(): boolean {
    return !this.leaving && this.sinks.size < STREAMS_MAX;
  }

  /** A reader begins, or comes back. @param lastEventId of the last event it has. @returns what to do when it hangs up */
  async open(sink: EventSink, lastEventId: string | null): Promise<() => void> {
    // The picture of a board that nobody watched is old.
    if (this.sinks.size === 0) await this.tick();
    const missed = this.missedSince(lastEventId);
    this.sinks.add(sink);
    if (missed) for (const { text } of missed) this.tell(sink, text);
    else if (this.picture) this.tell(sink, this.frame('snapshot', this.picture, [...this.texts.values()], []));
    return () => this.gone(sink);
  }

  /** Takes a picture and tells everybody what changed. Never throws. */
  tick(): Promise<void> {
    // One at a time: while the journal is slow, the next picture waits for this one.
    this.taking ??= this.advance()
      .catch((error: unknown) => this.parts.log.error('The live picture could not be taken', { error }))
      .finally(() => (this.taking = null));
    return this.taking;
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

  private async advance(): Promise<void> {
    const picture = await this.parts.take();
    const texts = new Map(picture.channels.map((channel) => [channel.id, JSON.stringify(channel)]));
    const changed = [...texts].filter(([id, text]) => timeless(text) !== timeless(this.texts.get(id) ?? ''));
    const gone = [...this.texts.keys()].filter((id) => !texts.has(id));
    this.picture = picture;
    this.texts = texts;
    this.seq += 1;
    const ofChanged = changed.map(([, text]) => text);
    const text = this.frame('delta', picture, ofChanged, gone);
    this.keep({ seq: this.seq, text });
    for (const sink of [...this.sinks]) this.tell(sink, text);
  }

  private keep(delta: Delta): void {
    this.kept = [...this.kept, delta].slice(-KEPT_MAX);
    let characters = this.kept.reduce((sum, { text }) => sum + text.length, 0);
    while (characters > KEPT_MAX_CHARACTERS && this.kept.length > 0) characters -= this.kept.shift()!.text.length;
  }

  /** @returns null where they cannot be told without a gap */
  private missedSince(lastEventId: string | null): readonly Delta[] | null {
    const [board, number] = lastEventId === null ? [] : splitId(lastEventId);
    const oldest = this.kept[0]?.seq;
    if (board !== this.parts.boardId || number === undefined || oldest === undefined) return null;
    if (number < oldest - 1 || number > this.seq) return null;
    return this.kept.filter(({ seq }) => seq > number);
  }

  private tell(sink: EventSink, text: string): void {
    if (!this.sinks.has(sink) || sink.write(text) <= UNREAD_MAX_BYTES) return;
    this.sinks.delete(sink);
    sink.write(DROPPED);
    sink.end();
    setTimeout(() => sink.destroy(), LAST_WORDS_MS).unref();
  }

  private gone(sink: EventSink): void {
    if (this.sinks.delete(sink)) sink.destroy();
  }

  /** @param channels rendered */
  private frame(
    event: 'snapshot' | 'delta',
    { channels: _channels, ...rest }: LiveEventResponse,
    channels: readonly string[],
    gone: readonly string[],
  ): string {
    const data = `${JSON.stringify({ ...rest, gone }).slice(0, -1)},"channels":[${channels.join(',')}]}`;
    return `id: ${this.parts.boardId}-${this.seq}\nevent: ${event}\ndata: ${data}\n\n`;
  }
}

/** For whoever reads too slowly, before the line is cut. */
const DROPPED = `event: dropped\ndata: ${JSON.stringify({
  code: 'stream_too_slow',
  message: {
    'zh-CN': '读取过慢，连接已断开：请带上 Last-Event-ID 重新连接',
    en: 'You read too slowly and are disconnected; come back with Last-Event-ID.',
  },
})}\n\n`;

function splitId(id: string): [string, number] | [] {
  const [, board, digits] = /^([\w-]{1,64})-([0-9]{1,12})$/.exec(id) ?? [];
  return board === undefined || digits === undefined ? [] : [board, Number(digits)];
}

/** A channel's text but for the times that pass by themselves behind its breaker: a channel at rest has not changed. */
function timeless(text: string): string {
  return text.replace(/"for_ms":[^,]*,"reopens_in_ms":[^,]*,/, '');
}
