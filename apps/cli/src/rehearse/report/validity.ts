/** Was the load what it says it was, and could everything be seen? Whoever doubts a figure looks here first. */
import type { FaultReport } from '../faults';
import type { Generated } from '../generator';
import type { LoopGlimpse } from '../loop-watch';
import type { ChannelRun } from './channel-seconds';
import type { ProcessRun } from './machine-seconds';
import { duration, grouped, percent, same, type Words, words } from './words';

/** `caution`: figures stand, and one should know of it. `bad`: the run is void. */
export interface Check {
  readonly name: string;
  readonly label: Words;
  readonly found: Words;
  readonly state: 'good' | 'caution' | 'bad' | 'not_measured';
  readonly why: Words;
}

/** Of arrivals, nine of ten hundredths may be a tenth of a second late: payers do not come on the dot either. */
const LATE_MS = 100;
/** More than this much of the machine used by others: times are then theirs. */
const OTHERS_SHARE = 0.1;
/** Wall clocks are corrected by some milliseconds at a time; a step is more. */
const CLOCK_STEP_MS = 50;
/** Looks are five or one a second; longer silence hides what happened. */
const BLIND_MS = 2_500;

export function validityOf(seen: {
  readonly generated: Generated;
  /** Payments per second, planned and posted, second by second. */
  readonly target: readonly number[];
  readonly posted: readonly number[];
  readonly faults: readonly FaultReport[];
  readonly processes: readonly ProcessRun[];
  readonly loops: readonly LoopGlimpse[];
  readonly runs: readonly ChannelRun[];
  readonly cpus: number;
}): Check[] {
  const { faults, generated } = seen;
  const dropped = generated.metrics?.['dropped_iterations']?.values?.['count'] ?? 0;
  const missing = faults.filter(({ happened }) => !happened);
  return [
    {
      name: 'dropped_iterations',
      label: words('丢弃的到达', 'Dropped arrivals'),
      found: same(grouped(dropped)),
      state: dropped === 0 ? 'good' : 'bad',
      why: words('每位付款人都按时到达，无论应答多慢', 'every payer came when due, however slow the answers'),
    },
    lateness(seen.target, seen.posted),
    processor(seen.processes),
    others(seen.processes, seen.cpus),
    {
      name: 'faults_seen',
      label: words('要求的故障', 'Faults asked for'),
      found:
        faults.length === 0
          ? words('未要求', 'none')
          : words(
              `${faults.length} 个，发生 ${faults.length - missing.length} 个`,
              `${faults.length}, of which ${faults.length - missing.length} happened`,
            ),
      state: missing.length === 0 ? 'good' : 'bad',
      why: words('没有发生的故障什么也不能证明', 'a fault that did not happen proves nothing'),
    },
    clock(seen.loops),
    blindness(seen.runs),
  ];
}

/** How far the posted fell behind the planned at any moment, as time. */
export function latenessMs(target: readonly number[], posted: readonly number[]): number {
  let [planned, came, worst] = [0, 0, 0];
  target.forEach((rate, second) => {
    planned += rate;
    came += posted[second] ?? 0;
    // A second's own arrivals may fall to either side of its border, and so may one of each crowd.
    const behind = planned - came - Math.max(2, rate * 0.05);
    if (rate > 0) worst = Math.max(worst, (behind / rate) * 1_000);
  });
  return Math.round(worst);
}

function lateness(target: readonly number[], posted: readonly number[]): Check {
  const lateMs = latenessMs(target, posted);
  const [planned, came] = [target, posted].map((all) => Math.round(all.reduce((sum, one) => sum + one, 0)));
  return {
    name: 'generator_lateness_ms',
    label: words('到达曲线最多落后', 'Arrivals behind their plan'),
    found: words(
      `${duration(lateMs)}（计划 ${grouped(planned ?? 0)}，实际 ${grouped(came ?? 0)}）`,
      `${duration(lateMs)} at most (${grouped(planned ?? 0)} planned, ${grouped(came ?? 0)} came)`,
    ),
    state: lateMs <= LATE_MS ? 'good' : 'caution',
    why: words('压测机是否跟得上计划', 'whether the generator kept up with its plan'),
  };
}

function processor(processes: readonly ProcessRun[]): Check {
  const k6 = processes.find(({ name }) => name === 'generator');
  const label = words('压测机处理器', "Generator's processor");
  const why = words('压测机自己没有算力时，测到的是它自己', 'a generator without processor time measures itself');
  if (k6 === undefined)
    return { name: 'generator_cores', label, found: words('未测', 'not measured'), state: 'not_measured', why };
  const used = k6.cores.filter((one) => one !== null);
  const mean = used.reduce((sum, one) => sum + one, 0) / Math.max(1, used.length);
  const full = k6.full.filter(Boolean).length;
  return {
    ...{ name: 'generator_cores', label, why },
    found: words(
      `平均 ${mean.toFixed(2)} 核，峰值 ${Math.max(0, ...used).toFixed(2)}，共 ${k6.ofCores} 核`,
      `${mean.toFixed(2)} cores on average, ${Math.max(0, ...used).toFixed(2)} at its peak, of ${k6.ofCores}`,
    ),
    state: full === 0 ? 'good' : 'caution',
  };
}

/** What the rehearsal's own processes do not explain of the machine's work. */
function others(processes: readonly ProcessRun[], cpus: number): Check {
  const label = words('机器上的其他工作', 'Other work on the machine');
  const why = words('与演练无关的程序占用的处理器', 'processor time of programs that are no part of this');
  const rest = processes.find(({ name }) => name === 'others')?.cores.filter((one) => one !== null) ?? [];
  if (rest.length === 0)
    return { name: 'other_work', label, found: words('未测', 'not measured'), state: 'not_measured', why };
  const mean = rest.reduce((sum, one) => sum + one, 0) / rest.length;
  return {
    ...{ name: 'other_work', label, why },
    found: words(
      `平均 ${mean.toFixed(2)} 核（${percent(mean / cpus)}）`,
      `${mean.toFixed(2)} cores on average (${percent(mean / cpus)} of the machine)`,
    ),
    state: mean <= OTHERS_SHARE * cpus ? 'good' : 'caution',
  };
}

function clock(loops: readonly LoopGlimpse[]): Check {
  const step = loops.reduce((most, { clockStepMs }) => Math.max(most, Math.abs(clockStepMs)), 0);
  return {
    name: 'clock_step_ms',
    label: words('时钟', 'Clock'),
    found:
      loops.length === 0
        ? words('未测', 'not measured')
        : words(`与单调时钟相差至多 ${step} ms`, `${step} ms from a clock that nobody sets, at most`),
    state: loops.length === 0 ? 'not_measured' : step <= CLOCK_STEP_MS ? 'good' : 'caution',
    why: words('时钟跳变会歪曲每个时长', 'a clock that jumps bends every duration'),
  };
}

function blindness(runs: readonly ChannelRun[]): Check {
  const gaps = runs.flatMap(({ glimpses }) =>
    glimpses.map(({ atMs }, index) => atMs - (glimpses[index - 1]?.atMs ?? atMs)),
  );
  const longest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
  return {
    name: 'longest_blind_ms',
    label: words('最长未观测', 'Longest without a look'),
    found: same(gaps.length === 0 ? '–' : duration(longest)),
    state: gaps.length === 0 ? 'not_measured' : longest <= BLIND_MS ? 'good' : 'caution',
    why: words('银行与渠道每秒看一到五次', 'banks and channels are looked at one to five times a second'),
  };
}
