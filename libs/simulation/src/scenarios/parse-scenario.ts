// Is this a scenario? Reads a file that anyone may have written and says everything that is wrong with it at once, each with its place and
// with what would be right. Unsaid things get the defaults that docs/simulation.md lists.
import { TIER, type Tier } from '#domain';
import { type BankCapacityConfig, trueCapacityPerSecond } from '../bank-capacity-config';
import { bankPreset } from '../banks';
import { CapacityConfigError, parseCapacityConfig, patchCapacityConfig } from '../parse-capacity-config';
import { type FieldReader, fieldReader, type Fields, type Problem } from './field-reader';
import { readCurve } from './read-curve';
import type {
  DemandStream,
  PayerHabits,
  Scenario,
  ScenarioChannel,
  ScenarioEvent,
  ScenarioLimits,
  ScenarioSite,
  Words,
} from './scenario';

/** Thrown for a file that is no scenario; `problems` has all of them, not only the first. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  constructor(readonly problems: readonly Problem[]) {
    super(`this is not a scenario:\n${problems.map((p) => `  ${p.pointer || '/'} ${p.message}`).join('\n')}`);
  }
}

/** Two hours: longer than any drift worth showing, short enough that a slip of the unit is caught. */
export const SECONDS_MAX = 7_200;

/** A quick bank of the middle: what a field of `bank` that is not said is. */
const BANK_DEFAULTS = {
  discipline: 'fifo',
  answerDelayMs: 5,
  busyAnswerMs: 15,
  degradation: 'none',
  collapse: null,
  rateCap: null,
  pauses: null,
};

/** @throws {ScenarioError} with every problem found, unknown fields included */
export function parseScenario(input: unknown): Scenario {
  const problems: Problem[] = [];
  const read = fieldReader(problems);
  const root = read.object(input, '', [
    ...['name', 'about', 'seconds', 'countFromS', 'site', 'channels', 'payers', 'demand', 'events', 'loads'],
  ]);
  const seconds = read.number(root, '', 'seconds', 1, SECONDS_MAX);
  const channels = read
    .list(root, '', 'channels', 1, 400)
    .map((value, i) => channelOf(read, problems, value, `/channels/${i}`));
  duplicates(read, channels);
  const known = new Map(channels.map((channel) => [channel.id, channel]));
  const scenario: Scenario = {
    name: read.text(root, '', 'name'),
    about: wordsOf(read, root),
    seconds,
    countFromS: read.number(root, '', 'countFromS', 0, seconds, Math.min(20, seconds / 4)),
    site: siteOf(read, root['site']),
    channels,
    payers: payersOf(read, root['payers']),
    demand: read
      .list(root, '', 'demand', 1, 2_000)
      .map((value, i) => demandOf(read, known, seconds, value, `/demand/${i}`)),
    events: read
      .list(root, '', 'events', 0, 2_000, true)
      .map((value, i) => eventOf(read, problems, known, seconds, value, `/events/${i}`)),
    loads: loadsOf(read, root),
  };
  if (problems.length > 0) throw new ScenarioError(problems);
  return scenario;
}

function wordsOf(read: FieldReader, root: Fields): Words {
  const of = read.object(root['about'], '/about', ['en', 'zh-CN']);
  return { en: read.text(of, '/about', 'en'), 'zh-CN': read.text(of, '/about', 'zh-CN') };
}

function loadsOf(read: FieldReader, root: Fields): number[] {
  const loads = read.list(root, '', 'loads', 1, 20, true);
  if (loads.length === 0) return [1];
  return loads.map((_, i) => read.number({ ...loads }, '/loads', String(i), 0.01, 100));
}

function siteOf(read: FieldReader, value: unknown): ScenarioSite {
  const of = read.object(value ?? {}, '/site', ['doors', 'workers', 'messageMs', 'electionMs']);
  return {
    doors: read.number(of, '/site', 'doors', 1, 50, 3),
    workers: read.number(of, '/site', 'workers', 1, 50, 4),
    messageMs: read.range(of, '/site', 'messageMs', 0, 5_000, [5, 150]),
    electionMs: read.number(of, '/site', 'electionMs', 0, 60_000, 2_000),
  };
}

function channelOf(read: FieldReader, problems: Problem[], value: unknown, at: string): ScenarioChannel {
  const of = read.object(value, at, ['id', 'bank', 'limits']);
  const bank = bankOf(read, problems, of['bank'], `${at}/bank`);
  return { id: read.text(of, at, 'id'), bank, limits: limitsOf(read, of['limits'], bank, `${at}/limits`) };
}

/** A preset by its channel's name, or a bank of one's own: slots, meanMs, sigma, queueLimit and whatever else differs from the defaults. */
function bankOf(read: FieldReader, problems: Problem[], value: unknown, at: string): BankCapacityConfig {
  const fallback = bankPreset('icbc.quickpay').capacity;
  try {
    if (typeof value === 'string') return bankPreset(value).capacity;
    const of = read.object(value, at, [
      ...['slots', 'meanMs', 'sigma', 'shape', 'queueLimit', 'busyFromQueue'],
      ...Object.keys(BANK_DEFAULTS),
    ]);
    const { meanMs, sigma = 0.4, shape = 'lognormal', ...rest } = of;
    return parseCapacityConfig({
      ...BANK_DEFAULTS,
      ...rest,
      busyFromQueue: rest['busyFromQueue'] ?? rest['queueLimit'],
      service: { shape, meanMs, sigma },
    });
  } catch (error) {
    if (error instanceof CapacityConfigError) {
      problems.push(...error.problems.map(({ pointer, message }) => ({ pointer: `${at}${pointer}`, message })));
    } else read.fail(at, error instanceof Error ? error.message : String(error));
    return fallback;
  }
}

function limitsOf(read: FieldReader, value: unknown, bank: BankCapacityConfig, at: string): ScenarioLimits {
  const of = read.object(value ?? {}, at, ['ratePerSecond', 'burst', 'inFlightMax', 'longestWaitMs', 'timeoutMs']);
  // Unsaid: a contract that does not bind, so that the hidden capacity is what is met.
  const rate = read.number(of, at, 'ratePerSecond', 0.1, 1e6, Math.max(10, 10 * trueCapacityPerSecond(bank)));
  return {
    ratePerSecond: rate,
    burst: read.number(of, at, 'burst', 1, 1e6, Math.max(1, Math.ceil(rate / 10))),
    inFlightMax: read.number(of, at, 'inFlightMax', 1, 1e6, Math.max(10, 10 * bank.slots)),
    longestWaitMs: read.number(of, at, 'longestWaitMs', 0, 600_000, 2_000),
    timeoutMs: read.number(of, at, 'timeoutMs', 100, 120_000, Math.max(3_000, 8 * bank.service.meanMs)),
  };
}

function payersOf(read: FieldReader, value: unknown): PayerHabits {
  const of = read.object(value ?? {}, '/payers', [
    ...['patienceMs', 'followShare', 'answerMs', 'retryShare', 'retriesMax', 'retryAfterMs'],
  ]);
  return {
    patienceMs: read.number(of, '/payers', 'patienceMs', 100, 3_600_000, 8_000),
    followShare: read.number(of, '/payers', 'followShare', 0, 1, 0.7),
    answerMs: read.range(of, '/payers', 'answerMs', 0, 600_000, [1_000, 5_000]),
    retryShare: read.number(of, '/payers', 'retryShare', 0, 1, 0),
    retriesMax: read.number(of, '/payers', 'retriesMax', 0, 100, 3),
    retryAfterMs: read.range(of, '/payers', 'retryAfterMs', 0, 3_600_000, [2_000, 10_000]),
  };
}

function demandOf(
  read: FieldReader,
  known: ReadonlyMap<string, ScenarioChannel>,
  seconds: number,
  value: unknown,
  at: string,
): DemandStream {
  const of = read.object(value, at, ['channel', 'tier', 'merchant', 'perSecond', 'timesCapacity', 'alsoHold']);
  const channel = read.oneOf(of, at, 'channel', [...known.keys()]);
  const both = ('perSecond' in of ? 1 : 0) + ('timesCapacity' in of ? 1 : 0);
  if (both !== 1)
    read.fail(at, 'must have either perSecond or timesCapacity: a number, or a curve [[second, value], …]');
  const inCapacities = 'timesCapacity' in of;
  const bank = known.get(channel)?.bank;
  const tier = read.oneOf(of, at, 'tier', Object.keys(TIER), 'paying') as keyof typeof TIER;
  return {
    channel,
    tier: TIER[tier] as Tier,
    merchant: read.text(of, at, 'merchant', 'mall'),
    unitPerSecond: inCapacities && bank !== undefined ? trueCapacityPerSecond(bank) : 1,
    curve: both === 1 ? readCurve(read, of, at, inCapacities ? 'timesCapacity' : 'perSecond', seconds) : [[0, 0]],
    alsoHold: read.list(of, at, 'alsoHold', 0, 100, true).map((entry, i) => {
      const there = `${at}/alsoHold/${i}`;
      const held = read.object(entry, there, ['channel', 'share']);
      return {
        channel: read.oneOf(held, there, 'channel', [...known.keys()]),
        share: read.number(held, there, 'share', 0, 1, 1),
      };
    }),
  };
}

function eventOf(
  read: FieldReader,
  problems: Problem[],
  known: ReadonlyMap<string, ScenarioChannel>,
  seconds: number,
  value: unknown,
  at: string,
): ScenarioEvent {
  const of = read.object(value, at, ['do', 'atS', 'untilS', 'channel', 'change', 'slots']);
  const what = read.oneOf(of, at, 'do', ['bank', 'drift', 'redis_gone', 'controller_dies'] as const);
  const atS = read.number(of, at, 'atS', 0, seconds);
  if (what !== of['do']) return { do: 'controller_dies', atS }; // already a problem; what the rest should be nobody knows
  const until = (): number => read.number(of, at, 'untilS', atS, SECONDS_MAX);
  const channel = (): string => read.oneOf(of, at, 'channel', [...known.keys()]);
  switch (what) {
    case 'bank': {
      const change = read.object(of['change'], `${at}/change`, null);
      const bank = known.get(channel())?.bank;
      try {
        if (bank !== undefined) patchCapacityConfig(bank, change);
      } catch (error) {
        if (!(error instanceof CapacityConfigError)) throw error;
        problems.push(...error.problems.map((p) => ({ pointer: `${at}/change${p.pointer}`, message: p.message })));
      }
      return { do: 'bank', atS, channel: channel(), change };
    }
    case 'drift':
      return { do: 'drift', atS, untilS: until(), channel: channel(), slots: read.number(of, at, 'slots', 0, 100_000) };
    case 'redis_gone':
      return { do: 'redis_gone', atS, untilS: until() };
    case 'controller_dies':
      return { do: 'controller_dies', atS };
  }
}

function duplicates(read: FieldReader, channels: readonly ScenarioChannel[]): void {
  channels.forEach(({ id }, i) => {
    if (channels.findIndex((other) => other.id === id) < i) read.fail(`/channels/${i}/id`, `${id} is already there`);
  });
}
