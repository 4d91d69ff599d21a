// Do the two worlds run the same policy? Read from the sources: every decision about flow that the live processes import from #policy is
// imported by the simulation too, from the same place, or stands here with the reason why the simulation has no use for it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');
const LIVE = ['apps/orchestrator/src', 'apps/worker/src', 'libs/dispatch/src'];
const SIMULATED = ['libs/simulation/src/world', 'libs/simulation/src/planner'];

/** What decides about flow, of all that #policy has; the rest is about money, routes and webhooks. */
const FLOW = [
  ...['createSite', 'stepSite', 'resumeSite', 'createDoor', 'hearSnapshot', 'decideAtDoor', 'forecastAtDoor'],
  ...['noteAtDoor', 'noteOutcome', 'takeDoorReport', 'rankSuggestions', 'Reservations', 'leaseAfter', 'leaseShare'],
  'SlidingRate',
];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('spec-kit'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

function takenFromPolicy(folders: readonly string[]): Set<string> {
  const imports = /import \{([^}]*)\} from '#policy'/g;
  const names = folders
    .flatMap(sources)
    .flatMap((text) => [...text.matchAll(imports)].flatMap(([, list]) => list!.split(',')));
  return new Set(names.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type ')));
}

describe('the live service and the simulation', () => {
  const live = takenFromPolicy(LIVE);
  const simulated = takenFromPolicy(SIMULATED);

  it.each(FLOW)('both run %s of #policy', (name) => {
    // The live controller steps through stepTraced, which is stepSite with a line of the trace.
    const twins = name === 'stepSite' ? ['stepSite', 'stepTraced'] : [name];
    expect(twins.some((twin) => live.has(twin))).toBe(true);
    expect(simulated.has(name)).toBe(true);
  });

  it('has no limiter, breaker, door or advice of its own beside the policy', () => {
    const own = SIMULATED.flatMap(sources).filter((text) => /from '[./]+[^']*policy/.test(text));
    expect(own).toEqual([]);
  });
});
