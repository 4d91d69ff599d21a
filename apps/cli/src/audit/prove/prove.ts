/** Does the audit find what it should? Each planted bug is played on a product of its own, and the audit must name it; without bugs it must not. */
import type { AuditReport } from '#audit';
import { alignedTable, atLeast, atMost, described, type Figure, type Violation } from '../../outcome';
import { BOOK_BUGS } from './book-bugs';
import { LIMIT_BUGS } from './limit-bugs';
import { MONEY_BUGS } from './money-bugs';
import { PatchedBuild } from './patched-build';
import { play } from './play';
import type { PlantedBug, Scene } from './planted-bug';

export const PLANTED_BUGS: readonly PlantedBug[] = [...MONEY_BUGS, ...BOOK_BUGS, ...LIMIT_BUGS];

/** How one bug fared. */
export interface Proof {
  readonly bug: PlantedBug;
  readonly caught: boolean;
  /** Every rule that was broken, with its count. */
  readonly byRule: Readonly<Record<string, number>>;
  /** Why there is no verdict; null: there is one. */
  readonly failure: string | null;
  readonly seconds: number;
}

export interface Proven {
  readonly proofs: readonly Proof[];
  /** What the product without any bug broke under the same scenes; empty: nothing. */
  readonly unpatched: Readonly<Record<string, number>>;
}

/** Without bugs everything is final within a minute. */
const HEALTHY_WAIT_S = 60;

/** @param only names of bugs; none: all */
export async function prove(only: readonly string[], say: (line: string) => void): Promise<Proven> {
  const bugs = only.length === 0 ? PLANTED_BUGS : only.map(bugNamed);
  const build = new PatchedBuild();
  try {
    say('without any bug');
    const unpatched = await playHealthy(bugs.map(({ scene }) => scene));
    say(`  ${wordsOf(unpatched)}`);
    const proofs: Proof[] = [];
    for (const bug of bugs) {
      say(`${bug.name}: ${bug.what}`);
      const proof = await proveOne(bug, build);
      say(
        `  ${proof.caught ? 'caught' : 'NOT CAUGHT'}: ${proof.failure ?? wordsOf(proof.byRule)} (${proof.seconds} s)`,
      );
      proofs.push(proof);
    }
    return { proofs, unpatched };
  } finally {
    build.remove();
  }
}

/** @throws naming those there are */
export function bugNamed(name: string): PlantedBug {
  const bug = PLANTED_BUGS.find((each) => each.name === name);
  if (bug) return bug;
  throw new Error(`There is no planted bug ${name}; there are ${PLANTED_BUGS.map((each) => each.name).join(', ')}.`);
}

async function proveOne(bug: PlantedBug, build: PatchedBuild): Promise<Proof> {
  const begun = performance.now();
  const takeOut = build.plant(bug.patches);
  const ended = (byRule: AuditReport['byRule'], failure: string | null): Proof => ({
    ...{ bug, byRule, failure, caught: (byRule[bug.rule] ?? 0) > 0 },
    seconds: Math.round((performance.now() - begun) / 1_000),
  });
  try {
    return ended((await play(build.build, [bug.scene])).byRule, null);
  } catch (error) {
    return ended({}, error instanceof Error ? error.message : String(error));
  } finally {
    takeOut();
  }
}

/** All scenes without a bug; those that need the same environment on one product. */
async function playHealthy(scenes: readonly Scene[]): Promise<Record<string, number>> {
  const groups = new Map<string, Scene[]>();
  for (const scene of scenes) {
    const key = JSON.stringify(scene.env ?? {});
    groups.set(key, [...(groups.get(key) ?? []), scene]);
  }
  const broken: Record<string, number> = {};
  for (const group of groups.values()) {
    const { byRule } = await play(null, [{ orders: [], waitS: HEALTHY_WAIT_S, ...envOf(group) }, ...group]);
    for (const [rule, count] of Object.entries(byRule)) broken[rule] = (broken[rule] ?? 0) + count;
  }
  return broken;
}

function envOf([scene]: readonly Scene[]): Pick<Scene, 'env'> {
  return scene?.env === undefined ? {} : { env: scene.env };
}

const wordsOf = (byRule: Readonly<Record<string, number>>): string =>
  Object.entries(byRule)
    .map(([rule, count]) => `${count} ${rule}`)
    .join(', ') || 'the books agree';

export function proveFigures({ proofs, unpatched }: Proven): Figure[] {
  const broken = Object.values(unpatched).reduce((sum, count) => sum + count, 0);
  return [
    described('planted_bugs', proofs.length, 'bugs'),
    atLeast('planted_bugs_caught', proofs.filter(({ caught }) => caught).length, proofs.length, 'bugs'),
    atMost('violations_without_bugs', broken, 0, 'breaches'),
  ];
}

export function proveViolations({ proofs, unpatched }: Proven): Violation[] {
  return [
    ...Object.entries(unpatched).map(([rule, count]) => ({ rule, evidence: { planted: null, count } })),
    ...proofs
      .filter(({ caught }) => !caught)
      .map(({ bug, byRule, failure }) => ({
        rule: 'planted_bug_not_caught',
        evidence: { planted: bug.name, must_be: bug.rule, found: byRule, failure },
      })),
  ];
}

export function proveTable({ proofs }: Proven): string {
  const rows = proofs.map(({ bug, caught, seconds }) => [
    `${bug.name}: ${bug.what}`,
    `${bug.caughtBy} ${bug.rule}`,
    `${seconds} s`,
    caught ? 'caught' : 'NOT CAUGHT',
  ]);
  return alignedTable([['planted bug', 'must be found by', '', ''], ...rows]);
}
