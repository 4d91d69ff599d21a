/** When was each phase of a crowd, as it really was? By its first payments, and its length. */
import type { PayerOutcome } from './client-outcomes';
import type { CongestionStage } from './stage';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PhaseSpan extends Span {
  readonly name: string;
}

/** In their order; a phase in which nobody came is left out. */
export function phasesOf(stage: CongestionStage, outcomes: readonly PayerOutcome[], channel: string): PhaseSpan[] {
  const crowd = stage.crowds.find((one) => one.channel === channel);
  const mine = outcomes.filter((outcome) => outcome.channel === channel);
  return (crowd?.phases ?? []).flatMap(({ name, seconds }) => {
    const fromMs = mine.reduce(
      (least, { phase, postedMs }) => (phase === name ? Math.min(least, postedMs) : least),
      Infinity,
    );
    return fromMs === Infinity ? [] : [{ name, fromMs, toMs: fromMs + seconds * 1_000 }];
  });
}

/** Everything from the first payment to the end of the last phase. */
export function loadSpan(stage: CongestionStage, outcomes: readonly PayerOutcome[]): Span {
  const spans = stage.crowds.flatMap(({ channel }) => phasesOf(stage, outcomes, channel));
  return {
    fromMs: spans.reduce((least, { fromMs }) => Math.min(least, fromMs), Infinity),
    toMs: spans.reduce((most, { toMs }) => Math.max(most, toMs), 0),
  };
}
