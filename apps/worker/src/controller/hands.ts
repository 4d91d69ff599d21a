/** Who acts on what: every process that has reported lately, with the newest snapshot, limits and orders that it follows. */
import type { Hand } from '#policy';
import type { FlowReport } from '#redis';

/** A process that has said nothing for so long is no more shown, ms: long enough to be noticed as silent by whoever watches. */
const SHOWN_FOR_MS = 10_000;
/** Processes shown: a site has tens. More would be somebody's mistake, and a snapshot that grows with it. */
const SHOWN_MAX = 500;

interface Heard extends Omit<Hand, 'silentMs'> {
  readonly heardMs: number;
}

export class Hands {
  private readonly heard = new Map<string, Heard>();

  hear({ kind, report }: FlowReport, nowMs: number): void {
    const id = kind === 'worker' ? report.workerId : report.doorId;
    if (kind === 'worker' && report.leaving === true) {
      this.heard.delete(id);
      return;
    }
    if (!this.heard.has(id) && this.heard.size >= SHOWN_MAX) return;
    const { registryVersion = null, snapshotSeq } = report;
    this.heard.set(id, { id, kind, snapshotSeq, registryVersion, heardMs: nowMs });
  }

  list(nowMs: number): readonly Hand[] {
    for (const [id, { heardMs }] of this.heard) if (nowMs - heardMs > SHOWN_FOR_MS) this.heard.delete(id);
    return [...this.heard.values()]
      .map(({ heardMs, ...hand }) => ({ ...hand, silentMs: Math.max(Math.round(nowMs - heardMs), 0) }))
      .sort((one, other) => (one.id < other.id ? -1 : 1));
  }
}
