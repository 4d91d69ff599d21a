/** Everything a rehearsal's report says, as data: the JSON has it as it is, and the page is drawn from nothing else. */
import type { AuditReport } from '#audit';
import { cpus } from 'node:os';
import type { Figure, Outcome } from '../../outcome';
import type { Accompanied } from '../congestion';
import type { CheckoutView } from '../checkout-view';
import type { PayerOutcome } from '../client-outcomes';
import type { FaultReport } from '../faults';
import type { Generated } from '../generator';
import { phasesOf } from '../phase-spans';
import type { CongestionStage } from '../stage';
import type { RehearsalVerdict } from '../verdict';
import type { BaselineDifference } from './baseline';
import { type BankRow, bankRows } from './bank-rows';
import { type Bottleneck, findBottleneck, layToCauses } from './bottleneck';
import { type ChannelRun, channelRuns } from './channel-seconds';
import { type ProcessRun, processRuns } from './machine-seconds';
import { type Recommendation, recommend } from './recommend';
import { type TimelineEvent, timelineOf } from './timeline';
import { type Check, validityOf } from './validity';
import { grouped, type Words, words } from './words';

/** Points of a curve: more cannot be told apart on a screen. A longer run has means over several seconds. */
const POINTS = 400;

type Series = readonly (number | null)[];

export interface ChannelCurves {
  readonly channel: string;
  readonly offered: Series;
  readonly answered: Series;
  readonly capacity: Series;
  readonly rate: Series;
  readonly inside: Series;
  readonly limit: Series;
  readonly ceiling: Series;
  readonly levels: readonly (string | null)[];
  readonly breakers: readonly (string | null)[];
}

export interface RehearsalReport {
  readonly scenario: string;
  /** What the scenario asks. */
  readonly question: string;
  readonly profile: { readonly name: string; readonly what: string };
  readonly verdict: { readonly word: RehearsalVerdict['word']; readonly reasons: readonly Words[] };
  readonly summary: Words;
  /** Seconds between two points of every curve. */
  readonly step_s: number;
  readonly arrivals: {
    readonly target: Series;
    readonly posted: Series;
    readonly succeeded: Series;
    readonly turned_away: Series;
  };
  readonly validity: readonly Check[];
  readonly banks: readonly BankRow[];
  readonly channels: readonly ChannelCurves[];
  readonly figures: readonly Figure[];
  readonly money: Pick<
    AuditReport,
    'ok' | 'verdicts' | 'examples' | 'payments' | 'ledgerLines' | 'clientRequests'
  > | null;
  readonly bottleneck: Bottleneck;
  readonly processes: readonly {
    readonly name: string;
    readonly of_cores: number;
    readonly cores: Series;
    readonly loop_delay_ms: Series | null;
  }[];
  readonly recommendations: readonly Recommendation[];
  readonly timeline: readonly TimelineEvent[];
  readonly baseline: BaselineDifference | null;
  readonly origin: Origin;
}

/** What has to be known to get the same again. */
export interface Origin {
  readonly commit: string;
  /** Whether files differed from that commit; null: nobody knows. */
  readonly dirty: boolean | null;
  readonly seed: number | null;
  readonly started_at: string;
  readonly seconds: number;
  readonly machine: Outcome['machine'] & { readonly os: string };
  readonly k6: string;
  /** Revision of the limits of each channel at the end. */
  readonly config: Readonly<Record<string, number>>;
  readonly client_log: string;
  readonly command: string;
}

export interface Gathered {
  readonly scenario: string;
  readonly question: string;
  readonly profile: RehearsalReport['profile'];
  readonly stage: CongestionStage | null;
  readonly verdict: RehearsalVerdict;
  readonly generated: Generated;
  readonly outcomes: readonly PayerOutcome[];
  readonly target: readonly number[];
  readonly view: CheckoutView;
  readonly accompanied: Pick<Accompanied, 'watched' | 'loops' | 'resources'>;
  readonly faults: readonly FaultReport[];
  readonly audit: AuditReport | null;
  readonly baseline: BaselineDifference | null;
  readonly origin: Omit<Origin, 'config'>;
}

export function reportOf(gathered: Gathered): RehearsalReport {
  const { accompanied, audit, faults, generated, outcomes, stage, target, verdict, view } = gathered;
  const beginMs = outcomes.reduce((least, { postedMs }) => Math.min(least, postedMs), Infinity);
  const runs = outcomes.length === 0 ? [] : channelRuns(outcomes, accompanied.watched, beginMs);
  const length = Math.max(target.length, runs[0]?.seconds.length ?? 0);
  const machineCpus = gathered.origin.machine.cpus || cpus().length;
  const processes = processRuns(accompanied.resources, accompanied.loops, { beginMs, length, cpus: machineCpus });
  const away = layToCauses(runs, processes, faults, beginMs);
  const banks = bankRows(runs);
  const posted = view.seconds.map((second) => second.posted);
  const stepS = Math.max(1, Math.ceil(length / POINTS));
  const curve = (values: Series): Series => thinned(values, stepS);
  const total = (of: (second: ChannelRun['seconds'][number]) => number): number[] =>
    Array.from({ length }, (_, at) => runs.reduce((sum, { seconds }) => sum + (seconds[at] ? of(seconds[at]) : 0), 0));
  const first = stage?.crowds[0]?.channel;
  const phases = stage === null || first === undefined ? [] : phasesOf(stage, outcomes, first);
  return {
    scenario: gathered.scenario,
    question: gathered.question,
    profile: gathered.profile,
    verdict: { word: verdict.word, reasons: verdict.said },
    summary: summaryOf(banks, length, Math.max(0, ...posted), audit),
    step_s: stepS,
    arrivals: {
      target: curve(target),
      posted: curve(posted),
      succeeded: curve(total(({ served }) => served)),
      turned_away: curve(total(({ turnedAway }) => turnedAway)),
    },
    validity: validityOf({
      generated,
      target,
      posted,
      faults,
      processes,
      loops: accompanied.loops,
      runs,
      cpus: machineCpus,
    }),
    banks,
    channels: runs.filter(({ glimpses }) => glimpses.length > 1).map((run) => curvesOf(run, stepS)),
    figures: verdict.figures,
    money: audit && {
      ...{ ok: audit.ok, verdicts: audit.verdicts, examples: audit.examples },
      ...{ payments: audit.payments, ledgerLines: audit.ledgerLines, clientRequests: audit.clientRequests },
    },
    bottleneck: findBottleneck(away, processes),
    processes: processes.map(({ name, ofCores, cores, loopDelayMs }: ProcessRun) => ({
      ...{ name, of_cores: ofCores, cores: curve(cores) },
      loop_delay_ms: loopDelayMs && curve(loopDelayMs),
    })),
    recommendations: recommend(runs, away),
    timeline: timelineOf(stage, phases, faults, runs, beginMs),
    baseline: gathered.baseline,
    origin: {
      ...gathered.origin,
      config: Object.fromEntries(
        banks.flatMap(({ channel, revision }) => (revision === null ? [] : [[channel, revision]])),
      ),
    },
  };
}

function curvesOf({ channel, seconds }: ChannelRun, stepS: number): ChannelCurves {
  const of = (value: (second: ChannelRun['seconds'][number]) => number | null): Series =>
    thinned(seconds.map(value), stepS);
  const states = (value: (second: ChannelRun['seconds'][number]) => string | null): (string | null)[] =>
    seconds.map(value).filter((_, second) => second % stepS === 0);
  return {
    channel,
    offered: of(({ offered }) => offered),
    answered: of(({ answered }) => answered),
    capacity: of(({ capacity }) => capacity),
    rate: of(({ ratePerSecond }) => ratePerSecond),
    inside: of(({ inside }) => inside),
    limit: of(({ limit }) => limit),
    ceiling: of(({ ceiling }) => ceiling),
    levels: states(({ level }) => level),
    breakers: states(({ breaker }) => breaker),
  };
}

/** Means over as many seconds as fit into a point, to a hundredth. */
function thinned(values: Series, stepS: number): Series {
  return Array.from({ length: Math.ceil(values.length / stepS) }, (_, at) => {
    const known = values.slice(at * stepS, (at + 1) * stepS).filter((value) => value !== null);
    return known.length === 0
      ? null
      : Math.round((100 * known.reduce((sum, one) => sum + one, 0)) / known.length) / 100;
  });
}

/** For whoever reads nothing else. */
function summaryOf(banks: readonly BankRow[], seconds: number, peak: number, audit: AuditReport | null): Words {
  const sum = (of: (row: BankRow) => number): number => banks.reduce((total, row) => total + of(row), 0);
  const [offered, served, refused] = [sum((row) => row.offered), sum((row) => row.served), sum((row) => row.refused)];
  const [expired, moved] = [sum((row) => row.expired), sum((row) => row.switched_away)];
  const breaches = audit === null ? null : Object.values(audit.byRule).reduce((total, count) => total + count, 0);
  const zh = [
    `${seconds} 秒内来了 ${grouped(offered)} 名付款人，最多每秒 ${grouped(peak)} 名；${grouped(served)} 名付款成功`,
    refused > 0 ? `，${grouped(refused)} 名当场被告知没有余量` : '',
    expired > 0 ? `，${grouped(expired)} 名等到过期而未发送` : '',
    moved > 0 ? `；${grouped(moved)} 名按建议换了支付方式` : '',
    breaches === null ? '。资金未能核对。' : `。资金核对发现 ${grouped(breaches)} 处违反。`,
  ];
  const en = [
    `${grouped(offered)} payers came in ${seconds} s, up to ${grouped(peak)} a second; ${grouped(served)} paid`,
    refused > 0 ? `, ${grouped(refused)} were told at once that there was no room` : '',
    expired > 0 ? `, ${grouped(expired)} waited until their order expired unsent` : '',
    moved > 0 ? `; ${grouped(moved)} took a suggestion and paid another way` : '',
    breaches === null ? '. The money could not be audited.' : `. The money audit found ${grouped(breaches)} breaches.`,
  ];
  return words(zh.join(''), en.join(''));
}
