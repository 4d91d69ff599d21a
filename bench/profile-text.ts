/** A CPU profile as text: where a process spent its time itself, by function, so that it can be committed and compared. */
import { readFileSync } from 'node:fs';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** @returns lines of share of busy time, function and place, the largest first */
export function profileText(file: string, rows: number): string {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile;
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const spent = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, at) => {
    const place = places.get(id) ?? '?';
    if (place.startsWith('(idle)') || place.startsWith('(root)')) return;
    const micros = timeDeltas[at + 1] ?? 0;
    busy += micros;
    spent.set(place, (spent.get(place) ?? 0) + micros);
  });
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, rows)
    .map(([place, micros]) => `${((100 * micros) / busy).toFixed(1).padStart(5)} %  ${place}`)
    .join('\n');
}

function placeOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const short = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/(dist\/)/, '$1');
  return short === '' ? name : `${name}  ${short}:${lineNumber + 1}`;
}
