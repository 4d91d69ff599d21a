// Is this a plan? Reads a file that anyone may have written, and says everything that is wrong with it at once. Unsaid things are those of
// scenarios (docs/simulation.md).
import { fieldReader, type FieldReader, type Fields, type Problem } from '../scenarios/field-reader';
import { ScenarioError, SECONDS_MAX } from '../scenarios/parse-scenario';
import { readCurve } from '../scenarios/read-curve';
import type { Plan, PlannedChannel } from './plan';

/** @throws {ScenarioError} with every problem found, unknown fields included */
export function parsePlan(input: unknown): Plan {
  const problems: Problem[] = [];
  const read = fieldReader(problems);
  const root = read.object(input, '', ['name', 'about', 'seconds', 'countFromS', 'channels']);
  const about = read.object(root['about'], '/about', ['en', 'zh-CN']);
  const seconds = read.number(root, '', 'seconds', 1, SECONDS_MAX);
  const plan: Plan = {
    name: read.text(root, '', 'name'),
    about: { en: read.text(about, '/about', 'en'), 'zh-CN': read.text(about, '/about', 'zh-CN') },
    seconds,
    countFromS: read.number(root, '', 'countFromS', 0, seconds, Math.min(10, Math.floor(seconds / 4))),
    channels: read
      .list(root, '', 'channels', 1, 2_000)
      .map((value, i) => channelOf(read, value, `/channels/${i}`, seconds)),
  };
  if (problems.length > 0) throw new ScenarioError(problems);
  return plan;
}

function channelOf(read: FieldReader, value: unknown, at: string, seconds: number): PlannedChannel {
  const of = read.object(value, at, ['id', 'bank', 'limits', 'forecast']);
  const bank = read.object(of['bank'], `${at}/bank`, ['perSecond', 'roundTripMs']);
  const forecast = read.object(of['forecast'], `${at}/forecast`, ['paying', 'bulk']);
  const perSecond = read.number(bank, `${at}/bank`, 'perSecond', 0.1, 1e6);
  const roundTripMs = read.number(bank, `${at}/bank`, 'roundTripMs', 1, 60_000);
  return {
    id: read.text(of, at, 'id'),
    bank: { perSecond, roundTripMs },
    limits: limitsOf(read, of['limits'], `${at}/limits`, roundTripMs),
    forecast: {
      paying: readCurve(read, forecast, `${at}/forecast`, 'paying', seconds),
      bulk: 'bulk' in forecast ? readCurve(read, forecast, `${at}/forecast`, 'bulk', seconds) : [[0, 0]],
    },
  };
}

function limitsOf(read: FieldReader, value: unknown, at: string, roundTripMs: number): PlannedChannel['limits'] {
  const of: Fields = read.object(value, at, ['ratePerSecond', 'burst', 'inFlightMax', 'longestWaitMs', 'timeoutMs']);
  const ratePerSecond = read.number(of, at, 'ratePerSecond', 0.1, 1e6);
  return {
    ratePerSecond,
    burst: read.number(of, at, 'burst', 1, 1e6, Math.max(1, Math.ceil(ratePerSecond / 10))),
    inFlightMax: read.number(of, at, 'inFlightMax', 1, 1e6),
    longestWaitMs: read.number(of, at, 'longestWaitMs', 0, 600_000, 2_000),
    timeoutMs: read.number(of, at, 'timeoutMs', 100, 120_000, Math.max(3_000, 8 * roundTripMs)),
  };
}
