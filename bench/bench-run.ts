/** The order of things: who is measured when, and what follows from it. */
import { join, resolve } from 'node:path';
import { disagreements, REFUSED_MAX } from './books-agree.ts';
import { type Floor, type FloorWindow, startFloor } from './floor.ts';
import { Generator, type Load } from './generator.ts';
import type { Options } from './options.ts';
import { type Figure, type Findings, type Violation, atLeast, atMost, described } from './outcome.ts';
import { countedMicros, microsByProcess } from './processor-share.ts';
import { type Books, type Product, startProduct } from './product.ts';
import { type RoadWindow, measureRoad } from './road.ts';
import { arrivals, BANK_LATENCY_MS, saturation, WARM_UP_S } from './side.ts';
import { median, spreadOf } from './statistics.ts';

/** Interleaved rounds: the least with a median. */
const ROUNDS = 3;
/** The floor is warm after so many payments. */
const FLOOR_WARM_UP = 16_000;
/** The floor of design.md works in batches of 32; where the product's are bigger, the floor gets as big ones. */
const FLOOR_BATCH = 32;
const FLOOR_BATCH_MAX = 128;
/** The floor carries 4,000 to 6,000 payments a second: about the asked seconds. */
const FLOOR_PER_SECOND = 4_000;
/** A rate above this share of saturation is no steady state. */
const RATE_SHARE_MAX = 0.85;
const ACK_SHARE = 0.7;

export type Report = {
  step<T>(title: string, work: (detail: (text: string) => void) => T | Promise<T>): Promise<T>;
  note(text: string): void;
};

export interface Run {
  readonly rate: number;
  readonly floorBatch: number;
  readonly floor: readonly FloorWindow[];
  readonly atRate: readonly RoadWindow[];
  readonly saturated: readonly RoadWindow[];
  readonly ack: RoadWindow | null;
  /** Every stretch of load on the product, warm-up included. */
  readonly loads: readonly RoadWindow[];
  readonly books: Books | null;
  readonly pids: Readonly<Record<string, number | undefined>>;
}

export async function runBench(options: Options, folder: string, report: Report): Promise<Run> {
  const road = options.part === 'floor' ? null : await startRoad(options, join(folder, 'product'), report);
  let floor: Floor | null = null;
  try {
    const windowS = options.seconds / ROUNDS;
    const loads: RoadWindow[] = [];
    const on = async (title: string, load: Load, seconds: number): Promise<RoadWindow> => {
      const window = await report.step(`product ${title}`, async (detail) => {
        const measured = await measureRoad(road!.product, road!.generator, load, seconds);
        detail(`${perSecond(measured)}/s, ${roadMicros(measured).toFixed(0)} µs a payment`);
        return measured;
      });
      loads.push(window);
      return window;
    };
    const closed = saturation(options.seed);

    let rate = options.rate;
    let floorBatch = FLOOR_BATCH;
    if (road) {
      const warm = await on('warms up', closed, WARM_UP_S);
      const carried = Math.floor(perSecond(warm) * RATE_SHARE_MAX);
      if (carried < rate) {
        report.note(`this machine cannot hold ${rate}/s now; measuring at ${carried}/s`);
        rate = carried;
      }
      // A quarter above what was seen, so that later windows stay below it.
      const batches = Math.ceil(1.25 * Math.max(...Object.values(warm.batches)));
      floorBatch = Math.min(FLOOR_BATCH_MAX, Math.max(FLOOR_BATCH, batches));
    }
    if (options.part !== 'road') {
      floor = await startFloor({ folder: join(folder, 'floor'), batch: floorBatch, bankLatencyMs: BANK_LATENCY_MS });
      await report.step('floor warms up', () => floor!.run(FLOOR_WARM_UP, options.seed));
    }
    const measured = { floor: [] as FloorWindow[], atRate: [] as RoadWindow[], saturated: [] as RoadWindow[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = options.seed + round;
      if (floor) {
        const window = await report.step('floor', async (detail) => {
          const done = await floor!.run(Math.round(windowS * FLOOR_PER_SECOND), seed);
          detail(`${Math.round(done.payments / done.seconds)}/s, ${floorMicros(done).toFixed(0)} µs a payment`);
          return done;
        });
        measured.floor.push(window);
      }
      if (!road) continue;
      measured.atRate.push(await on(`at ${rate}/s`, arrivals(rate, seed), windowS));
      if (options.saturate) measured.saturated.push(await on('saturated', closed, windowS));
    }
    let ack: RoadWindow | null = null;
    if (road && options.saturate) {
      const load = Math.round(ACK_SHARE * median(measured.saturated.map(perSecond)));
      ack = await on(`at ${load}/s, 70 % of saturation`, arrivals(load, options.seed), windowS * 2);
    }
    const books = road ? await road.product.books() : null;
    return { rate, floorBatch, ...measured, ack, loads, books, pids: road?.product.pids ?? {} };
  } finally {
    await floor?.end();
    await road?.generator.end();
    await road?.product.end();
  }
}

async function startRoad(
  options: Options,
  folder: string,
  report: Report,
): Promise<{ product: Product; generator: Generator }> {
  const env: Record<string, string> =
    options.profile === null ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(options.profile)}` };
  const product = await report.step('product up', () =>
    startProduct({ folder, seed: options.seed, bankLatencyMs: BANK_LATENCY_MS, env }),
  );
  return { product, generator: new Generator(product.url, product.apiKey) };
}

const perSecond = ({ counts, seconds }: RoadWindow): number => Math.round(counts.finals / seconds);
const roadMicros = ({ cpu, counts }: RoadWindow): number => countedMicros(cpu, counts.finals);
const floorMicros = ({ cpu, payments }: FloorWindow): number => countedMicros(cpu, payments);

export function findingsOf(run: Run, options: Options, load: readonly number[]): Findings {
  const { floor, atRate, saturated, ack } = run;
  const figures: Figure[] = [];
  const totalOf = (of: (window: RoadWindow) => number): number => run.loads.reduce((sum, one) => sum + of(one), 0);
  const sent = totalOf(({ totals }) => totals.sent);
  if (sent > 0)
    figures.push(atMost('refused_share', totalOf(({ totals }) => totals.refused) / sent, REFUSED_MAX, 'ratio'));
  const over = (road: readonly RoadWindow[]): number[] =>
    road.flatMap((window, round) => (floor[round] ? [roadMicros(window) / floorMicros(floor[round])] : []));
  if (floor.length > 0) figures.push(described('cpu_us_bare_floor', median(floor.map(floorMicros)), 'us'));
  if (atRate.length > 0) {
    figures.push(described('cpu_us_per_payment', median(atRate.map(roadMicros)), 'us'));
    figures.push(described('rate_held', median(atRate.map(perSecond)), 'payments/s'));
  }
  if (over(atRate).length > 0) {
    figures.push(atMost('cpu_per_payment_over_floor', median(over(atRate)), 1.5, 'ratio'));
  }
  if (saturated.length > 0) {
    figures.push(described('cpu_us_per_payment_saturated', median(saturated.map(roadMicros)), 'us'));
    if (over(saturated).length > 0) {
      figures.push(atMost('cpu_per_payment_over_floor_saturated', median(over(saturated)), 1.25, 'ratio'));
    }
    const seconds = saturated.reduce((sum, window) => sum + window.seconds, 0);
    const finals = saturated.reduce((sum, window) => sum + window.counts.finals, 0);
    figures.push(atLeast('durable_payments_per_second', finals / seconds, 4_000, 'payments/s'));
  }
  if (ack) {
    figures.push(
      atMost('ack_p50_ms', ack.counts.ackP50Ms, 8, 'ms'),
      atMost('ack_p99_ms', ack.counts.ackP99Ms, 40, 'ms'),
    );
  }
  return { figures, violations: violationsOf(run), detail: detailOf(run, options, load, over) };
}

function violationsOf({ loads, books, floor, floorBatch }: Run): Violation[] {
  if (!books) return [];
  const violations = disagreements(
    loads.map(({ totals }) => totals),
    books,
  );
  const biggest = Math.max(...loads.flatMap(({ batches }) => Object.values(batches)));
  if (floor.length > 0 && biggest > floorBatch) {
    violations.push({ rule: 'floor_batches_no_smaller', evidence: { product: biggest, floor: floorBatch } });
  }
  return violations;
}

function detailOf(
  run: Run,
  options: Options,
  load: readonly number[],
  over: (road: readonly RoadWindow[]) => number[],
): Record<string, unknown> {
  const { rate, floorBatch, floor, atRate, saturated, ack, books } = run;
  const roadDetail = (window: RoadWindow): Record<string, unknown> => ({
    seconds: window.seconds,
    payments_per_second: perSecond(window),
    cpu_us: microsByProcess(window.cpu, window.counts.finals),
    payments_per_commit: window.batches,
    counts: window.counts,
  });
  const spread = (values: readonly number[]): unknown => (values.length > 0 ? spreadOf(values) : null);
  return {
    rate_asked: options.rate,
    rate,
    bank_latency_ms: BANK_LATENCY_MS,
    floor_batch: floorBatch,
    counted: 'orchestrator or api, worker, redis, postgres with all its backends; not the banks, not the generator',
    followed_by: 'GET /v1/payments/{id} with Prefer: wait=10: one more request per payment, its cost counted',
    load_average_at_end: load,
    spread: {
      cpu_us_bare_floor: spread(floor.map(floorMicros)),
      cpu_us_per_payment: spread(atRate.map(roadMicros)),
      cpu_us_per_payment_saturated: spread(saturated.map(roadMicros)),
      cpu_per_payment_over_floor: spread(over(atRate)),
      cpu_per_payment_over_floor_saturated: spread(over(saturated)),
      payments_per_second_saturated: spread(saturated.map(perSecond)),
    },
    floor: floor.map((window) => ({ ...window, cpu: microsByProcess(window.cpu, window.payments) })),
    at_rate: atRate.map(roadDetail),
    saturated: saturated.map(roadDetail),
    ack: ack && roadDetail(ack),
    books,
  };
}
