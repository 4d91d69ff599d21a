/**
 * Which of a payer's instruments should a payment take, or take next?
 *
 * Only those that can take it at all: channel open, currency and amount within the contract, not tried before. Among them the one
 * with the best success rate of the last minutes; where several are as good, the cheapest; then the payer's own order. A decline for
 * lack of funds is a working bank and no evidence (money rule 11), so rates are over channel faults only.
 *
 * A rate over few answers says little: each channel starts with a belief of 20 answers at 97 % (Beta prior), so a channel that has
 * answered twice is neither perfect nor dead.
 */
import type { ChannelId, InstrumentToken, Reason } from '#domain';

export interface RouteCandidate {
  readonly token: InstrumentToken;
  readonly channelId: ChannelId;
  /** What admission says about this payment on this channel. */
  readonly admitted: boolean;
  readonly tried: boolean;
  /** Answers of the last minutes, and how many of them were the bank at work: charged, or a clear no for the payer's reasons. */
  readonly answers: number;
  readonly worked: number;
  /** The channel's fee, hundredths of a per cent of the amount. */
  readonly feeBasisPoints: number;
}

export interface Route {
  readonly token: InstrumentToken;
  readonly channelId: ChannelId;
  /** Why this one, as data: stored with the payment. */
  readonly reason: Reason;
}

/** What is believed of a channel before it has answered: 97 % over 20 answers. */
const PRIOR_ANSWERS = 20;
const PRIOR_RATE = 0.97;

/** Rates nearer than this are equal: the standard error of 97 % over 300 answers is one point. */
const RATE_EQUAL_WITHIN = 0.01;

/** @param candidates in the payer's order. @returns null where nothing can take the payment */
export function chooseRoute(candidates: readonly RouteCandidate[]): Route | null {
  const open = candidates.filter(({ admitted, tried }) => admitted && !tried);
  if (open.length === 0) return null;
  const best = Math.max(...open.map(successRate));
  const good = open.filter((candidate) => best - successRate(candidate) <= RATE_EQUAL_WITHIN);
  const cheapest = Math.min(...good.map(({ feeBasisPoints }) => feeBasisPoints));
  const chosen = good.find(({ feeBasisPoints }) => feeBasisPoints === cheapest)!;
  return {
    token: chosen.token,
    channelId: chosen.channelId,
    reason: {
      code: 'routed',
      channel: chosen.channelId,
      success_rate: Math.round(successRate(chosen) * 1_000) / 1_000,
      answers: chosen.answers,
      fee_basis_points: chosen.feeBasisPoints,
      considered: candidates.length,
      eligible: open.length,
    },
  };
}

/** Success rate of the last minutes, pulled towards the prior while answers are few. */
export function successRate({ answers, worked }: Pick<RouteCandidate, 'answers' | 'worked'>): number {
  return (worked + PRIOR_RATE * PRIOR_ANSWERS) / (answers + PRIOR_ANSWERS);
}
