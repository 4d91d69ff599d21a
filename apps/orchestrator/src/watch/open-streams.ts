/** All open event streams: how many there may be, their pings, and their orderly end. */
import type { EventStream } from './event-stream';

export class OpenStreams {
  private readonly streams = new Set<EventStream>();
  private leaving = false;

  /** @param streamsMax a stream holds a socket and some kB; beyond this a reader is told to come back later */
  constructor(private readonly streamsMax: number) {}

  get size(): number {
    return this.streams.size;
  }

  /** May one more be opened? */
  hasRoom(): boolean {
    return !this.leaving && this.streams.size < this.streamsMax;
  }

  add(stream: EventStream): void {
    this.streams.add(stream);
  }

  delete(stream: EventStream): void {
    this.streams.delete(stream);
  }

  /** All that are open now. */
  all(): Iterable<EventStream> {
    return this.streams;
  }

  pingAll(): void {
    for (const stream of [...this.streams]) stream.ping();
  }

  /** @param retryMs when each reader should come back; spread by the caller */
  leaveAll(retryMs: () => number): void {
    this.leaving = true;
    for (const stream of [...this.streams]) stream.leave(retryMs());
  }
}
