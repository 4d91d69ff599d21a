// Who carries payments to the banks? Workers, which take from the channels' queues when the queue's limit and their own lease allow it,
// and which report what they saw every tick. As in apps/worker: permit before payment, first in first out, expired ones dropped unsent.
import type { ChannelId } from '#domain';
import { type CallClass, type CallEnd, FLOW_TICK_MS, type WorkerReport } from '#policy';
import type { Random } from '../prng';
import type { Agenda } from './agenda';
import type { BankLine } from './bank-line';
import type { Control, SiteFacts, WorkerMind } from './control';
import type { Waiting } from './payment';
import type { PaymentQueue } from './payment-queue';
import type { Redis } from './roads';

/** What one worker knows of its calls over one channel. */
interface Calls {
  started: number;
  ended: { atMs: number; rttMs: number; class: CallClass }[];
  /** When each call under way began, oldest first. */
  readonly underWay: Map<number, number>;
}

interface Worker<W> {
  readonly id: string;
  readonly mind: WorkerMind<W>;
  readonly calls: readonly Calls[];
  seq: number;
}

/** What happens to a payment at the hands of the workers. */
export interface HandsEvents {
  sent(waiting: Waiting): void;
  ended(waiting: Waiting, kind: CallClass): void;
  expired(waiting: Waiting): void;
}

export class Hands<W> {
  /** Calls under way, by channel, over all workers. */
  readonly active: number[];
  /** Most calls under way that the queue allows, by channel. None before the first word. */
  readonly limits: number[];
  private readonly peaks: number[];
  private readonly workers: readonly Worker<W>[];
  private readonly triesAgainMs: number[];
  private turn = 0;
  private callId = 0;

  constructor(
    private readonly agenda: Agenda,
    private readonly control: Control<W>,
    private readonly site: SiteFacts,
    private readonly banks: readonly BankLine[],
    private readonly queues: readonly PaymentQueue[],
    private readonly redis: Redis,
    private readonly events: HandsEvents,
  ) {
    this.active = site.channels.map(() => 0);
    this.peaks = site.channels.map(() => 0);
    this.limits = site.channels.map(() => 0);
    this.triesAgainMs = site.channels.map(() => Infinity);
    this.workers = site.workerIds.map((id) => ({
      id,
      mind: control.worker(site, id),
      calls: site.channels.map(() => ({ started: 0, ended: [], underWay: new Map<number, number>() })),
      seq: 0,
    }));
  }

  /** The queue (one Redis) hears of new limits. */
  turnValve(word: W): void {
    this.site.channels.forEach(({ id }, channel) => {
      this.limits[channel] = this.control.limit(word, id);
      this.pump(channel);
    });
  }

  /** One worker hears the controller. */
  hear(index: number, word: W): void {
    this.workers[index]?.mind.hear(word, this.agenda.nowMs);
    this.site.channels.forEach((_, channel) => this.pump(channel));
  }

  /** Most calls under way since this was last asked. */
  takePeak(channel: number): number {
    const peak = this.peaks[channel] as number;
    this.peaks[channel] = this.active[channel] as number;
    return peak;
  }

  /** Every worker reports each tick, each at its own beat. */
  startReporting(random: Random, send: (report: WorkerReport) => void): void {
    for (const worker of this.workers) {
      this.agenda.every(FLOW_TICK_MS, FLOW_TICK_MS * random(), () => send(this.reportOf(worker)));
    }
  }

  /** Takes from a channel's queue what may go now. */
  pump(channel: number): void {
    const queue = this.queues[channel] as PaymentQueue;
    const { nowMs } = this.agenda;
    for (;;) {
      if (queue.waiting === 0) return;
      if (!this.redis.gone && (this.active[channel] as number) >= (this.limits[channel] as number)) return;
      const worker = this.freeWorker(channel);
      if (worker === null) return;
      const waiting = queue.take();
      if (waiting === undefined) return;
      if (waiting.dropAtMs <= nowMs) this.events.expired(waiting);
      else this.send(worker, channel, waiting);
    }
  }

  /** Drops what waits past its payer's patience, so that a payer is told even where nothing moves. */
  sweep(): void {
    for (const queue of this.queues)
      for (const waiting of queue.takeExpired(this.agenda.nowMs)) this.events.expired(waiting);
  }

  /** The next worker in turn that may send; `null`: none, and the pump comes back when the first may. */
  private freeWorker(channel: number): Worker<W> | null {
    const { nowMs } = this.agenda;
    const id = (this.site.channels[channel] as SiteFacts['channels'][number]).id;
    let soonestMs = Infinity;
    for (let i = 0; i < this.workers.length; i += 1) {
      this.turn = (this.turn + 1) % this.workers.length;
      const worker = this.workers[this.turn] as Worker<W>;
      const mine = (worker.calls[channel] as Calls).underWay.size;
      const atMs = worker.mind.nextSendMs(id, mine, this.redis.gone, nowMs);
      if (atMs <= nowMs) return worker;
      soonestMs = Math.min(soonestMs, atMs);
    }
    this.comeBack(channel, soonestMs);
    return null;
  }

  private comeBack(channel: number, atMs: number): void {
    if (atMs === Infinity || atMs >= (this.triesAgainMs[channel] as number)) return;
    this.triesAgainMs[channel] = atMs;
    this.agenda.at(atMs, () => {
      if ((this.triesAgainMs[channel] as number) > this.agenda.nowMs) return;
      this.triesAgainMs[channel] = Infinity;
      this.pump(channel);
    });
  }

  private send(worker: Worker<W>, channel: number, waiting: Waiting): void {
    const calls = worker.calls[channel] as Calls;
    const id: ChannelId = (this.site.channels[channel] as SiteFacts['channels'][number]).id;
    const call = (this.callId += 1);
    calls.started += 1;
    calls.underWay.set(call, this.agenda.nowMs);
    const active = (this.active[channel] as number) + 1;
    this.active[channel] = active;
    this.peaks[channel] = Math.max(active, this.peaks[channel] as number);
    worker.mind.sent(id, this.agenda.nowMs);
    this.events.sent(waiting);
    (this.banks[channel] as BankLine).send((kind, sentMs) => {
      const { nowMs } = this.agenda;
      calls.underWay.delete(call);
      calls.ended.push({ atMs: nowMs, rttMs: nowMs - sentMs, class: kind });
      this.active[channel] = (this.active[channel] as number) - 1;
      this.events.ended(waiting, kind);
      this.pump(channel);
    });
  }

  private reportOf(worker: Worker<W>): WorkerReport {
    const { nowMs } = this.agenda;
    const calls = worker.calls.flatMap((of, channel) => {
      if (of.started === 0 && of.ended.length === 0 && of.underWay.size === 0) return [];
      const ended: CallEnd[] = of.ended.map(({ atMs, rttMs, class: kind }) => ({
        endedAgoMs: nowMs - atMs,
        rttMs,
        class: kind,
      }));
      const report = {
        channelId: (this.site.channels[channel] as SiteFacts['channels'][number]).id,
        operation: 'pay' as const,
        started: of.started,
        ended,
        underWayMs: Array.from(of.underWay.values(), (sinceMs) => nowMs - sinceMs),
      };
      of.started = 0;
      of.ended = [];
      return [report];
    });
    worker.seq += 1;
    const { term, seq } = worker.mind.heard;
    return { workerId: worker.id, seq: worker.seq, snapshotTerm: term, snapshotSeq: seq, revisions: {}, calls };
  }
}
