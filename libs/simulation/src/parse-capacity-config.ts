// Is this a bank? Reads settings from untrusted data (a timeline file, the simulator's control plane) and says
// everything that is wrong with them at once, each with its place and with what would be right.
import {
  type BankCapacityConfig,
  type Collapse,
  type Degradation,
  DEGRADATIONS,
  DISCIPLINES,
  type Pauses,
  type RateCap,
} from './bank-capacity-config';
import { SERVICE_SHAPES } from './service-time';

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

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : String(JSON.stringify(value)).slice(0, 60);
}
