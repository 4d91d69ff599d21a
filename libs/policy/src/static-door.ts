/**
 * May a payment come in while no controller has ever spoken to this process, at its start or with Redis gone from the start?
 *
 * Then the operator's numbers are all there is. Each channel is taken for a queue that drains at the contract's rate and that only this
 * door fills; a payment comes in while that queue is shorter than what it may wait. So what is let in is bounded whatever happens: the
 * longest wait's worth at once, then the rate.
 *
 *   level ▲    /|        / each admission +1, every second − rate × share
 *         │  /  |\     /
 *         └────────────────▶
 */
import type { ChannelLimits } from '#domain';

/**
 * This door's share of the contract's rate: a deployment that survives the loss of a process has two. Where there are more the workers'
 * own leases still hold the bank's limits; what is let in too much waits, and expires unsent.
 */
const DOOR_SHARE = 0.5;

export type StaticAnswer =
  { readonly kind: 'admit'; readonly waitMs: number } | { readonly kind: 'refuse'; readonly waitMs: number };

interface Level {
  backlog: number;
  atMs: number;
}

export class StaticDoor {
  private readonly levels = new Map<string, Level>();

  /**
   * Counts the payment if it may come in.
   * @param patienceMs how long the payer waits; never longer than the channel's longest wait
   * @param nowMs monotonic
   */
  ask(limits: ChannelLimits, patienceMs: number, nowMs: number): StaticAnswer {
    const perSecond = limits.ratePerSecond * DOOR_SHARE;
    let level = this.levels.get(limits.channelId);
    // Bounded by the number of channels.
    if (!level) this.levels.set(limits.channelId, (level = { backlog: 0, atMs: nowMs }));
    level.backlog = Math.max(0, level.backlog - ((nowMs - level.atMs) / 1_000) * perSecond);
    level.atMs = nowMs;
    const waitMs = (level.backlog / perSecond) * 1_000;
    if (waitMs > Math.min(patienceMs, limits.longestWaitMs)) return { kind: 'refuse', waitMs };
    level.backlog += 1;
    return { kind: 'admit', waitMs };
  }
}
