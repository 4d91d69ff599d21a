/**
 * Was it the same decision? A recorded trace of the live controller, stepped again: equal inputs and equal chance give equal snapshots,
 * byte for byte, or there is a difference to look at.
 *
 * A trace is lines of JSON: the state it begins with, then one line for each step with what came in, what chance drew, and what was said.
 * Where another term begins from another state, that state has a line again.
 */
import { type SiteInput, type SiteState } from './site';
import { type SiteStep, stepSite } from './step-site';
import type { FlowSnapshot } from './words';

interface TraceStep {
  readonly input: SiteInput;
  readonly draws: readonly number[];
  readonly snapshot: FlowSnapshot;
}

/** The first line of a trace, and of each term in it. */
export function traceStart(state: SiteState): string {
  return JSON.stringify({ state });
}

/** One step, with its line of the trace. */
export function stepTraced(
  state: SiteState,
  input: SiteInput,
  random: () => number,
): SiteStep & { readonly line: string } {
  const draws: number[] = [];
  const step = stepSite(state, input, () => {
    const draw = random();
    draws.push(draw);
    return draw;
  });
  return { ...step, line: JSON.stringify({ input, draws, snapshot: step.snapshot } satisfies TraceStep) };
}

export interface Replay {
  readonly steps: number;
  /** The first step whose snapshot was another; null: all were the same. */
  readonly difference: { readonly step: number; readonly recorded: string; readonly replayed: string } | null;
}

/** @throws SyntaxError where a line is no JSON; TypeError where the trace has no first line */
export function replaySite(lines: Iterable<string>): Replay {
  let state: SiteState | null = null;
  let steps = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const read = JSON.parse(line) as TraceStep | { readonly state: SiteState };
    if ('state' in read) {
      state = read.state;
      continue;
    }
    if (!state) throw new TypeError('The first line of a trace is {"state":…}: record it with traceStart.');
    const { draws, input, snapshot } = read;
    let drawn = 0;
    // More draws than were recorded is a difference already, and will show in the snapshot or the next step.
    const step = stepSite(state, input, () => draws[drawn++] ?? 0.5);
    steps += 1;
    const [recorded, replayed] = [JSON.stringify(snapshot), JSON.stringify(step.snapshot)];
    if (recorded !== replayed) return { steps, difference: { step: steps, recorded, replayed } };
    if (drawn !== draws.length) {
      return { steps, difference: { step: steps, recorded: `${draws.length} draws`, replayed: `${drawn} draws` } };
    }
    // As in the live service, where a successor reads the state from JSON.
    state = JSON.parse(JSON.stringify(step.state)) as SiteState;
  }
  return { steps, difference: null };
}
