/** The errors as pages: `docs/errors.md` whole, and one section of it per code under `GET /errors/{code}`. */
import { ERROR_CODES, type ErrorCode, RETIRED_ERROR_CODES, errorDefinition } from '#domain';
import { FIELD_RULES } from '../input/field-rules';

const HEAD = `# Errors

Every error is \`application/problem+json\` (RFC 9457). Switch on \`code\`; it keeps its meaning for ever. \`accepted\` says whether the
instruction in the request was taken: \`true\`, \`false\`, \`"unknown"\` (it may have been: repeat with the same \`Idempotency-Key\` to
learn) or \`null\` (the request carried none). \`retry\` says whether and when to repeat; its wait is also in \`Retry-After\`.

429 is only ever about your own quota, 503 about our capacity or a bank's. A bank's decline is no error: it is in the payment.

This page is made by \`npm run openapi\` from \`libs/domain/src/error-codes.ts\` and \`libs/contracts/src/input/field-rules.ts\`.
`;

/** The text of docs/errors.md. */
export function errorsPage(): string {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  const byStatus = [...codes].sort((a, b) => errorDefinition(a).status - errorDefinition(b).status);
  const overview = byStatus.map((code) => {
    const { status, accepted, message } = errorDefinition(code);
    return `| ${status} | [\`${code}\`](#${code}) | ${accepted} | ${message.en} |`;
  });
  const fields = Object.entries(FIELD_RULES).map(
    ([code, words]) => `| \`${code}\` | ${words['zh-CN']} | ${words.en} |`,
  );
  const retired =
    RETIRED_ERROR_CODES.length === 0 ? 'None.' : RETIRED_ERROR_CODES.map((code) => `\`${code}\``).join(', ');
  return [
    HEAD,
    '| status | code | accepted | what to do |\n|---|---|---|---|',
    `${overview.join('\n')}\n`,
    ...byStatus.map((code) => errorSection(code)),
    '## Codes of fields\n\nIn `errors[].code`, beside the JSON Pointer of the field.\n',
    `| code | zh-CN | en |\n|---|---|---|\n${fields.join('\n')}\n`,
    `## Retired codes\n\n${retired} A retired code is never given another meaning.\n`,
  ].join('\n');
}

/** One code, for people. */
export function errorSection(code: ErrorCode): string {
  const { status, title, accepted, retry, message } = errorDefinition(code);
  const again = retry
    ? `yes, with ${retry.same_key ? 'the same key' : 'a new key'}, after ${retry.after_ms} ms or up to half as long again`
    : 'changes nothing: correct the request';
  return [
    `### ${code}`,
    '',
    `${title}. HTTP ${status}.`,
    '',
    `- accepted: \`${accepted}\``,
    `- repeating: ${again}`,
    `- en: ${message.en}`,
    `- zh-CN: ${message['zh-CN']}`,
    '',
  ].join('\n');
}

/** Is this one of our codes? */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
