/**
 * How many webhooks may be on their way at once, so that no receiver takes what the others need.
 *
 * All together 64. One endpoint begins with 1 and doubles with every quick success up to 8; a failure or a slow answer sends it back
 * to 1. Endpoints that were slow last time share 16 among themselves, however many they are: 48 are always there for those who answer.
 */
import type { WebhookEndpointId } from '#domain';

/** A quick receiver answers in 50 ms: 64 are more than a thousand deliveries a second from one worker. */
const ALL_MAX = 64;
const SLOW_MAX = 16;
const ENDPOINT_MAX = 8;
/** An answer later than this makes an endpoint slow, ms: forty times what a receiver needs that answers first and works afterwards. */
export const SLOW_MS = 2_000;
/** Endpoints remembered at most: those that were quick and have nothing under way are forgotten first. */
const REMEMBERED_MAX = 10_000;

interface Standing {
  underWay: number;
  allowed: number;
  slow: boolean;
}

export class EndpointPermits {
  private readonly standings = new Map<WebhookEndpointId, Standing>();
  private underWay = 0;

  /** @returns what may be taken now: of known endpoints, of every other one, of all together */
  rooms(): { readonly rooms: ReadonlyMap<WebhookEndpointId, number>; readonly roomElse: number; readonly max: number } {
    const max = ALL_MAX - this.underWay;
    let slowLeft = SLOW_MAX;
    for (const { slow, underWay } of this.standings.values()) if (slow) slowLeft -= underWay;
    const rooms = new Map<WebhookEndpointId, number>();
    // Least recently used first: slow ones take turns for their share.
    for (const [id, { allowed, underWay, slow }] of this.standings) {
      const room = Math.max(0, Math.min(allowed - underWay, slow ? slowLeft : max));
      if (slow) slowLeft -= room;
      rooms.set(id, room);
    }
    return { rooms, roomElse: 1, max };
  }

  begin(id: WebhookEndpointId): void {
    const standing = this.standings.get(id) ?? { underWay: 0, allowed: 1, slow: false };
    standing.underWay += 1;
    this.underWay += 1;
    this.keepLast(id, standing);
  }

  /**
   * @param result of the try; null: nothing was sent, which says nothing about the endpoint
   * @returns whether this permit was one that others may have waited for
   */
  end(id: WebhookEndpointId, result: { readonly ok: boolean; readonly elapsedMs: number } | null): boolean {
    const standing = this.standings.get(id);
    if (!standing) return false;
    const wasScarce = standing.slow || standing.underWay >= standing.allowed || this.underWay >= ALL_MAX;
    standing.underWay -= 1;
    this.underWay -= 1;
    if (result !== null) this.learn(standing, result);
    return wasScarce;
  }

  private learn(standing: Standing, result: { readonly ok: boolean; readonly elapsedMs: number }): void {
    standing.slow = result.elapsedMs >= SLOW_MS;
    standing.allowed = result.ok && !standing.slow ? Math.min(ENDPOINT_MAX, standing.allowed * 2) : 1;
    if (this.standings.size > REMEMBERED_MAX) this.forgetOne();
  }

  private keepLast(id: WebhookEndpointId, standing: Standing): void {
    this.standings.delete(id);
    this.standings.set(id, standing);
  }

  private forgetOne(): void {
    for (const [id, { underWay, slow }] of this.standings) {
      if (underWay === 0 && !slow) return void this.standings.delete(id);
    }
  }
}
