/**
 * From a stage as it is written to one that can be played: sized for a machine, curves and mixes of cards spelt out, loads turned into
 * payments per second. What k6 plays is this plan, and it stays beside the client's log.
 */

/** Payments per second over what the crowd's banks can do: one number, or a straight line from one to the other. */
type Load = number | readonly [from: number, to: number];

interface WrittenPhase {
  readonly name: string;
  readonly load: Load;
  readonly seconds: number;
}

/** What a payer is like. `load-tests/README.md` says it in a table. */
export interface Payers {
  readonly on_time_ms: number;
  readonly max_wait_ms: number;
  readonly expires_after_ms: number;
  readonly other_cards: Readonly<Record<string, number>>;
  readonly follow_share: number;
  readonly answer_ms: readonly [number, number];
  readonly comes_back_for_ms: number;
  readonly heeds_retry_after: boolean;
  readonly gives_up_ms: number;
  readonly stream_share: number;
}

/** Capacity in the words of the bank simulator's control interface. */
type Capacity = { readonly slots: number; readonly service: { readonly mean_ms: number } } & Record<string, unknown>;

type Numbers = Readonly<Record<string, number>>;

interface TimelineEvent extends Readonly<Record<string, unknown>> {
  readonly at_ms: number;
  readonly channel: string;
  readonly patch?: Readonly<Record<string, unknown>> & { readonly capacity?: Readonly<Record<string, unknown>> };
}

interface WrittenCrowd {
  /** Of whose bank they hold a card first; or `cards`: spread over all banks and products of a file of `data/`. */
  readonly channel?: string;
  readonly cards?: string;
  /** Or a curve of `data/curves.json`, its highest load, and how long each of its parts takes here. */
  readonly phases:
    readonly WrittenPhase[] | { readonly curve: string; readonly load: number; readonly seconds: Numbers };
  /** In what these payers differ from the others. */
  readonly payers?: Partial<Payers>;
}

/** A file of `load-tests/stages/`. */
export interface WrittenStage {
  readonly banks: Readonly<Record<string, Capacity>>;
  readonly limits: Readonly<Record<string, Numbers>>;
  readonly payers: Partial<Payers> & Pick<Payers, 'on_time_ms' | 'max_wait_ms' | 'expires_after_ms'>;
  readonly crowds: readonly WrittenCrowd[];
  readonly timeline: readonly TimelineEvent[];
  readonly faults: readonly string[];
  readonly limit_change: { readonly at_s: number; readonly channel: string; readonly limits: Numbers } | null;
  /** Groups of figures (asked-figures.ts), beside those that follow from the stage's shape. */
  readonly figures?: readonly string[];
  /** Goals of figures, such as `>= 0.95`; by profile where a small run proves less. */
  readonly goals?: Readonly<Record<string, string>>;
  readonly goals_by_profile?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** k6's payers made before the start and at most, for each crowd. */
  readonly payers_ready: number;
  readonly payers_max: number;
}

/** How large a stage is on a machine: part of a profile. */
export interface StageSize {
  /** Banks and crowds, over what is written. */
  readonly scale: number;
  /** What all crowds together may come to, payments per second. */
  readonly rate_max: number;
  /** What the longest crowd may take, s. */
  readonly seconds_max: number;
  /** What it is to take, s, shorter or longer than it is written. */
  readonly seconds?: number;
}

/** What `load-tests/data/` says. */
export interface StageData {
  /** Weights by channel. */
  readonly cards: (name: string) => Numbers;
  readonly curve: (name: string) => readonly { readonly name: string; readonly rate: readonly [number, number] }[];
}

export interface PlannedPhase {
  readonly name: string;
  readonly seconds: number;
  /** Payments per second at its beginning and at its end. */
  readonly rates: readonly [number, number];
}

export interface PlannedCrowd {
  readonly channel: string;
  /** Crowds of one number come through one door: they share k6's payers. */
  readonly door: number;
  readonly phases: readonly PlannedPhase[];
  readonly payers: Payers;
  readonly payers_ready: number;
  readonly payers_max: number;
}

export interface PlannedStage extends Omit<WrittenStage, 'payers' | 'crowds' | 'goals' | 'goals_by_profile'> {
  readonly payers: Payers;
  readonly crowds: readonly PlannedCrowd[];
  readonly goals: Readonly<Record<string, string>>;
}

/** A refusal is an answer; who waits long-polls; nobody has another card. */
const PLAIN = {
  other_cards: {},
  follow_share: 0,
  answer_ms: [1_000, 5_000],
  comes_back_for_ms: 0,
  heeds_retry_after: true,
  gives_up_ms: 10_000,
  stream_share: 0,
} as const;

export function planStage(written: WrittenStage, profile: string, size: StageSize, data: StageData): PlannedStage {
  const fullPeak = peakOf(crowdsOf(written, written.banks, data, 1));
  const scale = Math.min(size.scale, size.rate_max / fullPeak);
  const longest = Math.max(...written.crowds.map((crowd) => phasesOf(crowd, data).reduce((s, p) => s + p.seconds, 0)));
  const pace = size.seconds === undefined ? Math.min(1, size.seconds_max / longest) : size.seconds / longest;
  const banks = mapped(written.banks, (bank) => resized(bank, scale) as Capacity);
  const { goals, goals_by_profile: byProfile, ...rest } = written;
  const change = written.limit_change;
  return {
    ...rest,
    banks,
    limits: mapped(written.limits, (limits) => resizedNumbers(limits, scale)),
    payers: { ...PLAIN, ...written.payers },
    crowds: crowdsOf(written, banks, data, scale).map((crowd) => ({
      ...crowd,
      phases: crowd.phases.map((phase) => ({ ...phase, seconds: phase.seconds * pace })),
    })),
    timeline: written.timeline.map((event) => ({
      ...event,
      at_ms: Math.round(event.at_ms * pace),
      ...(event.patch?.capacity === undefined
        ? {}
        : { patch: { ...event.patch, capacity: resized(event.patch.capacity, scale) } }),
    })),
    faults: written.faults.map((text) => text.replace(/@([\d.]+)/, (_, s) => `@${Math.round(Number(s) * pace)}`)),
    limit_change: change && { ...change, at_s: change.at_s * pace, limits: resizedNumbers(change.limits, scale) },
    goals: { ...goals, ...byProfile?.[profile] },
  };
}

/** Payments per second in each second of the plan, all crowds together. */
export function targetPerSecond(crowds: readonly Pick<PlannedCrowd, 'phases'>[]): number[] {
  const target: number[] = [];
  for (const { phases } of crowds) {
    const end = phases.reduce((sum, { seconds }) => sum + seconds, 0);
    for (let second = 0; second < end; second += 1)
      target[second] = (target[second] ?? 0) + rateAt(phases, second + 0.5);
  }
  return target.map((rate) => Math.round(rate * 100) / 100);
}

/** What a crowd comes to in all, payments. */
export function paymentsOf(crowds: readonly Pick<PlannedCrowd, 'phases'>[]): number {
  const all = crowds.flatMap(({ phases }) =>
    phases.map(({ seconds, rates: [from, to] }) => (seconds * (from + to)) / 2),
  );
  return Math.round(all.reduce((sum, payments) => sum + payments, 0));
}

function rateAt(phases: readonly PlannedPhase[], atS: number): number {
  let beginS = 0;
  for (const { seconds, rates } of phases) {
    if (atS < beginS + seconds) return rates[0] + ((rates[1] - rates[0]) * (atS - beginS)) / seconds;
    beginS += seconds;
  }
  return 0;
}

function peakOf(crowds: readonly Pick<PlannedCrowd, 'phases'>[]): number {
  return Math.max(...targetPerSecond(crowds));
}

function phasesOf({ phases }: WrittenCrowd, data: StageData): readonly WrittenPhase[] {
  if (!('curve' in phases)) return phases;
  const { curve, load, seconds } = phases;
  return data.curve(curve).map(({ name, rate: [from, to] }) => {
    const lasts = seconds[name];
    if (lasts === undefined)
      throw new Error(`The stage does not say how many seconds "${name}" of the curve ${curve} takes.`);
    return { name, load: [from * load, to * load], seconds: lasts };
  });
}

/** One crowd per channel, with rates. */
function crowdsOf(written: WrittenStage, banks: WrittenStage['banks'], data: StageData, scale: number): PlannedCrowd[] {
  return written.crowds.flatMap((crowd, door) => {
    const weights = crowd.channel === undefined ? data.cards(crowd.cards ?? '') : { [crowd.channel]: 1 };
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    const capacity = Object.keys(weights).reduce((sum, channel) => sum + capacityOf(banks, channel), 0);
    return Object.entries(weights).map(([channel, weight]) => {
      const share = weight / total;
      const rate = (load: number): number => load * capacity * share;
      const payers = (count: number): number => Math.ceil(count * scale * share) + 2;
      return {
        channel,
        door,
        phases: phasesOf(crowd, data).map(({ name, load, seconds }) => {
          const [from, to] = typeof load === 'number' ? [load, load] : load;
          return { name, seconds, rates: [rate(from), rate(to)] as const };
        }),
        payers: { ...PLAIN, ...written.payers, ...crowd.payers },
        payers_ready: payers(written.payers_ready),
        payers_max: payers(written.payers_max),
      };
    });
  });
}

/** Payments per second that a bank of the stage can do at the start. */
function capacityOf(banks: WrittenStage['banks'], channel: string): number {
  const bank = banks[channel];
  if (bank === undefined)
    throw new Error(`The stage has a crowd for ${channel} and does not say how large that bank is.`);
  return (bank.slots * 1_000) / bank.service.mean_ms;
}

/** What counts payments grows with the bank; times and ratios do not. */
const COUNTS: ReadonlySet<string> = new Set(['slots', 'queue_limit', 'busy_from_queue', 'per_second', 'burst']);

function resized(capacity: Readonly<Record<string, unknown>>, scale: number): Record<string, unknown> {
  return mapped(capacity, (value, name) => {
    if (typeof value === 'number' && COUNTS.has(name)) return count(value, scale);
    return name === 'rate_cap' && value !== null ? resized(value as Record<string, unknown>, scale) : value;
  });
}

function resizedNumbers(limits: Numbers, scale: number): Numbers {
  return mapped(limits, (value) => count(value, scale));
}

/** Nothing that was there disappears. */
function count(value: number, scale: number): number {
  return value === 0 ? 0 : Math.max(1, Math.round(value * scale));
}

function mapped<In, Out>(
  all: Readonly<Record<string, In>>,
  change: (value: In, name: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, change(value, name)]));
}
