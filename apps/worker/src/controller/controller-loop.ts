/**
 * One controller per site, in one of its workers. Every worker is a candidate; the one that has the seat runs the policy five times a
 * second and tells everybody. Whoever has heard a controller lately leaves the seat alone.
 *
 *   candidate ──nothing heard for 1 s──▶ take the seat ──▶ hear reports ──▶ step, tell Redis the limits, publish, step, …
 *       ▲                                                                        │
 *       └──────────────── seat lost: Redis wiped, or we were silent too long ◀───┘
 */
import type { ChannelRegistry, Log } from '#dispatch';
import { FLOW_TICK_MS, type FlowSnapshot } from '#policy';
import type { ChannelValve, ValveSetting } from '#queue';
import type { ControllerSeat, FollowedFlow } from '#redis';
import type { SiteControl } from './site-control';
import { tellChanges } from './tell-changes';
import { changedSettings, valveSettings } from './valve-settings';

/** A candidate that has heard no controller for so long asks for the seat, ms: five snapshots missing. */
const CANDIDATE_AFTER_MS = 1_000;
/** A new controller waits for the first report of a worker, so that it does not take silence for idleness, but no longer, ms. */
const FIRST_REPORTS_MS = 600;
/** Between two assertions of all limits and two copies of the state, ms: how long what a wiped Redis forgot stays forgotten. */
const REPEAT_EVERY_MS = 1_000;

export interface ControllerLoopParts {
  readonly seat: Pick<ControllerSeat, 'heldTerm' | 'take' | 'publish' | 'leave'>;
  readonly flow: Pick<FollowedFlow, 'snapshot' | 'ageMs' | 'hearReports'>;
  readonly site: Pick<SiteControl, 'begin' | 'step' | 'saved' | 'heardWorkers' | 'ghostsOf'>;
  readonly valve: Pick<ChannelValve, 'assert'>;
  readonly channels: Pick<ChannelRegistry, 'get'>;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

export class ControllerLoop {
  private timer: NodeJS.Timeout | null = null;
  private turning: Promise<void> | null = null;
  private electedMs: number | null = null;
  /** The seat was ours a moment ago: what we hear of ourselves is no reason not to ask for it again. */
  private lost = false;
  private told: readonly ValveSetting[] = [];
  private repeatMs = -Infinity;
  private last: FlowSnapshot | null = null;

  constructor(private readonly parts: ControllerLoopParts) {}

  start(): void {
    this.timer = setInterval(() => void this.tick(), FLOW_TICK_MS);
    void this.tick();
  }

  /** Leaves the seat, so that another takes over within a second rather than three. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.turning;
    await this.parts.seat.leave();
  }

  /** The term in which this process is controller; `null`: another is, or nobody. */
  get term(): number | null {
    return this.parts.seat.heldTerm();
  }

  /** One turn; a turn that takes longer than a tick is not overtaken by the next. */
  tick(): Promise<void> {
    this.turning ??= this.turn()
      .catch((error: unknown) => this.parts.log.error('The controller stumbled; it goes on', { error: String(error) }))
      .finally(() => (this.turning = null));
    return this.turning;
  }

  private async turn(): Promise<void> {
    const term = this.parts.seat.heldTerm();
    if (term === null || this.electedMs === null) {
      this.stepDown();
      await this.stand();
      return;
    }
    const { monotonicMs, site } = this.parts;
    if (this.last === null && site.heardWorkers === 0 && monotonicMs() - this.electedMs < FIRST_REPORTS_MS) return;
    const snapshot = await site.step(term);
    if (snapshot) await this.say(snapshot);
  }

  private async say(snapshot: FlowSnapshot): Promise<void> {
    const { channels, log, monotonicMs, seat, site, valve } = this.parts;
    const repeat = monotonicMs() >= this.repeatMs;
    const settings = valveSettings(snapshot, channels, (channelId) => site.ghostsOf(channelId));
    // First the limit that all share, then everybody's part of it: a worker that hears of a raised one finds it there.
    const asserted = await valve.assert(repeat ? settings : changedSettings(settings, this.told));
    this.told = asserted ? settings : [];
    const said = await seat.publish(snapshot, repeat ? site.saved() : null);
    if (repeat && said === 'published') this.repeatMs = monotonicMs() + REPEAT_EVERY_MS;
    if (said === 'lost') {
      log.warn('The controller’s seat is lost: Redis was wiped, or another has it', { term: snapshot.term });
      this.lost = true;
      return;
    }
    tellChanges(this.last, snapshot, log);
    this.last = snapshot;
  }

  private stepDown(): void {
    if (this.electedMs === null) return;
    this.electedMs = null;
    this.parts.flow.hearReports(false);
    this.parts.log.info('This process is controller no more');
  }

  private async stand(): Promise<void> {
    const { flow, log, monotonicMs, seat, site } = this.parts;
    if (!this.lost && flow.ageMs() < CANDIDATE_AFTER_MS) return;
    this.lost = false;
    const taken = await seat.take(flow.snapshot?.term ?? 0);
    if (!taken) return;
    const from = site.begin(taken.found);
    this.electedMs = monotonicMs();
    this.last = null;
    this.told = [];
    this.repeatMs = -Infinity;
    flow.hearReports(true);
    log.info(`This process is controller now, in term ${taken.term}, going on from ${from}`, { term: taken.term });
  }
}
