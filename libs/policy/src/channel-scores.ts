/**
 * How well has each channel worked in the last minutes? Counts in rings of ten-second buckets, so that old answers leave also where
 * no new ones come.
 *
 *      now − 300 s                                  now
 *   ──┬────┬────┬── … ──┬────┬────┐
 *     │ 29 │ 28 │       │ 1  │ 0  │   each bucket: answers, worked
 *   a bucket whose time has passed is emptied when it is looked at, however long nobody looked
 */
import type { ChannelId, Evidence } from '#domain';

const BUCKET_MS = 10_000;
/** Five minutes: long enough for a rate at 1 answer a second, short enough to forget an outage that is over. */
const BUCKETS = 30;

interface Bucket {
  /** Number of the ten seconds it counts; another number means that it is from another time. */
  slot: number;
  answers: number;
  worked: number;
}

/** Only channel faults count against a channel: no funds or a wrong code is a working bank (money rule 11). */
export function channelWorked(evidence: Evidence): boolean {
  if (evidence.class === 'declined') return evidence.severity === 'hard';
  return evidence.class === 'succeeded' || evidence.class === 'action_required';
}

export interface ChannelScore {
  readonly answers: number;
  readonly worked: number;
}

export class ChannelScores {
  private readonly rings = new Map<ChannelId, Bucket[]>();

  /** One answer of a channel. @param worked it charged, or refused for the payer's reasons; `false`: busy, silent, unreachable */
  record(channelId: ChannelId, worked: boolean, nowMs: number): void {
    let ring = this.rings.get(channelId);
    if (!ring) {
      ring = Array.from({ length: BUCKETS }, () => ({ slot: -1, answers: 0, worked: 0 }));
      this.rings.set(channelId, ring);
    }
    const slot = Math.floor(nowMs / BUCKET_MS);
    const bucket = ring[slot % BUCKETS]!;
    if (bucket.slot !== slot) Object.assign(bucket, { slot, answers: 0, worked: 0 });
    bucket.answers += 1;
    if (worked) bucket.worked += 1;
  }

  score(channelId: ChannelId, nowMs: number): ChannelScore {
    const newest = Math.floor(nowMs / BUCKET_MS);
    let answers = 0;
    let worked = 0;
    for (const bucket of this.rings.get(channelId) ?? []) {
      if (newest - bucket.slot >= BUCKETS || bucket.slot > newest) continue;
      answers += bucket.answers;
      worked += bucket.worked;
    }
    return { answers, worked };
  }
}
