/** Everything beside the load in a rehearsal of congestion: the banks' timeline, the operator's change, the watch, and the figures. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../outcome';
import type { RunningProduct } from '../running-product';
import { type Watched, watchChannels } from './channel-watch';
import { readOutcomes } from './client-outcomes';
import { rateSeen, receivedSince } from './contract-rate';
import type { FaultReport } from './faults';
import { flowFigures } from './flow-figures';
import { call, changeLimits, type CongestionStage, type LimitChange } from './stage';

/** What happened beside the load. */
export interface Accompanied {
  readonly begunMs: number;
  readonly watched: Watched;
  readonly limitChange: LimitChange | null;
}

const LOOK_EVERY_MS = 50;

/** From k6's start to its end. The banks' timeline begins with the first payment. */
export async function accompany(
  stage: CongestionStage,
  product: RunningProduct,
  folder: string,
  loadEnds: AbortSignal,
  say: (line: string) => void,
): Promise<Accompanied> {
  while (!loadEnds.aborted && !existsSync(join(folder, 'client.ndjson'))) await sleep(LOOK_EVERY_MS);
  const begunMs = Date.now();
  if (stage.timeline.length > 0)
    await call('POST', `${product.urls.bank_simulator}/control/timeline`, { events: stage.timeline });
  const channels = stage.crowds.map(({ channel }) => channel);
  const [watched, limitChange] = await Promise.all([
    watchChannels(channels, product, loadEnds),
    operatorChanges(stage, product, loadEnds).catch((error: unknown) => {
      say(`the limits were NOT changed: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }),
  ]);
  // Beside the client's log, for whoever wants to look closer than the figures.
  const lines = [...watched].flatMap(([channel, all]) => all.map((one) => JSON.stringify({ channel, ...one })));
  writeFileSync(join(folder, 'channels.ndjson'), `${lines.join('\n')}\n`);
  return { begunMs, watched, limitChange };
}

async function operatorChanges(
  { limit_change: change }: CongestionStage,
  product: RunningProduct,
  loadEnds: AbortSignal,
): Promise<LimitChange | null> {
  if (change === null) return null;
  await sleep(change.at_s * 1_000, undefined, { signal: loadEnds });
  return changeLimits(product, change.channel, change.limits);
}

/** What the run says about the flow, once the load has ended. */
export async function congestionFigures(
  stage: CongestionStage,
  accompanied: Accompanied,
  faults: readonly FaultReport[],
  { urls }: RunningProduct,
  folder: string,
): Promise<Figure[]> {
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
  return flowFigures({ stage, outcomes, faults, rate, ...accompanied });
}
