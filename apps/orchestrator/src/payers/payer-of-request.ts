/** The payer in the path, and a list of stored instruments as an answer. */
import { isPayerId } from '#contracts';
import type { StoreAnswer, StoredInstrument } from '#dispatch';
import type { HttpRequest } from '../http/exchange';
import { ProblemError } from '../http/problem-error';

/** @throws ProblemError `not_found`: nobody has such an id */
export function payerOf({ params }: HttpRequest): string {
  const { id = '' } = params;
  if (!isPayerId(id)) throw new ProblemError({ code: 'not_found' });
  return id;
}

/** @param pointerOf where in the body the n-th token stands. @throws ProblemError `instrument_unknown` · `payer_instruments_full` */
export function storedOr(answer: StoreAnswer, pointerOf: (position: number) => string): readonly StoredInstrument[] {
  switch (answer.kind) {
    case 'stored':
      return answer.instruments;
    case 'unknown':
      throw ProblemError.about('instrument_unknown', [
        { pointer: pointerOf(answer.position), code: 'instrument_unknown' },
      ]);
    case 'full':
      throw new ProblemError({ code: 'payer_instruments_full' });
  }
}
