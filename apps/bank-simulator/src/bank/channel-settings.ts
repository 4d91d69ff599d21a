/**
 * What can an operator of the simulated bank change while it runs? Everything in `ChannelSettings`. This file
 * reads it from untrusted snake_case JSON, whole (PUT) or in part (PATCH), and says all that is wrong at once.
 */
import {
  BEHAVIOURS,
  type BehaviourName,
  bankPreset,
  type BankCapacityConfig,
  CapacityConfigError,
  parseCapacityConfig,
  patchCapacityConfig,
} from '#simulation';
import { toCamel, toSnake } from './letter-case';

export interface ChannelSettings {
  readonly capacity: BankCapacityConfig;
  /** Probability of a behaviour for payments that asked for `ok`, per behaviour; the sum is at most 1. */
  readonly mix: Readonly<Partial<Record<BehaviourName, number>>>;
  /** Closed for maintenance; `until_ms` is the wall-clock end if one is announced, ms since 1970. */
  readonly maintenance: { readonly untilMs: number | null } | null;
  readonly dedupes: boolean;
  readonly refusesLate: boolean;
  readonly cancelBlocksLatePay: boolean;
  readonly softFinal: boolean;
  readonly maxProcessingTimeMs: number;
  readonly inquiryLagMs: number;
  readonly lateMs: number;
  readonly slowMs: number;
  readonly payerDelayMs: number;
}

export interface SettingsProblem {
  readonly pointer: string;
  readonly message: string;
}

/** Thrown for settings that cannot be; `problems` has all of them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly SettingsProblem[]) {
    super(problems.map((p) => `${p.pointer} ${p.message}`).join('; '));
  }
}

const SWITCHES = ['dedupes', 'refusesLate', 'cancelBlocksLatePay', 'softFinal'] as const;

/** Largest value per duration, ms: an hour is longer than any rehearsal waits; lag and slowness beyond a minute are an outage. */
const DURATIONS = {
  maxProcessingTimeMs: 3_600_000,
  inquiryLagMs: 60_000,
  lateMs: 3_600_000,
  slowMs: 60_000,
  payerDelayMs: 600_000,
} as const;

/** The settings a channel starts with. @throws RangeError for a channel that does not exist. */
export function defaultSettings(channel: string): ChannelSettings {
  return {
    capacity: bankPreset(channel).capacity,
    mix: {},
    maintenance: null,
    dedupes: true,
    refusesLate: true,
    cancelBlocksLatePay: true,
    softFinal: true,
    maxProcessingTimeMs: 15_000,
    inquiryLagMs: 0,
    lateMs: 5_000,
    slowMs: 3_000,
    payerDelayMs: 2_000,
  };
}

/** Settings as the control API shows them. */
export function showSettings(settings: ChannelSettings): Record<string, unknown> {
  const { mix, maintenance, ...rest } = settings;
  return {
    ...(toSnake(rest) as Record<string, unknown>),
    mix,
    maintenance:
      maintenance === null
        ? null
        : { until: maintenance.untilMs === null ? null : new Date(maintenance.untilMs).toISOString() },
  };
}

/**
 * A changed copy: members of the patch replace those of `base`; `capacity` is merged field by field, `mix` as a whole.
 * @throws SettingsError with every problem found, unknown members included.
 */
export function patchSettings(base: ChannelSettings, patch: unknown): ChannelSettings {
  const problems: SettingsProblem[] = [];
  const names = Object.keys(showSettings(base));
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw new SettingsError([{ pointer: '', message: `must be an object with any of ${names.join(', ')}` }]);
  }
  const next: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    const pointer = `/${name}`;
    const member = toCamelName(name);
    if (!names.includes(name)) {
      problems.push({ pointer, message: `is not known; there are ${names.join(', ')}` });
    } else if (name === 'capacity') {
      next['capacity'] = readCapacity(base.capacity, value, problems);
    } else if (name === 'mix') {
      next['mix'] = readMix(value, problems);
    } else if (name === 'maintenance') {
      next['maintenance'] = readMaintenance(value, problems);
    } else if ((SWITCHES as readonly string[]).includes(member)) {
      if (typeof value !== 'boolean') problems.push({ pointer, message: 'must be true or false' });
      next[member] = value;
    } else {
      const max = DURATIONS[member as keyof typeof DURATIONS];
      if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > max) {
        problems.push({ pointer, message: `must be a whole number of milliseconds from 0 to ${max}` });
      }
      next[member] = value;
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return next as unknown as ChannelSettings;
}

/**
 * The settings that `PUT` leaves behind: the defaults of the channel with `body` over them. A `capacity` in the body is whole.
 * @throws SettingsError
 */
export function replaceSettings(channel: string, body: unknown): ChannelSettings {
  const settings = patchSettings(defaultSettings(channel), body);
  const { capacity } = body as Record<string, unknown>;
  if (capacity === undefined) return settings;
  const problems: SettingsProblem[] = [];
  const whole = capacityOrProblems(() => parseCapacityConfig(toCamel(capacity)), problems);
  if (whole === null) throw new SettingsError(problems);
  return { ...settings, capacity: whole };
}

/** A channel squeezed to a share of its slots. */
export function congested(settings: ChannelSettings, share: number): ChannelSettings {
  const slots = Math.max(1, Math.round(settings.capacity.slots * share));
  return { ...settings, capacity: patchCapacityConfig(settings.capacity, { slots }) };
}

function readCapacity(base: BankCapacityConfig, value: unknown, problems: SettingsProblem[]): BankCapacityConfig {
  return capacityOrProblems(() => patchCapacityConfig(base, toCamel(value)), problems) ?? base;
}

function capacityOrProblems(read: () => BankCapacityConfig, problems: SettingsProblem[]): BankCapacityConfig | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CapacityConfigError)) throw error;
    for (const { pointer, message } of error.problems) {
      problems.push({
        pointer: `/capacity${pointer === '/' ? '' : toSnakeName(pointer)}`,
        message: toSnakeName(message),
      });
    }
    return null;
  }
}

function readMix(value: unknown, problems: SettingsProblem[]): ChannelSettings['mix'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({
      pointer: '/mix',
      message: 'must be an object of behaviour and probability, such as {"lost_answer": 0.01}',
    });
    return {};
  }
  let sum = 0;
  for (const [name, share] of Object.entries(value)) {
    if (!BEHAVIOURS.some((behaviour) => behaviour.name === name)) {
      problems.push({ pointer: `/mix/${name}`, message: 'is not a behaviour; GET /control/instruments lists them' });
    }
    if (typeof share !== 'number' || !(share >= 0 && share <= 1)) {
      problems.push({ pointer: `/mix/${name}`, message: 'must be a probability from 0 to 1' });
    } else sum += share;
  }
  // The tolerance is rounding: ten times 0.1 is not 1 in binary.
  if (sum > 1 + 1e-9)
    problems.push({ pointer: '/mix', message: `adds up to ${sum}; the rest to 1 is "ok", so at most 1` });
  return value as ChannelSettings['mix'];
}

function readMaintenance(value: unknown, problems: SettingsProblem[]): ChannelSettings['maintenance'] {
  if (value === null || value === false) return null;
  if (value === true) return { untilMs: null };
  const until = (value as { until?: unknown }).until;
  const untilMs = typeof until === 'string' ? Date.parse(until) : NaN;
  if (until === null || until === undefined || Number.isNaN(untilMs)) {
    if (until === null) return { untilMs: null };
    problems.push({ pointer: '/maintenance', message: 'must be true, null, or {"until": "2026-11-11T02:00:00.000Z"}' });
    return null;
  }
  return { untilMs };
}

const toCamelName = (name: string): string => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
const toSnakeName = (text: string): string => text.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
