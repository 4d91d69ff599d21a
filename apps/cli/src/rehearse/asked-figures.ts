/**
 * Figures that a stage asks for by name (`"figures": ["outage", "others"]`). The first crowd's bank is the one in trouble: from the first
 * change of the timeline to the last if there is one, else while the phase `trouble` lasts.
 */
import { atMost, type Figure } from '../outcome';
import { hotFigures, othersFigures, outageFigures, slowFigures, type TroubleSeen } from './bank-trouble';
import type { Glimpse, Watched } from './channel-watch';
import type { PayerOutcome } from './client-outcomes';
import type { FaultReport } from './faults';
import { type Knee, kneeFigures } from './knee';
import { loadSpan, phasesOf, type Span } from './phase-spans';
import { recovery } from './recovery';
import type { CongestionStage } from './stage';
import { type MemoryGlimpse, steadiness } from './steadiness';
import { stormFigures } from './storm';

/** What a rehearsal has seen. */
export interface AskedSeen {
  readonly stage: CongestionStage;
  /** When the banks' timeline began. */
  readonly begunMs: number;
  readonly outcomes: readonly PayerOutcome[];
  readonly watched: Watched;
  readonly faults: readonly FaultReport[];
  /** Payments' calls that the first crowd's bank has received; null: nobody asked. */
  readonly bankCalls: number | null;
  readonly memory: readonly MemoryGlimpse[];
  /** Null: no knee was looked for. */
  readonly knee: Knee | null;
}

const GROUPS: Readonly<Record<string, (seen: AskedSeen) => Figure[]>> = {
  outage: (seen) => outageFigures(troubleOf(seen)),
  slow: (seen) => slowFigures(troubleOf(seen)),
  hot: (seen) => hotFigures(troubleOf(seen), othersOf(seen)),
  others: (seen) => othersFigures(troubleOf(seen)),
  collapse: ({ stage, watched }) => [
    atMost('bank_collapses', collapses(watched.get(firstOf(stage)) ?? []), 0, 'times'),
  ],
  storm: ({ bankCalls, outcomes, stage }) =>
    stormFigures(outcomes, bankCalls, stage.crowds[0]?.phases.at(-1)?.name ?? '', stage.payers.on_time_ms),
  recovery: ({ faults, outcomes }) => recovery(outcomes, faults),
  knee: ({ knee }) => (knee === null ? [] : kneeFigures(knee)),
  steady: ({ memory, outcomes, stage }) => steadiness(memory, outcomes, loadSpan(stage, outcomes)),
};

/** What a stage may ask for. */
export const FIGURE_GROUPS: readonly string[] = Object.keys(GROUPS);

/** @throws for a group that there is not, with those there are */
export function askedFigures(seen: AskedSeen): Figure[] {
  return (seen.stage.figures ?? []).flatMap((name) => {
    const group = GROUPS[name];
    if (group === undefined) throw new Error(`There are no figures "${name}"; there are ${FIGURE_GROUPS.join(', ')}.`);
    return group(seen);
  });
}

function firstOf({ crowds }: CongestionStage): string {
  return crowds[0]?.channel ?? '';
}

function troubleOf({ begunMs, outcomes, stage, watched }: AskedSeen): TroubleSeen {
  const channel = firstOf(stage);
  const load = loadSpan(stage, outcomes);
  const phase = phasesOf(stage, outcomes, channel).find(({ name }) => name === 'trouble');
  const changes = stage.timeline.map(({ at_ms: atMs }) => begunMs + atMs);
  const trouble: Span =
    changes.length > 0
      ? { fromMs: Math.min(...changes), toMs: Math.max(...changes) }
      : { fromMs: phase?.fromMs ?? Infinity, toMs: phase?.toMs ?? Infinity };
  return {
    channel,
    outcomes,
    glimpses: watched.get(channel) ?? [],
    before: { fromMs: load.fromMs, toMs: trouble.fromMs },
    trouble,
    after: { fromMs: trouble.toMs, toMs: load.toMs },
    onTimeMs: stage.payers.on_time_ms,
  };
}

function othersOf({ stage, watched }: AskedSeen): Pick<TroubleSeen, 'channel' | 'glimpses'>[] {
  return stage.crowds.slice(1).map(({ channel }) => ({ channel, glimpses: watched.get(channel) ?? [] }));
}

/** How often the bank fell; null: nobody looked. */
function collapses(glimpses: readonly Glimpse[]): number | null {
  if (glimpses.length === 0) return null;
  return glimpses.filter(({ collapsed }, index) => collapsed && glimpses[index - 1]?.collapsed !== true).length;
}
