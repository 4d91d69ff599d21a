/**
 * Rehearsals of congestion: `load-tests/stages/<scenario>.json` says how small the banks are made, who comes when, and what happens
 * meanwhile; a profile says how large that is on a machine. The banks and limits are put back as they were found, whatever happens.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProduct } from '../running-product';
import {
  paymentsOf,
  type PlannedStage,
  planStage,
  type StageData,
  targetPerSecond,
  type WrittenStage,
} from './plan-stage';
import { LOAD_TESTS, type Profile } from './profile';

/** A stage as it is played. */
export type CongestionStage = PlannedStage;

/** @returns null for a scenario that leaves the banks as they are */
export function readStage(scenario: string, profileName: string, profile: Profile): CongestionStage | null {
  const file = join(LOAD_TESTS, 'stages', `${scenario}.json`);
  if (!existsSync(file)) return null;
  return planStage(JSON.parse(readFileSync(file, 'utf8')) as WrittenStage, profileName, profile.stages, DATA);
}

interface Sourced {
  readonly share: number;
}
interface CardMix {
  readonly banks: Readonly<Record<string, Sourced>>;
  readonly products: Readonly<Record<string, Sourced>>;
}
type Curves = Readonly<Record<string, readonly { readonly name: string; readonly rate: readonly [number, number] }[]>>;

/** `load-tests/data`, where a source stands beside each number. */
const DATA: StageData = {
  cards: (name) => {
    const { banks, products } = dataOf(name) as CardMix;
    return Object.fromEntries(
      Object.entries(products).flatMap(([product, { share }]) =>
        product === 'wallet'
          ? [['wallet.balance', share] as const]
          : Object.entries(banks).map(
              ([bank, { share: ofBanks }]) => [`${bank}.${product}`, (share * ofBanks) / 100] as const,
            ),
      ),
    );
  },
  curve: (name) => {
    const curve = (dataOf('curves') as Curves)[name];
    if (curve === undefined) throw new Error(`load-tests/data/curves.json has no curve ${name}.`);
    return curve;
  },
};

function dataOf(name: string): unknown {
  return JSON.parse(readFileSync(join(LOAD_TESTS, 'data', `${name}.json`), 'utf8'));
}

/** The stage's load in the words of a profile. */
export function profileOfStage(stage: CongestionStage, profile: Profile): Profile {
  return {
    ...profile,
    payments: paymentsOf(stage.crowds),
    rate_per_second: Math.round(Math.max(...targetPerSecond(stage.crowds))),
    payers_ready: stage.crowds.reduce((sum, crowd) => sum + crowd.payers_ready, 0),
    payers_max: stage.crowds.reduce((sum, crowd) => sum + crowd.payers_max, 0),
    // Orders expire long before; then the bank may still be asked.
    follow_seconds: 30,
  };
}

const ANSWER_WITHIN_MS = 5_000;

/** One call with a JSON body. @throws with what was answered unless it is 2xx */
export async function call(
  method: string,
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly value: unknown; readonly etag: string | null }> {
  const answer = await fetch(url, {
    method,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} was answered ${answer.status}: ${text.slice(0, 500)}`);
  return { value: text === '' ? null : JSON.parse(text), etag: answer.headers.get('etag') };
}

interface LimitsSeen {
  readonly in_force: { readonly limits: Readonly<Record<string, number>> };
}

/** Of `values` those that `names` has. */
function only(
  values: Readonly<Record<string, number>>,
  names: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in names));
}

/** What an operator's change came to. */
export interface LimitChange {
  /** From the request to the answer, which waits for the workers, ms. */
  readonly answeredMs: number;
  readonly workersActing: number | null;
  readonly workers: number | null;
}

/** Changes some limits of a channel as an operator does: looks first, then names the version it saw. */
export async function changeLimits(
  { urls, keys }: RunningProduct,
  channel: string,
  limits: Readonly<Record<string, number>>,
): Promise<LimitChange & { readonly before: Readonly<Record<string, number>> }> {
  const url = `${urls.api}/v1/admin/channels/${channel}/limits`;
  const headers = { Authorization: `Bearer ${keys.operator.api_key}` };
  const seen = await call('GET', url, undefined, headers);
  const found = (seen.value as LimitsSeen).in_force.limits;
  const begun = performance.now();
  const body = { limits, reason: 'a rehearsal of congestion' };
  const { value } = await call('PATCH', url, body, { ...headers, 'If-Match': seen.etag ?? '' });
  const { acknowledged } = value as {
    acknowledged: { workers_acting: number | null; workers: number | null };
  };
  return {
    answeredMs: Math.round(performance.now() - begun),
    workersActing: acknowledged.workers_acting,
    workers: acknowledged.workers,
    before: only(found, limits),
  };
}

/** Makes the banks small and the limits narrow. @returns what puts everything back */
export async function scaleDown(stage: CongestionStage, product: RunningProduct): Promise<() => Promise<void>> {
  const bank = product.urls.bank_simulator;
  const back: (() => Promise<unknown>)[] = [];
  const restore = async (): Promise<void> => {
    await call('DELETE', `${bank}/control/timeline`);
    for (const step of back) await step();
  };
  try {
    for (const [channel, capacity] of Object.entries(stage.banks)) {
      const url = `${bank}/control/channels/${channel}`;
      const { settings } = (await call('GET', url)).value as { settings: unknown };
      back.push(() => call('PUT', url, settings));
      await call('PATCH', url, { capacity });
    }
    for (const [channel, limits] of Object.entries(stage.limits)) {
      const { before } = await changeLimits(product, channel, limits);
      back.push(() => changeLimits(product, channel, before));
    }
    const change = stage.limit_change;
    if (change !== null) {
      const url = `${product.urls.api}/v1/admin/channels/${change.channel}/limits`;
      const headers = { Authorization: `Bearer ${product.keys.operator.api_key}` };
      const seen = (await call('GET', url, undefined, headers)).value as LimitsSeen;
      const before = only(seen.in_force.limits, change.limits);
      back.push(() => changeLimits(product, change.channel, before));
    }
    return restore;
  } catch (error) {
    await restore();
    throw error;
  }
}
