/**
 * What an operator may do to a channel's limits: set some of them, for good or until a time, now or later; roll back to a former revision;
 * call a change off. Each goes by the revision the operator has seen: whoever decides on old numbers is told so and decides again.
 *
 * The contract stands above: an operator may lower a limit at any time and raise it up to the contract, never beyond.
 */
import type { ChannelContract, ChannelId, EpochMs, ErrorCode, LimitRevision, LimitValues } from '#domain';
import { type LimitChange, causeOf, planRevisions } from '#policy';
import type { LimitsAmended, LimitsAmendment, LimitsBook, LimitsToAmend } from './ports/limits-book';

/** What every command about limits says. */
interface Said {
  readonly channelId: ChannelId;
  /** The newest revision that the operator has seen. */
  readonly seen: number;
  readonly by: string;
  readonly why: string;
}

export interface ChangeLimitsCommand extends Said {
  readonly changes: Partial<LimitValues>;
  /** `null`: at once. */
  readonly effectiveFrom: EpochMs | null;
  /** `null`: for good. */
  readonly until: EpochMs | null;
}

export interface RollBackLimitsCommand extends Said {
  readonly revision: number;
  readonly until: EpochMs | null;
}

export interface CallOffChangeCommand extends Said {
  readonly changeId: number;
}

/** Which part of a command is at fault; the edge knows where it stands in the body. */
export type LimitsFault =
  | { readonly member: keyof LimitValues; readonly code: 'above_contract' | 'amounts_crossed' }
  | { readonly member: 'effectiveFrom'; readonly code: 'schedule_time' }
  | { readonly member: 'until'; readonly code: 'override_end' }
  | { readonly member: 'revision'; readonly code: 'above_contract' };

export interface LimitsRefusal {
  readonly code: ErrorCode;
  readonly faults?: readonly LimitsFault[];
  readonly facts?: Readonly<Record<string, string | number>>;
}

export type LimitsAnswer =
  { readonly kind: 'amended'; readonly amended: LimitsAmended } | ({ readonly kind: 'refused' } & LimitsRefusal);

/** An override that lasts longer is no override; it would be forgotten, and end on a day when nobody thinks of it. */
export const OVERRIDE_MAX_MS = 30 * 86_400_000;
/** Next year's Double 11 can be prepared the day after this one. */
export const SCHEDULE_MAX_MS = 366 * 86_400_000;
/** Changes that end or begin later: more than anybody can keep in mind, and a bound on the revisions that are planned ahead. */
const PENDING_MAX = 16;

const CONTRACT_MAX = ['ratePerSecond', 'burst', 'inFlightMax', 'amountMax'] as const;

type Decision = { readonly amend: LimitsAmendment } | { readonly refuse: LimitsRefusal };

export class ChangeLimits {
  constructor(private readonly book: LimitsBook) {}

  /** @throws JournalUnavailable; it may be written or not, and the head says which */
  change(command: ChangeLimitsCommand): Promise<LimitsAnswer> {
    return this.amend(command, null, (state) => {
      const effectiveFrom = command.effectiveFrom ?? state.nowMs;
      return (
        timesRefused(state.nowMs, command.effectiveFrom, command.until) ??
        contractRefused(state.contract, command.changes) ??
        this.add(state, command, { changes: command.changes, effectiveFrom, until: command.until, rollsBackTo: null })
      );
    });
  }

  /** All values of a former revision, now. @throws JournalUnavailable */
  rollBack(command: RollBackLimitsCommand): Promise<LimitsAnswer> {
    return this.amend(command, command.revision, (state) => {
      const { nowMs, revision } = state;
      // A revision that lies ahead has never held: there is nothing to go back to.
      if (!revision || revision.effectiveFrom > nowMs) return { refuse: { code: 'revision_unknown' } };
      const changes = valuesOf(revision);
      const above = contractRefused(state.contract, changes);
      if (above) return { refuse: { ...above.refuse, faults: [{ member: 'revision', code: 'above_contract' }] } };
      const change = { changes, effectiveFrom: nowMs, until: command.until, rollsBackTo: command.revision };
      return timesRefused(nowMs, null, command.until) ?? this.add(state, command, change);
    });
  }

  /** Ends an override early, or a scheduled change before it begins. @throws JournalUnavailable */
  callOff(command: CallOffChangeCommand): Promise<LimitsAnswer> {
    return this.amend(command, null, (state) => {
      const { base, changes, nowMs } = state;
      const change = changes.find(({ id }) => id === command.changeId);
      if (!change) return { refuse: { code: 'not_found' } };
      if (change.until === null && change.effectiveFrom <= nowMs) return { refuse: { code: 'change_settled' } };
      const others = changes.filter(({ id }) => id !== change.id);
      const revisions = planRevisions(base, others, { cause: 'called_off', changeId: change.id }, nowMs);
      const { by, why } = command;
      return { amend: { change: null, callsOff: change.id, revisions, by, why, action: 'limits.called_off' } };
    });
  }

  private add(state: LimitsToAmend, { by, why }: Said, change: LimitsAmendment['change'] & object): Decision {
    const { ahead, base, changes, nextChangeId, nowMs } = state;
    const isPending = ({ effectiveFrom, until }: Pick<LimitChange, 'effectiveFrom' | 'until'>): boolean =>
      until !== null || effectiveFrom > nowMs;
    // What acts at once and for good adds nothing to remember, and must always be possible: it may protect a bank.
    if (isPending(change) && changes.filter(isPending).length >= PENDING_MAX) {
      return { refuse: { code: 'limit_changes_full' } };
    }
    const asked: LimitChange = { id: nextChangeId, ...change };
    const revisions = planRevisions(base, [...changes, asked], firstOf(asked, ahead.length > 0, nowMs), nowMs);
    // A change may cross with another that is scheduled or will have ended, so every revision of the plan is looked at.
    if (revisions.some(({ values }) => values.amountMin > values.amountMax)) {
      return { refuse: { code: 'parameter_invalid', faults: [{ member: 'amountMin', code: 'amounts_crossed' }] } };
    }
    const action = change.rollsBackTo === null ? 'limits.changed' : 'limits.rolled_back';
    return { amend: { change, callsOff: null, revisions, by, why, action } };
  }

  private async amend(
    { channelId, seen }: Said,
    revision: number | null,
    decide: (state: LimitsToAmend) => Decision,
  ): Promise<LimitsAnswer> {
    const done = await this.book.amend(channelId, revision, (state): Decision => {
      if (state.head === seen) return decide(state);
      return { refuse: { code: 'revision_conflict', facts: { latest_revision: state.head } } };
    });
    if (!done) return { kind: 'refused', code: 'not_found' };
    if ('refused' in done) return { kind: 'refused', ...done.refused };
    return { kind: 'amended', amended: done.amended };
  }
}

/** Why there is a revision now: the change itself, or, where it begins later, that those behind it are written anew. */
function firstOf(change: LimitChange, hasAhead: boolean, nowMs: EpochMs): Parameters<typeof planRevisions>[2] {
  if (change.effectiveFrom <= nowMs) return { cause: causeOf(change), changeId: change.id };
  return hasAhead ? { cause: 'replanned', changeId: change.id } : null;
}

function timesRefused(nowMs: EpochMs, effectiveFrom: EpochMs | null, until: EpochMs | null): Decision | null {
  const faults: LimitsFault[] = [];
  const startMs = effectiveFrom ?? nowMs;
  if (effectiveFrom !== null && (effectiveFrom <= nowMs || effectiveFrom > nowMs + SCHEDULE_MAX_MS)) {
    faults.push({ member: 'effectiveFrom', code: 'schedule_time' });
  }
  if (until !== null && (until <= startMs || until > startMs + OVERRIDE_MAX_MS)) {
    faults.push({ member: 'until', code: 'override_end' });
  }
  return faults.length === 0 ? null : { refuse: { code: 'parameter_invalid', faults } };
}

function contractRefused(contract: ChannelContract, changes: Partial<LimitValues>): { refuse: LimitsRefusal } | null {
  const above = CONTRACT_MAX.filter((member) => (changes[member] ?? 0) > contract[member]);
  const below = (changes.amountMin ?? Infinity) < contract.amountMin ? (['amountMin'] as const) : [];
  const faults = [...above, ...below].map((member) => ({ member, code: 'above_contract' as const }));
  if (faults.length === 0) return null;
  const { amountMax, amountMin, burst, inFlightMax, ratePerSecond } = contract;
  const facts = {
    contract_rate_per_second: ratePerSecond,
    contract_burst: burst,
    contract_in_flight_max: inFlightMax,
    contract_amount_min: amountMin,
    contract_amount_max: amountMax,
  };
  return { refuse: { code: 'above_contract', faults, facts } };
}

function valuesOf(revision: LimitRevision): LimitValues {
  const { amountMax, amountMin, burst, inFlightMax, longestWaitMs, ratePerSecond, timeoutMs } = revision;
  return { ratePerSecond, burst, inFlightMax, longestWaitMs, timeoutMs, amountMin, amountMax };
}
