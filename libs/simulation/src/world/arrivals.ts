// Who comes, and when? Poisson streams whose rates follow the scenario's curves. Every chance of a payer is drawn at its coming, from the
// stream's own source, so that two controls under one seed meet the same people.
import type { Random } from '../prng';
import { curveAt } from '../scenarios/curve';
import type { DemandStream, PayerHabits } from '../scenarios/scenario';
import type { Agenda } from './agenda';
import type { Payer } from './payment';

/** The rate is held constant over so long: a tenth of the shortest thing a curve shows. */
const SLICE_S = 0.1;

export interface ArrivalPlan {
  readonly stream: DemandStream;
  readonly home: number;
  readonly others: readonly { readonly channel: number; readonly share: number }[];
  readonly load: number;
  readonly endS: number;
}

/** Lets the payers of one stream come until the end. @param nextId a fresh number for each payer */
export function startArrivals(
  agenda: Agenda,
  plan: ArrivalPlan,
  habits: PayerHabits,
  random: Random,
  nextId: () => number,
  comes: (payer: Payer) => void,
): void {
  const { stream, load, endS } = plan;
  const rateAt = (atS: number): number => curveAt(stream.curve, atS) * stream.unitPerSecond * load;
  const comeAfter = (fromS: number): void => {
    const atS = nextArrivalS(fromS, endS, rateAt, random);
    if (atS === null) return;
    agenda.at(atS * 1_000, () => {
      comes(drawPayer(plan, habits, random, nextId(), agenda.nowMs));
      comeAfter(atS);
    });
  };
  comeAfter(0);
}

/** The first arrival after a moment; `null`: none before the end. Every turn of the loop passes a slice, so it ends. */
function nextArrivalS(fromS: number, endS: number, rateAt: (atS: number) => number, random: Random): number | null {
  let toSpend = -Math.log(1 - random());
  let atS = fromS;
  while (atS < endS) {
    const sliceEndS = (Math.floor(atS / SLICE_S + 1e-9) + 1) * SLICE_S;
    const rate = rateAt((atS + sliceEndS) / 2);
    const inSlice = rate * (sliceEndS - atS);
    if (inSlice >= toSpend) return atS + toSpend / rate;
    toSpend -= inSlice;
    atS = sliceEndS;
  }
  return null;
}

function drawPayer(plan: ArrivalPlan, habits: PayerHabits, random: Random, id: number, nowMs: number): Payer {
  const between = ([from, to]: readonly [number, number]): number => from + (to - from) * random();
  let retries = 0;
  for (let i = 0; i < habits.retriesMax; i += 1) if (random() < habits.retryShare) retries += retries === i ? 1 : 0;
  return {
    id,
    cameMs: nowMs,
    home: plan.home,
    tier: plan.stream.tier,
    merchant: plan.stream.merchant,
    others: plan.others.filter(({ share }) => random() < share).map(({ channel }) => channel),
    follows: random() < habits.followShare,
    answerMs: between(habits.answerMs),
    retriesLeft: retries,
    retryAfterMs: between(habits.retryAfterMs),
    moves: 0,
    moveFailed: false,
  };
}
