/** What do the decisions cost by themselves? Functions of the product's policy on the facts of a busy site; no socket, no clock inside. */
import { loadavg } from 'node:os';
import type { PayerWay } from '../../libs/policy/src/index.ts';
import type { Report } from '../bench-run.ts';
import type { Options } from '../options.ts';
import { type Figure, type Measured, atLeast, atMost, described } from '../outcome.ts';
import { policy, simulation } from '../product-libs.ts';
import { median, spreadOf } from '../statistics.ts';
import { goalsOf } from '../table.ts';
import { BusySite } from './busy-site.ts';
import { timeCalls, timeOnce } from './time-calls.ts';

/** Ticks until limiters and forecasts have found their size: 20 s of a site. */
const WARM_TICKS = 100;
/** Between two payments at one of two doors at 4,000/s, ms. */
const BETWEEN_ASKS_MS = 0.5;
/** A payer's instruments: more than most have, fewer than the API takes. */
const WAYS = 8;
/** One bank with what it congests like, for the limiter: calls of one tick at 500/s. */
const LIMITER_CALLS = 100;
const DECISION_US_MAX = 20;
const PLANNER_MIN = 1_000_000;

export async function decisions(options: Options, _folder: string, report: Report): Promise<Measured> {
  const spreads: Record<string, unknown> = {};
  const figures: Figure[] = [];
  const take = (name: string, micros: number[], most: number | null): void => {
    spreads[name] = spreadOf(micros);
    figures.push(most === null ? described(name, median(micros), 'us') : atMost(name, median(micros), most, 'us'));
  };
  for (const channels of options.channels) {
    await report.step(`${channels} channels`, () => {
      const site = new BusySite(channels, simulation().seededRandom(options.seed, `site of ${channels}`));
      for (let tick = 0; tick < WARM_TICKS; tick += 1) site.tick();
      const { input, state } = site.tick();
      const { stepSite } = policy();
      take(`decision_us_${channels}_channels`, timeCalls(options.seconds, doorOf(site)), DECISION_US_MAX);
      take(
        `decision_with_ranking_us_${channels}_channels`,
        timeCalls(options.seconds, rankingOf(site)),
        DECISION_US_MAX,
      );
      take(
        `controller_step_us_${channels}_channels`,
        timeCalls(options.seconds, () => stepSite(state, input, () => 0.5)),
        null,
      );
    });
  }
  await report.step('limiter', () => take('limiter_step_us', timeCalls(options.seconds, limiterStep()), null));
  await report.step('simulator', () => {
    const { BUILT_IN_SCENARIOS, playScenario, SLUICE } = simulation();
    const steady = BUILT_IN_SCENARIOS.find(({ name }) => name === 'steady')!;
    const { result, seconds } = timeOnce(() =>
      playScenario(steady, SLUICE, { seed: options.seed, load: steady.loads[0]! }),
    );
    figures.push(described('simulator_events_per_second', result.deeds / seconds, 'events/s'));
  });
  await report.step('planner', () => {
    const { doubleEleven, runPlan } = simulation();
    const { result, seconds } = timeOnce(() => runPlan(doubleEleven(options.seed)));
    figures.push(atLeast('planner_payments_per_second', result.offered / seconds, PLANNER_MIN, 'payments/s'));
  });
  const detail = { counted: 'processor time of one thread', spreads, load_average_at_end: loadavg() };
  return { findings: { figures, violations: [], detail }, table: goalsOf({ figures, violations: [] }) };
}

/** A payment asks to come in. */
function doorOf(site: BusySite): () => unknown {
  const { decideAtDoor } = policy();
  const door = site.doors[0]!;
  const asks = site.channelIds.map((channelId) => site.ask(channelId));
  let { nowMs } = site;
  let at = 0;
  return () => decideAtDoor(door, asks[(at = (at + 1) % asks.length)]!, (nowMs += BETWEEN_ASKS_MS));
}

/** A payment asks to come in, and its payer's other instruments are ranked: what a payment that is turned away costs. */
function rankingOf(site: BusySite): () => unknown {
  const { forecastAtDoor, rankSuggestions, Reservations } = policy();
  const decide = doorOf(site);
  const door = site.doors[0]!;
  const { channelIds, nowMs } = site;
  const reservations = new Reservations();
  let first = 0;
  return () => {
    decide();
    first = (first + 1) % channelIds.length;
    const ways = Array.from({ length: Math.min(WAYS, channelIds.length) }, (_, at): PayerWay => {
      const channelId = channelIds[(first + at) % channelIds.length]!;
      return {
        token: `tok_${at}` as PayerWay['token'],
        ...{ channelId, bankId: channelId, product: 'quickpay', admitted: true, tried: false },
        flow: door.channels[channelId]?.flow ?? null,
        wait: forecastAtDoor(door, channelId, nowMs),
        free: reservations.freeOn(channelId, 100, nowMs),
      };
    });
    const question = { ways, chosen: ways[0]!.token, patienceMs: 2_000, lifetimeMs: 900_000 };
    return rankSuggestions({ ...question, mayWait: false, unknownOpen: false }, () => 0.5);
  };
}

/** One step of the limiter, on the calls of one tick of a busy bank. */
function limiterStep(): () => unknown {
  const { createLimiter, FLOW_TICK_MS, stepLimiter } = policy();
  let state = createLimiter({ initial: 50, nowMs: 0 });
  let nowMs = 0;
  return () => {
    nowMs += FLOW_TICK_MS;
    const ended = Array.from({ length: LIMITER_CALLS }, (_, at) => {
      const endedMs = nowMs - FLOW_TICK_MS + (at * FLOW_TICK_MS) / LIMITER_CALLS;
      return { startedMs: endedMs - 100 - (at % 20), endedMs, class: 'worked' as const };
    });
    const underWaySinceMs = Array.from({ length: LIMITER_CALLS / 2 }, (_, at) => nowMs - 100 + at * 2);
    state = stepLimiter(
      state,
      { nowMs, ceiling: 500, started: LIMITER_CALLS, ended, underWaySinceMs },
      () => 0.5,
    ).state;
    return state;
  };
}
