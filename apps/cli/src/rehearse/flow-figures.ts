/**
 * How did the flow do? The figures of `npm run simulate` by the same names, measured on the running product: on-time payments from the
 * client's log over what the banks could truly do. Live goals are wider where a whole machine is in the way: a busy core is no bank.
 */
import { atLeast, atMost, described, type Figure } from '../outcome';
import { recoveredAfterS, settledAfterS } from './capacity-change';
import { couldServe, risen, type Watched } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';
import { crowdFigures } from './crowd-figures';
import type { FaultReport } from './faults';
import { onTimeBound } from './fluid-bound';
import { isOnTime } from './on-time';
import { phasesOf, type Span } from './phase-spans';
import type { CongestionStage, LimitChange } from './stage';
import { mean, quantile, rounded } from './statistics';

/** What a rehearsal of congestion has seen. */
interface FlowSeen {
  readonly stage: CongestionStage;
  readonly outcomes: readonly PayerOutcome[];
  readonly watched: Watched;
  /** Sliding seconds in which a bank with a narrow contract was sent more; null: no contract is narrow. */
  readonly rate: { readonly exceededSeconds: number; readonly used: number } | null;
  readonly limitChange: LimitChange | null;
  readonly faults: readonly FaultReport[];
}

const LIVE_GOODPUT = 0.9;
/** Waits shorter than this are not judged: nobody notices them (as in libs/simulation). */
const NOTICED_MS = 250;

export function flowFigures(seen: FlowSeen): Figure[] {
  return [
    ...crowdFigures(seen),
    ...refusals(seen),
    ...overload(seen),
    ...eta(seen),
    ...contractRate(seen),
    ...capacityChange(seen),
    ...cascade(seen),
    ...redisGone(seen),
    ...operatorsChange(seen),
  ];
}

/** On-time payments over what the bank could do between two moments. */
function goodput(seen: FlowSeen, channel: string, { fromMs, toMs }: Span): number | null {
  const could = couldServe(seen.watched.get(channel) ?? [], fromMs, toMs);
  if (could === 0) return null;
  const done = seen.outcomes.filter(
    (outcome) =>
      outcome.channel === channel &&
      isOnTime(outcome, seen.stage.payers.on_time_ms) &&
      outcome.endMs !== null &&
      outcome.endMs >= fromMs &&
      outcome.endMs < toMs,
  ).length;
  return rounded(done / could);
}

const firstChannel = ({ stage }: FlowSeen): string => stage.crowds[0]?.channel ?? '';

function overload(seen: FlowSeen): Figure[] {
  const channel = firstChannel(seen);
  const glimpses = seen.watched.get(channel) ?? [];
  return phasesOf(seen.stage, seen.outcomes, channel)
    .filter(({ name }) => ['2x', '3x', '10x'].includes(name))
    .flatMap((span) => {
      const { name, fromMs, toMs } = span;
      const served = risen(glimpses, 'served', fromMs, toMs);
      const busy = risen(glimpses, 'busy', fromMs, toMs);
      const inside = glimpses.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
      const queue = mean(inside.map(({ waiting, slots }) => waiting / slots));
      const value = goodput(seen, channel, span);
      // What a change of capacity or an absent Redis takes is judged by figures of its own.
      const judged = seen.stage.timeline.length === 0 && seen.stage.faults.length === 0;
      return [
        judged && seen.stage.limit_change === null
          ? atLeast(`goodput_${name}`, value, LIVE_GOODPUT, 'ratio')
          : described(`goodput_${name}`, value, 'ratio'),
        described(`bank_busy_share_${name}`, rounded(busy / Math.max(1, busy + served)), 'ratio'),
        described(`bank_queue_${name}`, queue === null ? null : rounded(queue), 'slots'),
      ];
    });
}

function refusals({ outcomes }: FlowSeen): Figure[] {
  const took = (phase: string | null): number[] =>
    outcomes.flatMap(({ refusedInMs, phase: of }) =>
      refusedInMs === null || (phase !== null && of !== phase) ? [] : [refusedInMs],
    );
  const all = [described('refused', took(null).length, 'payments')];
  if (!outcomes.some(({ phase }) => phase === '10x')) return all;
  const p99 = quantile(took('10x'), 0.99);
  return [...all, atMost('refusal_p99_ms', p99 === null ? null : Math.round(p99 * 10) / 10, 50, 'ms')];
}

/** Of payers who were promised a time and stayed: did it take so long? One that expired is a promise that was not kept. */
function eta({ outcomes, watched, stage }: FlowSeen): Figure[] {
  const judged = outcomes.flatMap(({ acceptedMs, channel, endMs, eta: told, moved, state }) => {
    if (told === null || acceptedMs === null || endMs === null || moved) return [];
    const roundTripMs = stage.banks[channel]?.service.mean_ms ?? 0;
    const actualMs = endMs - acceptedMs;
    if (Math.max(told.p50, actualMs) - roundTripMs <= NOTICED_MS) return [];
    return [{ told, actualMs, roundTripMs, expired: state === 'expired' }];
  });
  if (judged.length === 0 || watched.size === 0) return [];
  const covered = judged.filter(({ actualMs, expired, told }) => !expired && actualMs <= told.p90).length;
  const errors = judged
    .filter(({ actualMs, roundTripMs, told }) => Math.max(told.p50, actualMs) >= 2 * roundTripMs)
    .map(({ actualMs, expired, told }) => (expired ? Infinity : Math.abs(told.p50 - actualMs) / actualMs));
  const error = quantile(errors, 0.5);
  return [
    described('eta_promises', judged.length, 'payments'),
    described('eta_p90_coverage', rounded(covered / judged.length), 'ratio'),
    described('eta_median_error', error === null || error === Infinity ? null : rounded(error), 'ratio'),
  ];
}

function contractRate({ rate }: FlowSeen): Figure[] {
  if (rate === null) return [];
  return [
    atMost('rate_exceeded_seconds', rate.exceededSeconds, 0, 's'),
    described('rate_used', rounded(rate.used), 'ratio'),
  ];
}

/** The first change of the first crowd's bank is the cut, the second gives back. */
function capacityChange(seen: FlowSeen): Figure[] {
  if (seen.stage.timeline.length === 0 || seen.stage.crowds.length > 1) return [];
  const glimpses = seen.watched.get(firstChannel(seen)) ?? [];
  const changes = glimpses.flatMap(({ atMs, slots }, index) =>
    index > 0 && glimpses[index - 1]?.slots !== slots ? [atMs] : [],
  );
  const [cutMs, restoreMs] = changes;
  const endMs = phasesOf(seen.stage, seen.outcomes, firstChannel(seen)).at(-1)?.toMs ?? 0;
  if (cutMs === undefined || restoreMs === undefined)
    return [atMost('settle_after_cut_s', null, 3, 's'), atMost('recover_after_restore_s', null, 5, 's')];
  return [
    atMost('settle_after_cut_s', settledAfterS(glimpses, cutMs, restoreMs), 3, 's'),
    atMost('recover_after_restore_s', recoveredAfterS(glimpses, restoreMs, endMs), 5, 's'),
    described('goodput_while_cut', goodput(seen, firstChannel(seen), { fromMs: cutMs, toMs: restoreMs }), 'ratio'),
  ];
}

function cascade(seen: FlowSeen): Figure[] {
  const { outcomes, stage, watched } = seen;
  // The bound looks at every choice of banks: of ten, a thousand.
  if (stage.crowds.length < 2 || watched.size > 10 || stage.timeline.length === 0) return [];
  const bound = onTimeBound(outcomes, stage.payers.on_time_ms, [...watched.keys()], (channel, fromMs, toMs) =>
    couldServe(watched.get(channel) ?? [], fromMs, toMs),
  );
  const onTime = outcomes.filter((outcome) => isOnTime(outcome, stage.payers.on_time_ms)).length;
  return [described('cascade_on_time_over_oracle', rounded(onTime / bound), 'ratio')];
}

function redisGone(seen: FlowSeen): Figure[] {
  const gone = seen.faults.find(({ name }) => name === 'redis-gone');
  if (gone?.fromMs === undefined || gone.untilMs === undefined) return [];
  const channel = firstChannel(seen);
  const glimpses = seen.watched.get(channel) ?? [];
  const before = glimpses.filter(({ atMs }) => atMs < gone.fromMs! && atMs > gone.fromMs! - 3_000);
  const during = glimpses.filter(({ atMs }) => atMs >= gone.fromMs! && atMs <= gone.untilMs!);
  const limit = Math.max(...before.map(({ limit: known }) => known ?? 0));
  const most = Math.max(...during.map(({ inService, waiting }) => inService + waiting));
  return [
    atLeast('redis_gone_goodput', goodput(seen, channel, { fromMs: gone.fromMs, toMs: gone.untilMs }), 0.7, 'ratio'),
    atMost('redis_gone_overcommit', limit > 0 ? rounded(Math.max(0, most / limit - 1)) : null, 0.1, 'ratio'),
  ];
}

function operatorsChange({ limitChange }: FlowSeen): Figure[] {
  if (limitChange === null) return [];
  const { answeredMs, workers, workersActing } = limitChange;
  const all = workers !== null && workersActing === workers;
  return [
    atMost('limit_change_acknowledged_ms', all ? answeredMs : null, 1_000, 'ms'),
    described('limit_change_workers', workersActing, 'workers'),
  ];
}
