import { FlowWorld, chance, steady } from '../spec-kit/flow-world';
import { replaySite, stepTraced, traceStart } from './replay-site';
import { createSite, resumeSite, type SiteState } from './site';
import { stepSite } from './step-site';

const world = new FlowWorld({
  seed: 11,
  customers: [steady('m_tea', 500), steady('m_rice', 200)],
  slots: (nowMs) => (nowMs > 8_000 ? 20 : 60),
  meanMs: 120,
}).run(15_000);

/** The controller’s steps of that world once more, recorded. */
function record(): { readonly lines: string[]; readonly last: SiteState } {
  const random = chance(11 + 1_000_003);
  let state = createSite(0);
  const lines = [traceStart(state)];
  for (const input of world.inputs) {
    const step = stepTraced(state, input, random);
    state = step.state;
    lines.push(step.line);
  }
  return { lines, last: state };
}

describe('a recorded trace', () => {
  it('replays byte for byte, through JSON between any two steps', () => {
    const { lines } = record();
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ snapshot: JSON.parse(JSON.stringify(world.snapshot)) as object });
    expect(replaySite(lines)).toEqual({ steps: world.inputs.length, difference: null });
  });

  it('goes on where another term began from another state', () => {
    const { lines, last } = record();
    const again = [...lines, traceStart(createSite(0)), ...lines.slice(1)];
    expect(replaySite(again)).toEqual({ steps: 2 * world.inputs.length, difference: null });
    expect(replaySite([traceStart(last), ...lines])).toMatchObject({ difference: null });
  });

  it('shows the first step that was decided otherwise', () => {
    const { lines } = record();
    const line = JSON.parse(lines[20]!) as { input: { queues: { waiting: number }[] } };
    line.input.queues[0]!.waiting += 1_000;
    lines[20] = JSON.stringify(line);
    const { difference } = replaySite(lines);
    expect(difference).toMatchObject({ step: 20 });
    expect(difference!.recorded).not.toBe(difference!.replayed);
  });

  it('says what is wrong with a file that is none', () => {
    expect(() => replaySite(['{}'])).toThrow(/traceStart/);
  });
});

describe('a successor', () => {
  it('goes on from its predecessor’s state on a clock of its own, as if nothing had happened', () => {
    const { last } = record();
    const newest = world.inputs.at(-1)!;
    const next = { ...newest, workers: [], doors: [], nowMs: newest.nowMs + 200, seq: newest.seq + 1 };
    const same = stepSite(last, next, chance(1)).snapshot;
    const resumed = resumeSite(JSON.parse(JSON.stringify(last)) as SiteState, 200, 5);
    expect(stepSite(resumed, { ...next, nowMs: 5 }, chance(1)).snapshot).toEqual(same);
  });

  it('forgets processes that went silent, and keeps a bounded memory', () => {
    const { last } = record();
    const newest = world.inputs.at(-1)!;
    const quiet = { ...newest, workers: [], doors: [] };
    const later = stepSite(last, { ...quiet, nowMs: newest.nowMs + 4_000 }, chance(1));
    expect(later.state.doors).toEqual({});
    expect(later.snapshot.channels[0]!.workers).toEqual({});
    const much = stepSite(later.state, { ...quiet, nowMs: newest.nowMs + 61_000 }, chance(1));
    expect(much.state.workers).toEqual({});
    expect(JSON.stringify(last).length).toBeLessThan(40_000);
  });
});
