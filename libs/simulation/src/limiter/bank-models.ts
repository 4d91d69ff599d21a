// Which banks is a limiter judged on? Drawn at random from documented ranges, and a few with names, for trials about
// one trait. One set of the limiter's constants has to do for all of them.
import { type BankCapacityConfig, DEGRADATIONS, trueCapacityPerSecond } from '../bank-capacity-config';
import { parseCapacityConfig } from '../parse-capacity-config';
import { type Random, seededRandom } from '../prng';

export interface BankModel {
  readonly name: string;
  readonly bank: BankCapacityConfig;
}

type Shape = { slots: number; meanMs: number; sigma?: number } & Partial<Omit<BankCapacityConfig, 'service' | 'slots'>>;

/** A bank with a long queue, a quick line and no vices, but for what is said otherwise. */
export function bankModel(name: string, { slots, meanMs, sigma = 0.3, ...rest }: Shape): BankModel {
  const queueLimit = rest.queueLimit ?? Math.ceil(((slots * 1000) / meanMs) * QUEUE_S);
  const bank = parseCapacityConfig({
    slots,
    service: { shape: 'lognormal', meanMs, sigma },
    answerDelayMs: 5,
    discipline: 'fifo',
    queueLimit,
    busyFromQueue: queueLimit,
    busyAnswerMs: 15,
    degradation: DEGRADATIONS.none,
    collapse: null,
    rateCap: null,
    pauses: null,
    ...rest,
  });
  return { name, bank };
}

/** A queue that hides overload for this long, s: longer than any deadline is worth nothing to a bank. */
const QUEUE_S = 10;

/** The bank most trials are about: 800 answers a second at a quarter of a second. */
export const BASE_BANK = bankModel('base', { slots: 200, meanMs: 250 });

/** Traits one by one, for trials about a trait; the set on which section 6 of the search was made, in our own capacity model. */
export const NAMED_MODELS: readonly BankModel[] = [
  BASE_BANK,
  bankModel('quick', { slots: 500, meanMs: 50 }),
  bankModel('small', { slots: 20, meanMs: 500 }),
  bankModel('tiny', { slots: 5, meanMs: 1000 }),
  bankModel('slow', { slots: 50, meanMs: 2000 }),
  bankModel('wide spread', { slots: 200, meanMs: 250, sigma: 1 }),
  bankModel('sharing', { slots: 100, meanMs: 500, discipline: 'processor_sharing' }),
  bankModel('sags', { slots: 200, meanMs: 250, degradation: DEGRADATIONS.mild }),
  bankModel('degrades hard', { slots: 200, meanMs: 250, degradation: DEGRADATIONS.hard }),
  bankModel('busy without queue', { slots: 200, meanMs: 250, queueLimit: 0 }),
  bankModel('busy after a short queue', { slots: 100, meanMs: 150, queueLimit: 20, busyFromQueue: 5 }),
  bankModel('hidden rate', { slots: 200, meanMs: 250, rateCap: { perSecond: 400, burst: 20, beyond: 'busy' } }),
  bankModel('paced', { slots: 200, meanMs: 250, rateCap: { perSecond: 400, burst: 20, beyond: 'wait' } }),
  bankModel('pauses', { slots: 200, meanMs: 250, pauses: { everyMs: 10_000, forMs: 500, firstAtMs: 4_000 } }),
  bankModel('far away', { slots: 60, meanMs: 100, answerDelayMs: 100 }),
];

// The ranges of drawn banks. Slots and mean span what is known of card hosts and net-banking pages; shares of traits
// are guesses that make each one frequent enough to be seen with ten seeds.
const SLOTS = [5, 500] as const;
const MEAN_MS = [50, 2_000] as const;
const SIGMA = [0.2, 1] as const;
const LINE_MS = [2, 50] as const;

const TRAITS: readonly { readonly share: number; readonly of: (shape: Shape, random: Random) => Partial<Shape> }[] = [
  { share: 0.36, of: () => ({}) },
  { share: 0.1, of: () => ({ discipline: 'processor_sharing' }) },
  { share: 0.12, of: () => ({ degradation: DEGRADATIONS.mild }) },
  { share: 0.1, of: () => ({ degradation: DEGRADATIONS.hard }) },
  {
    share: 0.12,
    of: ({ slots }, random) => {
      const queueLimit = Math.round(slots * 0.5 * random());
      return { queueLimit, busyFromQueue: Math.round(queueLimit * random()) };
    },
  },
  {
    share: 0.1,
    // A bucket of a tenth of a second, five at least: less would need senders that are paced to the millisecond.
    of: ({ slots, meanMs }, random) => {
      const perSecond = ((slots * 1000) / meanMs) * between(random, 0.4, 0.9);
      const beyond = random() < 0.5 ? 'busy' : 'wait';
      return { rateCap: { perSecond, burst: Math.max(5, Math.round(perSecond * 0.1)), beyond } };
    },
  },
  {
    share: 0.1,
    of: (_, random) => {
      const everyMs = Math.round(between(random, 5_000, 20_000));
      return { pauses: { everyMs, forMs: Math.round(between(random, 100, 500)), firstAtMs: 3_000 } };
    },
  },
];

/** Models of one seed: `count` banks drawn from the ranges. */
export function drawBankModels(seed: number, count: number): BankModel[] {
  const random = seededRandom(seed, 'bank models');
  return Array.from({ length: count }, (_, index) => {
    const shape: Shape = {
      slots: Math.round(logBetween(random, ...SLOTS)),
      meanMs: Math.round(logBetween(random, ...MEAN_MS)),
      sigma: between(random, ...SIGMA),
      answerDelayMs: Math.round(logBetween(random, ...LINE_MS)),
    };
    let left = random();
    const trait = TRAITS.find(({ share }) => (left -= share) < 0) ?? TRAITS[0]!;
    return bankModel(`drawn ${seed}.${index}`, { ...shape, ...trait.of(shape, random) });
  });
}

/** Banks on which the goals in seconds and the worst seed are judged: quick, and with answers enough to learn from. */
export function isJudged({ bank }: BankModel): boolean {
  return roundTripMs(bank) <= 500 && trueCapacityPerSecond(bank) >= 100;
}

/** No limiter holds the knee of these to 3.5 %, which is what 95 % would need; 90 % is asked instead. */
export function degradesHard({ bank }: BankModel): boolean {
  return bank.degradation.slope >= DEGRADATIONS.hard.slope;
}

/** Mean round trip of an idle bank, ms. */
export function roundTripMs(bank: BankCapacityConfig): number {
  return bank.service.meanMs + bank.answerDelayMs;
}

function between(random: Random, least: number, most: number): number {
  return least + (most - least) * random();
}

function logBetween(random: Random, least: number, most: number): number {
  return least * (most / least) ** random();
}
