// How does a limiter fare on a bank? One channel in the shape of the live loop, in simulated time:
//
//   source ──▶ our queue ──▶ workers, while calls in flight < limit in force ──▶ bank ──answer──▶ workers
//                              └─ report every 100-400 ms ─▶ controller, every 200 ms ─▶ limit, in force 5-150 ms later
//
// A call that is not answered in time is reported as dropped and holds its slot until the bank is done with it, as an
// attempt of unknown fate does. Every stream of chance has a seed of its own, so two limiters meet the same bank.
import { FLOW_TICK_MS, type EndedCall } from '#policy';
import { advance, createCapacity, nextEventMs, offer, reconfigure } from '../bank-capacity';
import { trueCapacityPerSecond } from '../bank-capacity-config';
import type { BankCapacity } from '../bank-capacity-state';
import { EventQueue } from '../event-queue';
import { seededRandom, type Random } from '../prng';
import type { TrialLimiter } from './trial-limiter';
import type { TrialScript } from './trial-script';
import { addRoundTrip, newTrace, sample, type LimiterTrace, TRACE_STEP_MS } from './limiter-trace';

const { log, max, min, floor } = Math;

/** Workers of one channel. More would make reports smoother than a small site's are. */
const WORKERS = 4;
/** Between two reports of a worker, ms: the live loop's tick, early or late. */
const REPORT_LEAST_MS = 100;
const REPORT_MOST_MS = 400;
/** Until a limit holds at the workers, ms. */
const ACTUATION_LEAST_MS = 5;
const ACTUATION_MOST_MS = 150;
/** Our own queue is bounded by time, as the door does it: a second of what the bank can do. */
const QUEUE_S = 1;

interface Worker {
  /** Calls under way: id and start, oldest first. */
  readonly underWay: Map<number, number>;
  ended: EndedCall[];
  started: number;
  reportedEnded: EndedCall[];
  reportedStarted: number;
  reportedSince: number[];
  reportedAtMs: number;
  nextReportMs: number;
}

interface Answer {
  readonly id: number;
  readonly kind: 'worked' | 'busy' | 'declined';
  /** Time in the bank's own queue, ms. */
  readonly queuedMs: number;
}

interface Channel {
  readonly script: TrialScript;
  readonly bank: BankCapacity;
  readonly workers: readonly Worker[];
  readonly answers: EventQueue<Answer>;
  readonly trace: LimiterTrace;
  readonly chance: Random;
  readonly declining: Random;
  /** Calls given up while they stood in the bank's queue: counted already. */
  readonly queuedWhenGivenUp: Set<number>;
  /** In force at the workers. */
  limit: number;
  /** Calls in flight and calls given up that the bank still has: both hold slots. */
  held: number;
  waiting: number;
  nextId: number;
}

/** Runs one trial. The same arguments give the same trace to the last digit; a million calls take about a second. */
export function runLimiterTrial<State>(script: TrialScript, limiter: TrialLimiter<State>, seed: number): LimiterTrace {
  const arrivals = seededRandom(seed, 'arrivals');
  const loop = seededRandom(seed, 'loop');
  const jitter = seededRandom(seed, 'limiter');
  const channel: Channel = {
    script,
    bank: createCapacity(script.bank),
    workers: Array.from({ length: WORKERS }, () => newWorker(loop)),
    answers: new EventQueue(),
    trace: newTrace(script),
    chance: seededRandom(seed, 'service'),
    declining: seededRandom(seed, 'declines'),
    queuedWhenGivenUp: new Set(),
    limit: script.initial,
    held: 0,
    waiting: 0,
    nextId: 0,
  };
  let state = limiter.create({ initial: script.initial, nowMs: 0 });
  const limits = new EventQueue<number>();
  let changed = 0;
  let tickMs = loop() * FLOW_TICK_MS;
  let sampleMs = 0;
  let reportMs = min(...channel.workers.map((worker) => worker.nextReportMs));
  let perMs = demandPerMs(script, channel.bank);
  let arrivalMs = perMs === Infinity ? Infinity : -log(1 - arrivals()) / perMs;
  const saturated = script.load === 'saturated';
  for (;;) {
    const changeMs = script.changes[changed]?.atMs ?? Infinity;
    const controlMs = min(tickMs, sampleMs, reportMs, changeMs, limits.peekTime());
    const bankMs = nextEventMs(channel.bank);
    const nowMs = min(controlMs, bankMs, channel.answers.peekTime(), arrivalMs);
    if (nowMs >= script.durationMs) break;
    if (bankMs <= nowMs) {
      for (const done of advance(channel.bank, nowMs)) {
        const queuedMs = done.startedMs - done.offeredMs;
        channel.answers.push(done.finishedMs + done.delayMs, { id: done.id, kind: 'worked', queuedMs });
      }
    } else if (channel.answers.peekTime() <= nowMs) {
      hear(channel, channel.answers.pop() as Answer, nowMs);
      send(channel, nowMs, saturated);
    } else if (arrivalMs <= nowMs) {
      if (channel.waiting < max(1, QUEUE_S * trueCapacityPerSecond(channel.bank.config))) channel.waiting += 1;
      send(channel, nowMs, saturated);
      arrivalMs = nowMs - log(1 - arrivals()) / perMs;
    } else if (changeMs <= nowMs) {
      reconfigure(channel.bank, script.changes[changed]!.bank, nowMs);
      changed += 1;
      perMs = demandPerMs(script, channel.bank);
    } else if (limits.peekTime() <= nowMs) {
      channel.limit = limits.pop() as number;
      send(channel, nowMs, saturated);
    } else if (reportMs <= nowMs) {
      for (const worker of channel.workers) if (worker.nextReportMs <= nowMs) report(channel, worker, nowMs, loop);
      reportMs = min(...channel.workers.map((worker) => worker.nextReportMs));
    } else if (sampleMs <= nowMs) {
      sample(channel.trace, nowMs, channel.held, channel.limit, channel.bank);
      sampleMs += TRACE_STEP_MS;
      send(channel, nowMs, saturated);
    } else {
      const step = limiter.step(state, hearReports(channel, nowMs), jitter);
      state = step.state;
      // Less than a tick: no word overtakes another.
      limits.push(nowMs + ACTUATION_LEAST_MS + loop() * (ACTUATION_MOST_MS - ACTUATION_LEAST_MS), step.limit);
      tickMs += FLOW_TICK_MS;
    }
  }
  return channel.trace;
}

/** Payments that ask to come in, per ms; no end of them where the source is saturated. */
function demandPerMs(script: TrialScript, bank: BankCapacity): number {
  return script.load === 'saturated' ? Infinity : (script.load * trueCapacityPerSecond(bank.config)) / 1000;
}

function newWorker(loop: Random): Worker {
  return {
    underWay: new Map(),
    ended: [],
    started: 0,
    reportedEnded: [],
    reportedStarted: 0,
    reportedSince: [],
    reportedAtMs: 0,
    nextReportMs: loop() * REPORT_MOST_MS,
  };
}

/** Starts calls while the limit lets it. */
function send(channel: Channel, nowMs: number, saturated: boolean): void {
  while (channel.held < channel.limit && (saturated || channel.waiting > 0)) {
    if (!saturated) channel.waiting -= 1;
    const id = channel.nextId;
    channel.nextId += 1;
    channel.held += 1;
    const worker = channel.workers[id % WORKERS]!;
    worker.underWay.set(id, nowMs);
    worker.started += 1;
    channel.trace.started += 1;
    const { declines } = channel.script;
    if (declines !== undefined && channel.declining() < declines.share) {
      channel.answers.push(nowMs + declines.afterMs, { id, kind: 'declined', queuedMs: 0 });
      continue;
    }
    const offered = offer(channel.bank, id, nowMs, channel.chance);
    if (offered.kind === 'busy')
      channel.answers.push(nowMs + max(1, offered.delayMs), { id, kind: 'busy', queuedMs: 0 });
  }
}

function hear(channel: Channel, answer: Answer, nowMs: number): void {
  channel.held -= 1;
  const worker = channel.workers[answer.id % WORKERS]!;
  const startedMs = worker.underWay.get(answer.id);
  const { trace } = channel;
  const bin = floor(nowMs / TRACE_STEP_MS);
  const counted = channel.queuedWhenGivenUp.delete(answer.id);
  if (!counted && answer.queuedMs > channel.script.timeoutMs / 2) trace.late[bin]! += 1;
  if (startedMs === undefined) return; // given up before: its fate was unknown, and now the slot is free
  worker.underWay.delete(answer.id);
  const tookMs = nowMs - startedMs;
  if (tookMs > channel.script.timeoutMs) {
    giveUp(channel, worker, answer.id, startedMs, bin);
    return;
  }
  worker.ended.push({ startedMs, endedMs: nowMs, class: answer.kind });
  if (answer.kind === 'busy') trace.busy[bin]! += 1;
  else trace.served[bin]! += 1;
  if (answer.kind === 'worked') addRoundTrip(trace, nowMs, tookMs);
}

/**
 * Whose fault is it? The router's, if the call stood in the bank's queue for more than half of its deadline. Where all are worked on at
 * once there is no queue to tell by, and every call given up counts; the same bank at half load says how many would be anyway.
 */
function giveUp(channel: Channel, worker: Worker, id: number, startedMs: number, bin: number): void {
  worker.ended.push({ startedMs, endedMs: startedMs + channel.script.timeoutMs, class: 'dropped' });
  const shared = channel.bank.config.discipline === 'processor_sharing';
  const queued = channel.bank.visits.get(id)?.waiting === true;
  if (!shared && !queued) return;
  channel.trace.late[bin]! += 1;
  channel.queuedWhenGivenUp.add(id);
}

/** What a worker says: its calls as of now. Deadlines are looked at here, which is early enough: their slots stay held. */
function report(channel: Channel, worker: Worker, nowMs: number, loop: Random): void {
  for (const [id, startedMs] of worker.underWay) {
    if (nowMs - startedMs <= channel.script.timeoutMs) break;
    worker.underWay.delete(id);
    giveUp(channel, worker, id, startedMs, floor(nowMs / TRACE_STEP_MS));
  }
  worker.reportedEnded = worker.reportedEnded.concat(worker.ended);
  worker.reportedStarted += worker.started;
  worker.reportedSince = [...worker.underWay.values()];
  worker.reportedAtMs = nowMs;
  worker.ended = [];
  worker.started = 0;
  worker.nextReportMs = nowMs + REPORT_LEAST_MS + loop() * (REPORT_MOST_MS - REPORT_LEAST_MS);
}

/** What the controller knows at its step: the last report of each worker. */
function hearReports(channel: Channel, nowMs: number) {
  const ended: EndedCall[] = [];
  const underWaySinceMs: number[] = [];
  const underWayAgeMs: number[] = [];
  let started = 0;
  for (const worker of channel.workers) {
    for (const call of worker.reportedEnded) ended.push(call);
    for (const sinceMs of worker.reportedSince) {
      underWaySinceMs.push(sinceMs);
      underWayAgeMs.push(worker.reportedAtMs - sinceMs);
    }
    started += worker.reportedStarted;
    worker.reportedEnded = [];
    worker.reportedStarted = 0;
  }
  return { nowMs, ceiling: channel.script.ceiling, started, ended, underWaySinceMs, underWayAgeMs };
}
