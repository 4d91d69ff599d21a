// What must be said about a bank channel so that it congests like a real one? Every number that shapes
// it, with unit, range and reason. The ranges cover issue 5's bank models (slots 5-500, mean 50 ms-2 s)
// with room for experiments; whatever lies outside is most likely a slip of the unit and is refused.
import { SERVICE_SHAPES, type ServiceTime } from './service-time';

/** How a bank shares its slots: one payment per slot and the rest waits, or all at once, each slower. */
export const DISCIPLINES = ['fifo', 'processor_sharing'] as const;

/**
 * How throughput falls as work piles up: speed = max(floor, 1 / (1 + slope × (load − kneeLoad))) where
 * load = payments inside the bank / slots. Lock contention, paging and retries between tiers look like this.
 */
export interface Degradation {
  /** Load up to which nothing slows, 0 to 100; 1 = as soon as every slot is taken. */
  kneeLoad: number;
  /** Slowing per unit of load beyond the knee, 0 (never) to 100. At 1.5, 3.5 % excess costs 5 % of the throughput. */
  slope: number;
  /** Speed never falls below this share, 0.01 to 1. Above 0, so that a queue always drains. */
  floor: number;
}

/** The named degradations. `hard` is the one whose knee a router cannot overstep by 3.5 % without losing 5 %. */
export const DEGRADATIONS = {
  none: { kneeLoad: 1, slope: 0, floor: 1 },
  mild: { kneeLoad: 1, slope: 0.2, floor: 0.75 },
  hard: { kneeLoad: 1, slope: 1.5, floor: 0.15 },
} as const satisfies Record<string, Degradation>;

/** A bank that falls over: beyond a load it all but stops, and comes back only after time and draining. */
export interface Collapse {
  /** Load (payments inside / slots) that fells it, 1 to 1,000. */
  atLoad: number;
  /** Least time down, ms, 0 to 3,600,000: restarts take seconds to minutes. */
  downMs: number;
  /** It comes back only once its load is at or below this, 0 to 1,000, less than `atLoad`. */
  recoverAtLoad: number;
  /** Speed while down as a share of normal, 0.001 to 1. Above 0, so that it can drain at all. */
  drainSpeed: number;
  /**
   * While down: true answers *busy*, so that it recovers by itself; false takes payments and lets them hang,
   * so that it stays down until callers go away (a metastable failure).
   */
  refuses: boolean;
}

/** A ceiling on payments per second that no document mentions. */
export interface RateCap {
  /** Payments per second, 0.1 to 1,000,000. */
  perSecond: number;
  /** Payments that may come at once after quiet, 1 to 1,000,000. */
  burst: number;
  /** Beyond it: `busy` refuses, `wait` holds them in the bank's queue. */
  beyond: 'busy' | 'wait';
}

/** Regular standstills: garbage collection, log switches, checkpoint storms. */
export interface Pauses {
  /** From the start of one pause to the start of the next, ms, 100 to 86,400,000. */
  everyMs: number;
  /** Length of a pause, ms, 1 up to less than `everyMs`. */
  forMs: number;
  /** Start of the first pause on the model's clock, ms, ≥ 0. */
  firstAtMs: number;
}

/** Everything that decides how a bank channel takes load. Plain data: it can be stored, sent and edited as JSON. */
export interface BankCapacityConfig {
  /** Payments worked on at once at full speed, 0 to 100,000. 0 = the bank takes payments and works on none. */
  slots: number;
  /** How long one payment holds a slot. */
  service: ServiceTime;
  /** Added to each answer without holding a slot, ms, 0 to 60,000: network and front end; latency without capacity. */
  answerDelayMs: number;
  discipline: (typeof DISCIPLINES)[number];
  /** Payments let in beyond the slots, 0 to 1,000,000; a full queue answers *busy*. Two seconds of work is much. */
  queueLimit: number;
  /** From this many waiting on, a share of payments that grows to 1 at `queueLimit` is answered *busy*. 0 to `queueLimit`; equal = no early refusals. */
  busyFromQueue: number;
  /** How long a *busy* answer takes, ms, 0 to 60,000. Real ones are quick, unless the front end suffers too. */
  busyAnswerMs: number;
  degradation: Degradation;
  collapse: Collapse | null;
  rateCap: RateCap | null;
  pauses: Pauses | null;
}

/** One thing wrong with a configuration: where (JSON Pointer) and what would be right. */
export interface CapacityProblem {
  pointer: string;
  message: string;
}

/** Thrown for a configuration that cannot be; `problems` has all of them, not only the first. */
export class CapacityConfigError extends Error {
  override readonly name = 'CapacityConfigError';
  constructor(readonly problems: readonly CapacityProblem[]) {
    super(`bank capacity is not valid: ${problems.map((p) => `${p.pointer} ${p.message}`).join('; ')}`);
  }
}

type Fields = Record<string, unknown>;

/**
 * Reads a whole configuration from untrusted data. `degradation` may also be a name (`none`, `mild`, `hard`).
 * @throws {CapacityConfigError} with every problem found, unknown fields included.
 */
export function parseCapacityConfig(input: unknown): BankCapacityConfig {
  const problems: CapacityProblem[] = [];
  const fail = (pointer: string, message: string): void => void problems.push({ pointer, message });

  const fieldsOf = (value: unknown, pointer: string, known: readonly string[]): Fields => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      fail(pointer || '/', `must be an object with ${known.join(', ')}`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) fail(`${pointer}/${key}`, `is not known; there are ${known.join(', ')}`);
    }
    return value as Fields;
  };
  const number = (of: Fields, pointer: string, key: string, min: number, max: number, whole = false): number => {
    const value = of[key];
    if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    fail(`${pointer}/${key}`, `must be a${whole ? ' whole' : ''} number from ${min} to ${max}, not ${show(value)}`);
    return min;
  };
  const oneOf = <T extends string>(of: Fields, pointer: string, key: string, names: readonly T[]): T => {
    const found = names.find((name) => name === of[key]);
    if (found === undefined) fail(`${pointer}/${key}`, `must be one of ${names.join(', ')}, not ${show(of[key])}`);
    return found ?? (names[0] as T);
  };

  const root = fieldsOf(input, '', [
    'slots',
    'service',
    'answerDelayMs',
    'discipline',
    'queueLimit',
    'busyFromQueue',
    'busyAnswerMs',
    'degradation',
    'collapse',
    'rateCap',
    'pauses',
  ]);
  const service = fieldsOf(root['service'], '/service', ['shape', 'meanMs', 'sigma']);
  const queueLimit = number(root, '', 'queueLimit', 0, 1_000_000, true);
  const config: BankCapacityConfig = {
    slots: number(root, '', 'slots', 0, 100_000, true),
    service: {
      shape: oneOf(service, '/service', 'shape', SERVICE_SHAPES),
      meanMs: number(service, '/service', 'meanMs', 1, 60_000),
      sigma: number(service, '/service', 'sigma', 0, 2),
    },
    answerDelayMs: number(root, '', 'answerDelayMs', 0, 60_000),
    discipline: oneOf(root, '', 'discipline', DISCIPLINES),
    queueLimit,
    busyFromQueue: number(root, '', 'busyFromQueue', 0, queueLimit, true),
    busyAnswerMs: number(root, '', 'busyAnswerMs', 0, 60_000),
    degradation: degradation(root['degradation']),
    collapse: root['collapse'] === null ? null : collapse(root['collapse']),
    rateCap: root['rateCap'] === null ? null : rateCap(root['rateCap']),
    pauses: root['pauses'] === null ? null : pauses(root['pauses']),
  };
  if (problems.length > 0) throw new CapacityConfigError(problems);
  return config;

  function degradation(value: unknown): Degradation {
    if (typeof value === 'string') {
      const named = Object.entries(DEGRADATIONS).find(([name]) => name === value);
      if (named === undefined) fail('/degradation', `must be none, mild, hard or numbers, not ${show(value)}`);
      return { ...(named?.[1] ?? DEGRADATIONS.none) };
    }
    const of = fieldsOf(value, '/degradation', ['kneeLoad', 'slope', 'floor']);
    return {
      kneeLoad: number(of, '/degradation', 'kneeLoad', 0, 100),
      slope: number(of, '/degradation', 'slope', 0, 100),
      floor: number(of, '/degradation', 'floor', 0.01, 1),
    };
  }
  function collapse(value: unknown): Collapse {
    const of = fieldsOf(value, '/collapse', ['atLoad', 'downMs', 'recoverAtLoad', 'drainSpeed', 'refuses']);
    const atLoad = number(of, '/collapse', 'atLoad', 1, 1_000);
    const recoverAtLoad = number(of, '/collapse', 'recoverAtLoad', 0, 1_000);
    if (recoverAtLoad >= atLoad) fail('/collapse/recoverAtLoad', `must be below atLoad (${atLoad}), or it never falls`);
    if (typeof of['refuses'] !== 'boolean')
      fail('/collapse/refuses', `must be true or false, not ${show(of['refuses'])}`);
    return {
      atLoad,
      downMs: number(of, '/collapse', 'downMs', 0, 3_600_000),
      recoverAtLoad,
      drainSpeed: number(of, '/collapse', 'drainSpeed', 0.001, 1),
      refuses: of['refuses'] === true,
    };
  }
  function rateCap(value: unknown): RateCap {
    const of = fieldsOf(value, '/rateCap', ['perSecond', 'burst', 'beyond']);
    return {
      perSecond: number(of, '/rateCap', 'perSecond', 0.1, 1_000_000),
      burst: number(of, '/rateCap', 'burst', 1, 1_000_000, true),
      beyond: oneOf(of, '/rateCap', 'beyond', ['busy', 'wait'] as const),
    };
  }
  function pauses(value: unknown): Pauses {
    const of = fieldsOf(value, '/pauses', ['everyMs', 'forMs', 'firstAtMs']);
    const everyMs = number(of, '/pauses', 'everyMs', 100, 86_400_000);
    const forMs = number(of, '/pauses', 'forMs', 1, 86_400_000);
    if (forMs >= everyMs) fail('/pauses/forMs', `must be less than everyMs (${everyMs}), or the bank never works`);
    return { everyMs, forMs, firstAtMs: number(of, '/pauses', 'firstAtMs', 0, 86_400_000) };
  }
}

/**
 * A changed copy: fields of `patch` replace those of `config`, and nested objects are merged field by field,
 * so `{ service: { meanMs: 400 } }` keeps the shape. `collapse: null` removes it.
 * @throws {CapacityConfigError} if the result is not valid.
 */
export function patchCapacityConfig(config: BankCapacityConfig, patch: unknown): BankCapacityConfig {
  if (!isFields(patch)) return parseCapacityConfig(patch);
  const merged: Fields = { ...config };
  for (const [key, value] of Object.entries(patch)) {
    const old = merged[key];
    merged[key] = isFields(old) && isFields(value) ? { ...old, ...value } : value;
  }
  // A shorter queue pulls the early-refusal mark down with it, unless the patch names that mark itself.
  if (!('busyFromQueue' in patch) && typeof merged['queueLimit'] === 'number') {
    merged['busyFromQueue'] = Math.min(config.busyFromQueue, merged['queueLimit']);
  }
  return parseCapacityConfig(merged);
}

/**
 * What the channel can answer per second for ever: slots / mean service time, less pauses, not above the hidden
 * rate. Degradation and collapse do not enter: a router that stays at the knee never meets them.
 */
export function trueCapacityPerSecond(config: BankCapacityConfig): number {
  const working = config.pauses === null ? 1 : 1 - config.pauses.forMs / config.pauses.everyMs;
  const served = ((config.slots * 1000) / config.service.meanMs) * working;
  return config.rateCap === null ? served : Math.min(served, config.rateCap.perSecond);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : String(JSON.stringify(value)).slice(0, 60);
}
