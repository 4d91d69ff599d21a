/**
 * Where is the knee? The load rises in steps; the knee is the highest rate up to which every step kept its acknowledgements quick and its
 * payments on time. What saturated first is whoever had no processor time left in the step after it, or in the last one.
 */
import { described, type Figure } from '../outcome';
import type { PayerOutcome } from './client-outcomes';
import { isOnTime } from './on-time';
import type { Span } from './phase-spans';
import { quantile, ratio } from './statistics';

/** A tenth of a second is felt as at once. */
const ACK_P99_MOST_MS = 100;
/** Of a hundred payments that banks could serve, one may be late or refused. */
const ON_TIME_LEAST = 0.99;
/** Beyond nine tenths of what there is, waits for the processor grow tenfold. */
const FULL = 0.9;
/** These use as many cores as there are; the others run on one. */
const MANY_CORES: ReadonlySet<string> = new Set(['postgres', 'generator', 'machine']);

/** One step of the load. */
export interface KneeStep {
  /** What came. */
  readonly perSecond: number;
  readonly ackP99Ms: number | null;
  /** Payers who were paid on time, over all who came. */
  readonly onTime: number;
  readonly holds: boolean;
  /** Cores used, by process. */
  readonly cores: Readonly<Record<string, number>>;
}

/** What a ramp found. */
export interface Knee {
  readonly steps: readonly KneeStep[];
  /** Highest rate that held, payments per second; 0: not even the first. */
  readonly perSecond: number;
  /** Every step held: the knee is above the last. */
  readonly above: boolean;
  /** A process; the `machine`; `others`, who were at work on it; or `nobody`: then something waited that was not the processor. */
  readonly saturated: string;
}

/** Cores used between two moments, by process; `machine` is everybody together. */
export type CoresUsed = (span: Span) => Readonly<Record<string, number>>;

/** @param spans of the steps. @param cores that this machine has */
export function findKnee(
  outcomes: readonly PayerOutcome[],
  spans: readonly Span[],
  onTimeMs: number,
  coresUsed: CoresUsed,
  cores: number,
): Knee {
  const steps = spans.map((span) => stepOf(outcomes, span, onTimeMs, coresUsed(span)));
  const broken = steps.findIndex(({ holds }) => !holds);
  const held = broken === -1 ? steps : steps.slice(0, broken);
  const judged = broken === -1 ? steps.at(-1) : steps[broken];
  return {
    steps,
    perSecond: held.at(-1)?.perSecond ?? 0,
    above: broken === -1,
    saturated: judged === undefined ? 'nobody' : saturatedIn(judged, cores),
  };
}

/** The goal of the knee depends on the machine, and stands in the stage. */
export function kneeFigures(knee: Knee): Figure[] {
  const judged = knee.steps.find(({ holds }) => !holds) ?? knee.steps.at(-1);
  return [
    described('knee_per_second', knee.perSecond, 'payments/s'),
    described('knee_above_last_step', knee.above ? 1 : 0, 'yes = 1'),
    ...Object.entries(judged?.cores ?? {}).map(([name, cores]) =>
      described(`cores_at_knee_${name}`, Math.round(cores * 100) / 100, 'cores'),
    ),
  ];
}

function stepOf(
  outcomes: readonly PayerOutcome[],
  { fromMs, toMs }: Span,
  onTimeMs: number,
  cores: Readonly<Record<string, number>>,
): KneeStep {
  const came = outcomes.filter(({ postedMs }) => postedMs >= fromMs && postedMs < toMs);
  const acks = came.flatMap(({ acceptedMs, postedMs }) => (acceptedMs === null ? [] : [acceptedMs - postedMs]));
  const ackP99Ms = quantile(acks, 0.99);
  const onTime = ratio(came.filter((one) => isOnTime(one, onTimeMs)).length, came.length) ?? 0;
  return {
    perSecond: Math.round((came.length * 1_000) / (toMs - fromMs)),
    ackP99Ms,
    onTime,
    holds: ackP99Ms !== null && ackP99Ms <= ACK_P99_MOST_MS && onTime >= ON_TIME_LEAST,
    cores,
  };
}

function saturatedIn({ cores: used }: KneeStep, cores: number): string {
  const machine = used['machine'] ?? 0;
  const ours = Object.values(used).reduce((sum, one) => sum + one, 0) - machine;
  if (machine >= FULL * cores) return ours < machine / 2 ? 'others' : 'machine';
  const [name, most] =
    Object.entries(used)
      .filter(([one]) => !MANY_CORES.has(one))
      .sort(([, a], [, b]) => b - a)[0] ?? [];
  return name !== undefined && most !== undefined && most >= FULL ? name : 'nobody';
}
