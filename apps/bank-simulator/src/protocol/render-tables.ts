/**
 * The protocol's tables as Markdown: what stands between the markers of `docs/bank-protocol.md`.
 * The page is for people and the tables are data; rendering them here lets a test hold both equal.
 */
import { BEHAVIOURS } from '#simulation';
import { CODES, WORDS } from './words';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Marker name → Markdown table. */
export const RENDERED_TABLES: Readonly<Record<'words' | 'codes' | 'instruments', string>> = {
  words: table(
    ['result', 'status', 'final', 'charged', 'meaning'],
    WORDS.map((w) => [`\`${w.word}\``, String(w.status), w.final, w.charged, w.meaning]),
  ),
  codes: table(
    ['code', 'with', 'kind', 'message', 'message_zh'],
    CODES.map((c) => [`\`${c.code}\``, c.words.join(', '), c.kind, c.message, c.messageZh]),
  ),
  instruments: table(
    ['behaviour', 'books', 'answer of pay', 'on gateway', 'inquiry afterwards'],
    BEHAVIOURS.map((b) => [`\`${b.name}\``, b.books, b.answer, b.onGateway, b.inquiry]),
  ),
};

const between = (name: string): RegExp => new RegExp(`(<!-- ${name}:begin -->)[\\s\\S]*?(<!-- ${name}:end -->)`);

/** The page with every table between its markers replaced by the current data. */
export function withRenderedTables(page: string): string {
  return Object.entries(RENDERED_TABLES).reduce(
    (text, [name, markdown]) =>
      text.replace(between(name), (_all, begin: string, end: string) => `${begin}\n${markdown}\n${end}`),
    page,
  );
}
