/** The body of a request as strict JSON, or the error that says why not. Nothing of it is believed before. */
import { isUtf8 } from 'node:buffer';
import { type JsonFault, findCardNumber, readStrictJson } from '#contracts';
import { holdsCardNumber } from '#domain';
import type { HttpRequest } from './exchange';
import { ProblemError } from './problem-error';

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;
const NOTHING = Buffer.alloc(0);

/** @throws ProblemError */
export function readJson({ headers, body }: HttpRequest): Readonly<Record<string, unknown>> {
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) throw new ProblemError({ code: 'unsupported_media_type' });
  const bytes = body ?? NOTHING;
  if (!isUtf8(bytes)) throw malformed('not_utf8', '');
  const json = readStrictJson(bytes.toString('utf8'));
  switch (json.kind) {
    case 'malformed':
      throw malformed(json.fault, json.pointer);
    case 'odd_number':
      throw ProblemError.about('parameter_invalid', [{ pointer: speakable(json.pointer), code: 'plain_integer' }]);
    case 'read': {
      const pointer = findCardNumber(json.value, json.scan);
      if (pointer !== null) throw ProblemError.about('card_number_forbidden', [{ pointer, code: 'card_number' }]);
      return json.value;
    }
  }
}

function malformed(fault: JsonFault, pointer: string): ProblemError {
  return ProblemError.about('malformed_json', [{ pointer: speakable(pointer), code: fault }]);
}

/** A pointer is made of the caller's keys: it is not repeated where one of them is a card number. */
function speakable(pointer: string): string {
  return holdsCardNumber(pointer) ? '' : pointer;
}
