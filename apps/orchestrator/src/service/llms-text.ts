/** The API in one page of plain text (llmstxt.org). */
import { OPERATIONS } from '#contracts';

export function llmsText(): string {
  const lines = OPERATIONS.map(({ method, path, summary, description }) => {
    return `- ${method.toUpperCase()} ${path}: ${summary}. ${description}`;
  });
  return `# Sluice

> A bank-channel payment router with backpressure: post a payment instruction, learn its fate, never be charged twice.

Authenticate with \`Authorization: Bearer <api key>\`. Amounts are JSON integers of minor units (19900 is 199.00 CNY). Every POST of a
payment needs an \`Idempotency-Key\`; after any doubt repeat with the same key and body. Instruments are tokens; card numbers are
refused. Errors are application/problem+json: switch on \`code\`, obey \`accepted\` and \`retry\`. Status \`unknown\` never means failed.

## Operations

${lines.join('\n')}

## Documents

- [OpenAPI 3.1](/openapi.json)
- [Reference](/reference)
- Each error: /errors/{code}
`;
}
