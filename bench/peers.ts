/**
 * The product beside what a team would write by hand from good tutorials (bench/peers/README.md), in turns in one run: the same generator,
 * the same bank simulator, engines of their own with the same settings, each payment followed to its final state over HTTP.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Report } from './bench-run.ts';
import { NO_BOOKS, booksSince, disagreements } from './books-agree.ts';
import type { Counts, Load } from './generator.ts';
import type { Options } from './options.ts';
import { type Measured, described } from './outcome.ts';
import { type Peer, startPeer } from './peer.ts';
import { countedMicros, microsByProcess } from './processor-share.ts';
import { type Window, measureWindows } from './road.ts';
import { arrivals, perSecond, saturation, Side, WARM_UP_S } from './side.ts';
import { median, spreadOf } from './statistics.ts';
import { aligned, goalsOf } from './table.ts';

const ROUNDS = 3;
/** Of what the slower of both carries: a rate that both hold. */
const RATE_SHARE = 0.7;

export async function peers(options: Options, folder: string, report: Report): Promise<Measured> {
  const { seed } = options;
  const product = await report.step('product up', () => Side.start({ folder: join(folder, 'product'), seed }));
  let peer: Peer | null = null;
  try {
    peer = await report.step('peer up', () => startPeer({ folder: join(folder, 'peer'), seed }));
    const peerTotals: Counts[] = [];
    const underPeer = async (load: Load, seconds: number): Promise<Window> => {
      const { windows, totals } = await measureWindows(peer!.pids, peer!.generator, load, [seconds]);
      peerTotals.push(totals);
      return windows[0]!;
    };
    const underProduct = async (load: Load, seconds: number): Promise<Window> =>
      (await product.under(load, [seconds]))[0]!;
    const closed = saturation(seed);
    const warm = await report.step('product warms up', () => underProduct(closed, WARM_UP_S));
    const warmPeer = await report.step('peer warms up', () => underPeer(closed, WARM_UP_S));
    const rate = Math.max(10, Math.floor(RATE_SHARE * Math.min(perSecond(warm), perSecond(warmPeer))));
    const windowS = options.seconds / ROUNDS;
    const rounds: { saturated: Pair; atRate: Pair }[] = [];
    const inTurns = async (load: Load): Promise<Pair> => ({
      product: await report.step('product', () => underProduct(load, windowS)),
      peer: await report.step('peer', () => underPeer(load, windowS)),
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({ saturated: await inTurns(closed), atRate: await inTurns(arrivals(rate, seed + round)) });
    }
    const violations = [
      ...(await product.audit()),
      ...disagreements(peerTotals, booksSince(NO_BOOKS, await peer.books())).map(({ rule, evidence }) => ({
        rule,
        evidence: { of: 'peer', ...evidence },
      })),
    ];
    const faster = rounds.map(({ saturated }) => perSecond(saturated.product) / perSecond(saturated.peer));
    const cheaper = rounds.map(({ saturated }) => micros(saturated.peer) / micros(saturated.product));
    const cheaperAtRate = rounds.map(({ atRate }) => micros(atRate.peer) / micros(atRate.product));
    const figures = [
      described('speedup_over_tutorial', median(faster), 'ratio'),
      described('cpu_of_tutorial_over_ours_saturated', median(cheaper), 'ratio'),
      described('cpu_of_tutorial_over_ours', median(cheaperAtRate), 'ratio'),
      described('rate_held_by_both', rate, 'payments/s'),
    ];
    const detail = {
      rate,
      load_average_at_end: loadavg(),
      spread: {
        speedup_over_tutorial: spreadOf(faster),
        cpu_of_tutorial_over_ours_saturated: spreadOf(cheaper),
        cpu_of_tutorial_over_ours: spreadOf(cheaperAtRate),
      },
      rounds: rounds.map(({ saturated, atRate }) => ({ saturated: detailOf(saturated), at_rate: detailOf(atRate) })),
    };
    const table = aligned([
      [
        'µs of CPU per payment',
        'api',
        'worker',
        'redis',
        'postgres',
        'sum',
        'payments/s',
        'ack p99 ms',
        'final p99 ms',
      ],
      ...(['saturated', 'atRate'] as const).flatMap((kind) =>
        (['product', 'peer'] as const).map((who) =>
          row(
            `${who}, ${kind === 'saturated' ? 'saturated' : `at ${rate}/s`}`,
            rounds.map((round) => round[kind][who]),
          ),
        ),
      ),
    ]);
    return {
      findings: { figures, violations, detail },
      table: `${table}(bank and generator are not counted)\n\n${goalsOf({ figures, violations })}`,
    };
  } finally {
    await peer?.end();
    await product.end();
  }
}

interface Pair {
  readonly product: Window;
  readonly peer: Window;
}

const micros = ({ cpu, counts }: Window): number => countedMicros(cpu, counts.finals);

function row(title: string, windows: readonly Window[]): string[] {
  const byProcess = windows.map(({ cpu, counts }) => microsByProcess(cpu, counts.finals));
  const cells = [
    ...['orchestrator', 'worker', 'redis', 'postgres'].map((name) =>
      median(byProcess.map((each) => each[name] ?? NaN)),
    ),
    median(windows.map(micros)),
    median(windows.map(perSecond)),
    median(windows.map(({ counts }) => counts.ackP99Ms)),
    median(windows.map(({ counts }) => counts.finalP99Ms)),
  ];
  return [title, ...cells.map((value) => value.toFixed(0))];
}

function detailOf(pair: Pair): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(pair).map(([who, { counts, cpu, seconds }]: [string, Window]) => [
      who,
      { seconds, cpu_us: microsByProcess(cpu, counts.finals), counts },
    ]),
  );
}
