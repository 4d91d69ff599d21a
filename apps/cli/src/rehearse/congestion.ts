/** Everything beside the load in a rehearsal of congestion: the banks' timeline, the operator's change, the watch, and the figures. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../outcome';
import type { RunningProduct } from '../running-product';
import { askedFigures } from './asked-figures';
import { type Watched, watchChannels } from './channel-watch';
import { type PayerOutcome, readOutcomes } from './client-outcomes';
import { rateSeen, receivedSince } from './contract-rate';
import type { FaultReport } from './faults';
import { firstPayment } from './first-payment';
import { flowFigures } from './flow-figures';
import { findKnee, type Knee } from './knee';
import { type LoopGlimpse, watchLoops } from './loop-watch';
import { phasesOf } from './phase-spans';
import { coresUsed, type ProcessGlimpse, watchResources } from './resources';
import { call, changeLimits, type CongestionStage, type LimitChange } from './stage';

/** What happened beside the load. */
export interface Accompanied {
  readonly begunMs: number;
  readonly watched: Watched;
  readonly loops: readonly LoopGlimpse[];
  readonly resources: readonly ProcessGlimpse[];
  readonly limitChange: LimitChange | null;
}

/** A cut has to settle within three seconds; where the banks are left as they are, nothing is judged so finely. */
const WATCH_EVERY_MS = 200;
const WATCH_CALM_EVERY_MS = 1_000;

/** From k6's start to its end. The banks' timeline begins with the first payment. */
export async function accompany(
  stage: CongestionStage | null,
  product: RunningProduct,
  folder: string,
  loadEnds: AbortSignal,
  say: (line: string) => void,
): Promise<Accompanied> {
  await firstPayment(folder, loadEnds);
  const begunMs = Date.now();
  if (stage !== null && stage.timeline.length > 0)
    await call('POST', `${product.urls.bank_simulator}/control/timeline`, { events: stage.timeline });
  const wish =
    stage === null
      ? { channels: null, everyMs: WATCH_CALM_EVERY_MS }
      : { channels: stage.crowds.map(({ channel }) => channel), everyMs: WATCH_EVERY_MS };
  const [watched, loops, resources, limitChange] = await Promise.all([
    watchChannels(wish, product, loadEnds),
    watchLoops(product, loadEnds),
    watchResources(product, loadEnds),
    operatorChanges(stage?.limit_change ?? null, product, loadEnds).catch((error: unknown) => {
      say(`the limits were NOT changed: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }),
  ]);
  // Beside the client's log, for whoever wants to look closer than the figures.
  const lines = [...watched].flatMap(([channel, all]) => all.map((one) => JSON.stringify({ channel, ...one })));
  writeFileSync(join(folder, 'channels.ndjson'), `${lines.join('\n')}\n`);
  return { begunMs, watched, loops, resources, limitChange };
}

async function operatorChanges(
  change: CongestionStage['limit_change'],
  product: RunningProduct,
  loadEnds: AbortSignal,
): Promise<LimitChange | null> {
  if (change === null) return null;
  await sleep(change.at_s * 1_000, undefined, { signal: loadEnds });
  return changeLimits(product, change.channel, change.limits);
}

export interface FlowResult {
  readonly figures: readonly Figure[];
  /** Null: the stage does not ask for it. */
  readonly knee: Knee | null;
}

/** What the run says about the flow, once the load has ended. */
export async function congestionFigures(
  stage: CongestionStage,
  accompanied: Accompanied,
  faults: readonly FaultReport[],
  { urls }: RunningProduct,
  folder: string,
): Promise<FlowResult> {
  const outcomes = await readOutcomes(join(folder, 'client.ndjson'));
  const narrow = Object.entries(stage.limits).find(([, limits]) => limits['rate_per_second'] !== undefined);
  let rate = null;
  if (narrow !== undefined) {
    const [channel, limits] = narrow;
    const times = outcomes.filter((outcome) => outcome.channel === channel).map(({ postedMs }) => postedMs);
    const fromMs = times.reduce((least, atMs) => Math.min(least, atMs), Infinity);
    const toMs = times.reduce((most, atMs) => Math.max(most, atMs), 0);
    const received = await receivedSince(urls.bank_simulator, channel, fromMs);
    rate = rateSeen(received, limits['rate_per_second']!, fromMs, toMs);
  }
  const { begunMs, resources } = accompanied;
  const asks = new Set(stage.figures);
  const first = stage.crowds[0]?.channel ?? '';
  const knee = asks.has('knee') ? kneeOf(stage, outcomes, resources) : null;
  const bankCalls = asks.has('storm') ? (await receivedSince(urls.bank_simulator, first, begunMs)).length : null;
  const seen = { stage, outcomes, faults, ...accompanied };
  return {
    figures: [...flowFigures({ ...seen, rate }), ...askedFigures({ ...seen, bankCalls, knee, memory: resources })],
    knee,
  };
}

function kneeOf(stage: CongestionStage, outcomes: readonly PayerOutcome[], resources: readonly ProcessGlimpse[]): Knee {
  const steps = phasesOf(stage, outcomes, stage.crowds[0]?.channel ?? '');
  return findKnee(outcomes, steps, stage.payers.on_time_ms, (step) => coresUsed(resources, step), cpus().length);
}
