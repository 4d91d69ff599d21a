// Tables of the report, and how its numbers are written.
import { escapeHtml } from '../line-chart';

type Cell = string | { readonly text: string; readonly bad: boolean };

export function dataTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell, place: number): string => {
    const { text, bad } = typeof value === 'string' ? { text: value, bad: false } : value;
    const tag = place === 0 ? 'th' : 'td';
    return `<${tag}${bad ? ' class="bad"' : ''}>${escapeHtml(text)}</${tag}>`;
  };
  const line = (cells: readonly Cell[]): string => `<tr>${cells.map(cell).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${line(head)}</thead><tbody>${rows.map(line).join('\n')}</tbody></table></div>`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Four digits, or a dash where nothing is known. */
export function short(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}
