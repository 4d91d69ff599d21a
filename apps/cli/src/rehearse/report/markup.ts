/** The page's building stones: text that is safe, sentences in both languages of which one is shown, tables. */
import { escapeHtml } from '#simulation';
import type { Words } from './words';

/** What is already markup. */
export interface Markup {
  readonly html: string;
}

export type Said = string | Words | Markup;

/** Text as markup; of two languages the page shows the one that is chosen. */
export function said(text: Said): string {
  if (typeof text === 'string') return escapeHtml(text);
  if ('html' in text) return text.html;
  if (text['zh-CN'] === text.en) return escapeHtml(text.en);
  return `<span lang="zh-CN">${escapeHtml(text['zh-CN'])}</span><span lang="en">${escapeHtml(text.en)}</span>`;
}

export function markup(html: string): Markup {
  return { html };
}

export function section(id: string, title: Words, content: string, note: Words | null = null): string {
  return `<section id="${id}"><h2>${said(title)}</h2>${note === null ? '' : `<p class="note">${said(note)}</p>`}${content}</section>`;
}

/** A cell with a class, such as `good`. */
export type Cell = Said | { readonly said: Said; readonly className: string };

/** The first column is text, the others are numbers unless their class says `words`. */
export function table(heads: readonly Cell[], rows: readonly (readonly Cell[])[], className = ''): string {
  const cell = (value: Cell, tag: 'th' | 'td'): string =>
    typeof value === 'object' && 'className' in value
      ? `<${tag} class="${value.className}">${said(value.said)}</${tag}>`
      : `<${tag}>${said(value)}</${tag}>`;
  const line = (row: readonly Cell[]): string =>
    `<tr>${row.map((value, place) => cell(value, place === 0 ? 'th' : 'td')).join('')}</tr>`;
  return `<div class="scroll"><table class="${className}"><thead>${line(heads)}</thead><tbody>${rows.map(line).join('\n')}</tbody></table></div>`;
}

/** The head of a column of words. */
export function wordsHead(text: Said): Cell {
  return { said: text, className: 'words' };
}

export function figure(
  title: Said,
  chart: string,
  keys: readonly (readonly [className: string, label: Words])[],
): string {
  const legend = keys.map(
    ([className, label]) =>
      `<span class="key"><svg viewBox="0 0 18 8" class="swatch" aria-hidden="true"><path class="line ${className}" d="M1 4H17"/></svg>${said(label)}</span>`,
  );
  return `<figure><figcaption>${said(title)} <span class="legend">${legend.join('')}</span></figcaption>${chart}</figure>`;
}
