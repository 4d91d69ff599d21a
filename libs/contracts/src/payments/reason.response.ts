/** Why something is as it is: a code to switch on, a sentence to read, and the facts it was decided from. */
import { ApiProperty } from '@nestjs/swagger';
import type { Reason } from '#domain';
import { MessageResponse } from './message.response';
import { reasonWords } from './reason-words';

/** The code's own facts stand beside it. */
export class ReasonResponse {
  @ApiProperty({ type: 'string', example: 'declined' })
  code: string;

  @ApiProperty({ type: () => MessageResponse })
  message: MessageResponse;

  readonly [fact: string]: unknown;
}

/** Facts in the order of their names: a reason that was stored as JSON reads like one that was not. */
export function renderReason({ code, ...facts }: Reason): ReasonResponse {
  const sorted = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
  return { code, message: reasonWords(code), ...Object.fromEntries(sorted) };
}
