/** The reference as one plain page: no script, no font, nothing from elsewhere, since bank networks are closed. */
import { OPERATIONS, type OperationDescription } from '#contracts';

type Json = Readonly<Record<string, unknown>>;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{background:#f4f5f7;padding:.75rem;overflow:auto;border-radius:6px}
h2{margin-top:2.5rem;border-top:1px solid #d8dce1;padding-top:1.5rem}.method{font-weight:700}table{border-collapse:collapse}
td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}
@media(prefers-color-scheme:dark){body{background:#14171b;color:#dfe3e8}pre{background:#20252b}h2{border-color:#333a42}a{color:#8ab4f8}}`;

/** @param document openapi.json; its operations give the examples */
export function referencePage(document: Json): string {
  const paths = document.paths as Record<string, Record<string, Json>>;
  const list = OPERATIONS.map(
    ({ id, method, path, summary }) =>
      `<li><a href="#${id}"><code>${method.toUpperCase()} ${escaped(path)}</code></a> ${escaped(summary)}</li>`,
  );
  const sections = OPERATIONS.map((operation) => section(operation, paths[operation.path]?.[operation.method] ?? {}));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sluice reference</title><style>${STYLE}</style></head><body><h1>Sluice</h1>
<p>The same as <a href="/openapi.json">openapi.json</a>, for people.</p><ul>${list.join('')}</ul>${sections.join('')}</body></html>`;
}

function section(
  { id, method, path, summary, description, parameters = [] }: OperationDescription,
  object: Json,
): string {
  const rows = parameters.map(
    ({ name, in: place, description: words, required }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${escaped(words)}</td></tr>`,
  );
  const body = (object.requestBody as Json | undefined)?.content;
  const responses = Object.entries((object.responses ?? {}) as Record<string, Json>);
  return `<h2 id="${id}"><span class="method">${method.toUpperCase()}</span> <code>${escaped(path)}</code></h2>
<p><strong>${escaped(summary)}.</strong> ${escaped(description)}</p>${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${body ? `<h3>Body</h3>${examplesOf(body as Json)}` : ''}${responses
    .map(
      ([status, answer]) =>
        `<details${status.startsWith('2') ? ' open' : ''}><summary>${status} ${escaped(String(answer.description).split('\n', 1)[0]!)}</summary>${
          answer.content ? examplesOf(answer.content as Json) : ''
        }</details>`,
    )
    .join('')}`;
}

function examplesOf(content: Json): string {
  return Object.entries(content as Record<string, { examples?: Record<string, { value: unknown }> }>)
    .flatMap(([as, { examples }]) =>
      Object.entries(examples ?? {}).map(([name, { value }]) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
        return `<p>${escaped(name)} <code>${escaped(as)}</code></p><pre>${escaped(text)}</pre>`;
      }),
    )
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
