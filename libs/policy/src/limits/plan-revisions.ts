/**
 * Which revisions follow from what operators have asked for?
 *
 * A change sets a few members of a channel's limits from a time on; an override is a change with an end. Each member goes by the latest
 * word about it that is in force:
 *
 *   rate      800 ────────────┬─ override 300 ─┬───────────── 800 returns by itself
 *   in flight 200 ──────┬──────── 100 for good ───────────────────────────────────
 *   revision  1         2     3                4
 *
 * So an override that ends takes back only what it had set, and what somebody else changed for good meanwhile stays. Revisions are planned
 * ahead to the last begin or end, each with all members, so that whoever reads them needs no rules: the newest whose time has come holds.
 */
import type { EpochMs, LimitValues, RevisionCause } from '#domain';

/** What an operator asked for and has not called off. */
export interface LimitChange {
  /** Rises with every change. */
  readonly id: number;
  readonly changes: Partial<LimitValues>;
  readonly effectiveFrom: EpochMs;
  /** An override's end; `null`: for good. */
  readonly until: EpochMs | null;
  /** The revision whose values it brings back. */
  readonly rollsBackTo: number | null;
}

export interface PlannedRevision {
  readonly values: LimitValues;
  readonly effectiveFrom: EpochMs;
  readonly cause: RevisionCause;
  /** The change that begins, or has ended, with it. */
  readonly changeId: number | null;
}

/** The values that hold at a moment. @param base what holds where no change says otherwise */
export function valuesAt(base: LimitValues, changes: readonly LimitChange[], atMs: EpochMs): LimitValues {
  const inForce = changes
    .filter(({ effectiveFrom, until }) => effectiveFrom <= atMs && (until === null || atMs < until))
    .sort((a, b) => a.effectiveFrom - b.effectiveFrom || a.id - b.id);
  return inForce.reduce<LimitValues>((values, change) => ({ ...values, ...change.changes }), base);
}

/**
 * The revisions of a plan, in the order of their time.
 *
 * @param changes all that stand, the new one among them and a called-off one not
 * @param first why there is a revision now; null: nothing holds from now on that did not before, and nothing lay ahead
 */
export function planRevisions(
  base: LimitValues,
  changes: readonly LimitChange[],
  first: Pick<PlannedRevision, 'cause' | 'changeId'> | null,
  nowMs: EpochMs,
): readonly PlannedRevision[] {
  let values = valuesAt(base, changes, nowMs);
  const plan: PlannedRevision[] = first ? [{ ...first, values, effectiveFrom: nowMs }] : [];
  for (const atMs of turnsAfter(changes, nowMs)) {
    const next = valuesAt(base, changes, atMs);
    const begins = changes.filter(({ effectiveFrom }) => effectiveFrom === atMs).at(-1);
    const ends = changes.filter(({ until }) => until === atMs).at(-1);
    if (begins) plan.push({ values: next, effectiveFrom: atMs, cause: causeOf(begins), changeId: begins.id });
    else if (!isSame(values, next)) {
      plan.push({ values: next, effectiveFrom: atMs, cause: 'return', changeId: ends?.id ?? null });
    }
    values = next;
  }
  return plan;
}

/** What a revision is called that begins with this change. */
export function causeOf({ until, rollsBackTo }: Pick<LimitChange, 'until' | 'rollsBackTo'>): RevisionCause {
  if (until !== null) return 'override';
  return rollsBackTo === null ? 'change' : 'rollback';
}

function turnsAfter(changes: readonly LimitChange[], nowMs: EpochMs): readonly EpochMs[] {
  const turns = changes.flatMap(({ effectiveFrom, until }) =>
    until === null ? [effectiveFrom] : [effectiveFrom, until],
  );
  return [...new Set(turns)].filter((turn) => turn > nowMs).sort((a, b) => a - b);
}

function isSame(a: LimitValues, b: LimitValues): boolean {
  return (Object.keys(a) as (keyof LimitValues)[]).every((member) => a[member] === b[member]);
}
