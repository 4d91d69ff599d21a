/** How many payments does the product carry for a whole minute, and how quickly does it answer below that? */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Report } from './bench-run.ts';
import type { Options } from './options.ts';
import { type Measured, atLeast, atMost, described } from './outcome.ts';
import { countedMicros } from './processor-share.ts';
import type { Window } from './road.ts';
import { arrivals, perSecond, saturation, Side, WARM_UP_S } from './side.ts';
import { aligned, goalsOf } from './table.ts';
import { WINDOW_S, windowsOf } from './windows.ts';

/** Of saturation, for the times of answers: a store that is busy and well. */
const ACK_SHARE = 0.7;

export async function sustained(options: Options, folder: string, report: Report): Promise<Measured> {
  const side = await report.step('product up', () =>
    Side.start({ folder: join(folder, 'product'), seed: options.seed }),
  );
  try {
    const { seed } = options;
    await report.step('warms up', () => side.under(saturation(seed), [WARM_UP_S]));
    const windows = await report.step('saturated', () => side.under(saturation(seed), windowsOf(options.seconds)));
    const carried = sum(windows, ({ counts }) => counts.finals) / sum(windows, ({ seconds }) => seconds);
    const load = Math.max(1, Math.round(ACK_SHARE * carried));
    const answered = await report.step(`at ${load}/s, 70 % of saturation`, () =>
      side.under(arrivals(load, seed), [Math.max(WINDOW_S, options.seconds / 2)]),
    );
    const violations = await side.audit();
    const { counts } = answered[0]!;
    const cpu = sum(windows, (window) => countedMicros(window.cpu, 1)) / sum(windows, (window) => window.counts.finals);
    const figures = [
      atLeast('durable_payments_per_second', carried, 4_000, 'payments/s'),
      atLeast('durable_payments_per_second_worst_5s', Math.min(...windows.map(perSecond)), 4_000, 'payments/s'),
      described('cpu_us_per_payment_saturated', cpu, 'us'),
      described('rate_at_70_percent', perSecond(answered[0]!), 'payments/s'),
      atMost('ack_p50_ms', counts.ackP50Ms, 8, 'ms'),
      atMost('ack_p99_ms', counts.ackP99Ms, 40, 'ms'),
      described('end_to_end_p50_ms', counts.finalP50Ms, 'ms'),
      described('end_to_end_p99_ms', counts.finalP99Ms, 'ms'),
    ];
    const detail = {
      load_average_at_end: loadavg(),
      followed_by: 'GET /v1/payments/{id} with Prefer: wait=10',
      windows: windows.map(detailOf),
      at_70_percent: detailOf(answered[0]!),
    };
    return {
      findings: { figures, violations, detail },
      table: `${tableOf(windows)}\n${goalsOf({ figures, violations })}`,
    };
  } finally {
    await side.end();
  }
}

function sum(windows: readonly Window[], of: (window: Window) => number): number {
  return windows.reduce((total, window) => total + of(window), 0);
}

function tableOf(windows: readonly Window[]): string {
  let atS = 0;
  const rows = windows.map((window) => {
    const { counts, cpu, seconds } = window;
    atS += seconds;
    const cells = [perSecond(window), countedMicros(cpu, counts.finals), counts.finalP50Ms, counts.finalP99Ms];
    return [`until ${atS.toFixed(0)} s`, ...cells.map((value) => value.toFixed(0))];
  });
  return aligned([['saturated', 'payments/s', 'µs of CPU', 'p50 ms', 'p99 ms'], ...rows]);
}

function detailOf({ counts, seconds, cpu }: Window): Record<string, unknown> {
  return { seconds, payments_per_second: counts.finals / seconds, cpu_us: countedMicros(cpu, counts.finals), counts };
}
